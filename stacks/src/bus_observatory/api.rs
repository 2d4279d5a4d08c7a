//! The HTTP API.

use bus_observatory::contract;
use bus_observatory::feeds::{Configuration, Domain};
use stackgen::prelude::*;

/// Every route goes to one function, which takes them apart.
pub(super) fn api(function: &FunctionHandle, configuration: &Configuration) -> HttpApi {
    let api = HttpApi::new().throttle(int::<20>(), int::<40>()).cors(Cors::any_origin().methods([Method::Get]));
    let api = contract::api::ROUTES.into_iter().fold(api, |api, path| {
        let route = RouteKey::try_from(format!("GET {path}"));
        api.route(route.expect("the contract's paths are routes"), function)
    });
    match &configuration.domain {
        None => api,
        Some(domain) => api.domain(own_domain(domain)),
    }
}

fn own_domain(domain: &Domain) -> ApiDomain {
    let zone = HostedZone::from_id(literal(domain.hosted_zone_id.clone()), domain.domain.clone());
    ApiDomain::new(domain.full(), &zone)
}
