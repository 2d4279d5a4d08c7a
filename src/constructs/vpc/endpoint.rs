//! Ways to services of AWS that do not cross the internet.

use stackgen_template::{Expression, Text};

use super::{Ports, SecurityGroup, SubnetHandle, VpcHandle};
use crate::core::Scope;
use crate::resources::ec2::{self, vpc_endpoint};

/// A service that a gateway endpoint reaches, by routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayService {
    /// S3.
    S3,
    /// DynamoDB.
    DynamoDb,
}

impl GatewayService {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::S3 => ("S3Endpoint", "s3"),
            Self::DynamoDb => ("DynamoDbEndpoint", "dynamodb"),
        }
    }
}

pub(super) fn add_gateway(
    scope: &mut Scope<'_>,
    network: &VpcHandle,
    service: GatewayService,
    tables: &[ec2::RouteTableRef],
) {
    let (name, service) = service.names();
    let endpoint = ec2::VPCEndpoint::new()
        .vpc_id(network.vpc_id())
        .vpc_endpoint_type(vpc_endpoint::VpcEndpointType::Gateway)
        .service_name(service_name(service))
        .route_table_ids(tables.iter().map(ec2::RouteTableRef::reference).collect::<Vec<_>>());
    scope.add(name, endpoint);
}

/// Adds an endpoint for each service, with one security group for all: HTTPS from within the network.
pub(super) fn add_interfaces(scope: &mut Scope<'_>, network: &VpcHandle, services: Vec<Text>) {
    let group = SecurityGroup::new(network, "endpoints of services")
        .ingress(Ports::HTTPS, network.block, "HTTPS from the network")
        .egress(Ports::HTTPS, network.block, "endpoints answer and open nothing");
    let group = scope.add("EndpointSecurityGroup", group);
    let subnets: Vec<_> = network.inner_subnets().iter().map(SubnetHandle::subnet_id).collect();
    for service in services {
        let endpoint = ec2::VPCEndpoint::new()
            .vpc_id(network.vpc_id())
            .vpc_endpoint_type(vpc_endpoint::VpcEndpointType::Interface)
            .service_name(service_name(&service))
            .private_dns_enabled(true)
            .subnet_ids(subnets.clone())
            .security_group_ids([group.group_id()]);
        scope.add(format!("{}Endpoint", capitalized(&service)), endpoint);
    }
}

fn service_name(service: &str) -> Expression {
    Expression::sub(format!("com.amazonaws.${{AWS::Region}}.{service}"))
}

/// `ecr.api` as a name of a construct: `EcrApi`.
fn capitalized(service: &str) -> String {
    let mut name = String::with_capacity(service.len());
    for part in service.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = part.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    name
}
