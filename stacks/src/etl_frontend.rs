//! etl-frontend: the table of figures as an HTTP API, and the dashboard that shows it.

use etl::contract::{self, Granularity, ReadEnv, site};
use stackgen::prelude::*;

/// Adds the stack, which reads the table of `etl-backend`.
pub fn etl_frontend(app: &mut App, figures: &TableHandle) {
    let mut stack = app.stack("etl-frontend");
    stack.description("Daily US covid-19 figures: HTTP API and dashboard");

    let read = stack.add("Read", read(figures));
    let page = stack.add("Site", page());
    let api = stack.add("Api", api(&read, &page));
    stack.add("SiteFiles", files(&page, &api));

    stack.output("SiteUrl", page.url());
    stack.output("ApiUrl", api.url());
}

/// Answers requests from the table.
fn read(figures: &TableHandle) -> Function {
    Function::rust("etl", contract::READ)
        .memory(mib::<256>())
        .timeout(seconds::<10>())
        .environment(ReadEnv { table: figures.name() })
        .allow(figures.grant(["dynamodb:GetItem", "dynamodb:Query"]))
}

fn page() -> Website {
    // Any API of the region: the page cannot name its own one, which names the page in its cross-origin settings.
    let apis = Expression::sub("https://*.execute-api.${AWS::Region}.amazonaws.com");
    Website::new()
        .error_page("/404.html")
        .price_class(PriceClass::NorthAmericaAndEurope)
        .content_security_policy(ContentSecurityPolicy::own_site_only().allow("connect-src", apis))
}

fn api(read: &FunctionHandle, page: &WebsiteHandle) -> HttpApi {
    let api = HttpApi::new().throttle(int::<50>(), int::<100>()).cors(Cors::origin(page.url()).methods([Method::Get]));
    Granularity::ALL.into_iter().fold(api, |api, granularity| {
        let route = RouteKey::try_from(format!("GET {}", granularity.path()));
        api.route(route.expect("the contract's paths are routes"), read)
    })
}

/// The dashboard, and the file that tells it where the API is.
fn files(page: &WebsiteHandle, api: &HttpApiHandle) -> WebsiteFiles {
    let config = Map::from_iter([(site::API_URL.into(), api.url())]);
    WebsiteFiles::of(page)
        .built(AssetSource::Site {
            folder: "sites/etl".into(),
            output: "dist".into(),
            command: ["npm", "run", "build"].map(str::to_owned).into(),
        })
        .hashed("assets/*")
        .json_file(site::CONFIG_FILE, config)
}
