use stackgen_resources::typed::{int, literal};

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Function, HostedZone, Method, Runtime};
use crate::core::{hours, seconds};

fn handler() -> Function {
    Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}").timeout(seconds::<29>())
}

#[test]
fn an_api_with_everything_said() {
    insta::assert_snapshot!(template_of(|stack| {
        let read = stack.add("Read", handler());
        let write = stack.add("Write", handler());
        let zone = HostedZone::from_id(literal("Z0123456789ABCDEFGHIJ"), "example.org");
        let cors =
            Cors::origin("https://example.org").methods([Method::Get]).headers(["x-token"]).max_age(hours::<1>());
        let api = stack.add(
            "Api",
            HttpApi::new()
                .route(RouteKey::new("GET /data"), &read)
                .route(RouteKey::new("GET /buses/live/{system_id}"), &read)
                .route_with(RouteKey::new("POST /api/submit"), &write, Authorization::Iam)
                .route_with(
                    RouteKey::new("ANY /admin/{proxy+}"),
                    &write,
                    Authorization::jwt("https://issuer.example.org", ["admin"]).scopes(["write"]),
                )
                .default_route(&read)
                .throttle(int::<20>(), int::<40>())
                .cors(cors)
                .domain(ApiDomain::new("api.example.org", &zone))
                .description("figures"),
        );
        stack.add("Caller", handler().allow(api.invoke(&RouteKey::new("POST /api/submit"))));
        stack.output("Url", api.url());
        stack.output("Host", api.host());
    }));
}

#[test]
fn an_api_on_its_default_address() {
    insta::assert_snapshot!(template_of(|stack| {
        let read = stack.add("Read", handler());
        let api = stack.add("Api", HttpApi::new().route(RouteKey::new("GET /"), &read));
        stack.output("Url", api.url());
    }));
}

#[test]
fn apis_that_cannot_answer_are_reported() {
    let problems = problems_of(|stack| {
        let read = stack.add("Read", handler());
        let api = HttpApi::new()
            .route(RouteKey::new("GET /{a}"), &read)
            .route(RouteKey::new("GET /{b}"), &read)
            .cors(Cors::origin("example.com/"))
            .without_default_address();
        stack.add("Api", api);
    });
    let expected = [
        "the route `GET /{b}` is added twice",
        "`example.com/` is not an origin",
        "the API has no address: the default one is off, and it has no domain",
    ];
    for message in expected {
        assert!(problems.iter().any(|problem| problem == message), "{message}: {problems:?}");
    }
}

#[test]
fn routes_of_the_same_letters_are_two_routes() {
    let template = template_of(|stack| {
        let read = stack.add("Read", handler());
        let api = HttpApi::new().route(RouteKey::new("GET /a-b"), &read).route(RouteKey::new("GET /a/b"), &read);
        stack.add("Api", api);
    });
    assert!(template.contains("\"GET /a-b\"") && template.contains("\"GET /a/b\""), "{template}");
}
