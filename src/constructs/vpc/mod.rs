//! A private network: subnets over several availability zones, ways out, and ways to services.

mod block;
mod endpoint;
mod flow_log;
mod security_group;
mod subnet;

use stackgen_resources::typed::{Arg, Handle, Id, Literal};
use stackgen_template::{ResourceId, Text, Value};

pub use self::block::{Ipv4Block, Ipv4BlockError, ipv4_block};
pub use self::endpoint::GatewayService;
pub use self::flow_log::FlowTraffic;
pub use self::security_group::{Peer, Ports, SecurityGroup, SecurityGroupHandle};
pub use self::subnet::SubnetHandle;
use super::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::{ec2, kind};

/// The parts that the network's block is divided into, as bits: sixteen, eight for public and eight for private subnets.
const PART_BITS: u8 = 4;
/// The part that private subnets begin at, so that adding them or a zone never renumbers a subnet that exists.
const FIRST_PRIVATE_PART: u32 = 8;
/// The smallest subnet that EC2 allows has 28 bits in common.
const LONGEST_SUBNET_PREFIX: u8 = 28;

/// A network of its own, with a public subnet in each of two availability zones.
///
/// Public subnets reach the internet by the internet gateway, and what is launched in them gets a public address.
/// Private ones are there when asked for, and reach only what [`PrivateEgress`] and the endpoints say. The network's
/// default security group stays unused: constructs have groups of their own.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("workers");
/// let network = stack.add(
///     "Network",
///     Vpc::new(ipv4_block!("10.0.0.0/16"))
///         .zones(int::<3>())
///         .private_subnets(PrivateEgress::None)
///         .gateway_endpoint(GatewayService::S3)
///         .interface_endpoint("secretsmanager"),
/// );
/// assert_eq!(network.public_subnets().len(), 3);
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Vpc {
    block: Ipv4Block,
    zones: ZoneCount,
    private: Option<PrivateEgress>,
    gateway_endpoints: Vec<GatewayService>,
    interface_endpoints: Vec<Text>,
    flow_logs: Option<FlowTraffic>,
    settings: Settings,
    attributes: Attributes,
}

/// How private subnets reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateEgress {
    /// Not at all: only the network itself and endpoints.
    None,
    /// By one NAT gateway for all zones: cheapest, and gone when its zone is.
    SharedNat,
    /// By a NAT gateway in each zone.
    NatPerZone,
}

/// The number of availability zones that a network spans: 1 to 6, in regions that have as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneCount(u8);

impl<const N: i64> From<Literal<N>> for ZoneCount {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 6, as asserted")]
    fn from(_: Literal<N>) -> Self {
        const { assert!(N >= 1 && N <= 6, "a network spans 1 to 6 availability zones") };
        Self(N as u8)
    }
}

impl TryFrom<u8> for ZoneCount {
    type Error = ZoneCountError;

    fn try_from(zones: u8) -> Result<Self, ZoneCountError> {
        if (1..=6).contains(&zones) { Ok(Self(zones)) } else { Err(ZoneCountError(zones)) }
    }
}

/// A number of zones is not from 1 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneCountError(u8);

impl std::fmt::Display for ZoneCountError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a network spans 1 to 6 availability zones, not {}", self.0)
    }
}

impl std::error::Error for ZoneCountError {}

escape_hatch!(Vpc);

impl Vpc {
    /// A network of the addresses of `block`, with 16 to 24 bits in common.
    ///
    /// Subnets are sixteenths of it: the first eight for public ones, the others for private ones.
    pub fn new(block: Ipv4Block) -> Self {
        Self {
            block,
            zones: ZoneCount(2),
            private: None,
            gateway_endpoints: Vec::new(),
            interface_endpoints: Vec::new(),
            flow_logs: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Spans as many availability zones: 2 when not said. `int::<3>()`, or `ZoneCount::try_from` at run time.
    pub fn zones(mut self, zones: impl Into<ZoneCount>) -> Self {
        self.zones = zones.into();
        self
    }

    /// Adds a private subnet in each zone.
    pub fn private_subnets(mut self, egress: PrivateEgress) -> Self {
        self.private = Some(egress);
        self
    }

    /// Reaches a service without the internet, at no cost, from all subnets.
    pub fn gateway_endpoint(mut self, service: GatewayService) -> Self {
        if !self.gateway_endpoints.contains(&service) {
            self.gateway_endpoints.push(service);
        }
        self
    }

    /// Reaches a service without the internet, by addresses in the private subnets, or the public ones when there are no
    /// others. The service is named as in its endpoint: `secretsmanager`, `ecr.api`. It costs by the hour and zone.
    pub fn interface_endpoint(mut self, service: impl Into<Text>) -> Self {
        self.interface_endpoints.push(service.into());
        self
    }

    /// Logs connections to a log group, kept for 30 days.
    pub fn flow_logs(mut self, traffic: FlowTraffic) -> Self {
        self.flow_logs = Some(traffic);
        self
    }
}

impl Construct for Vpc {
    type Handle = VpcHandle;

    fn build(self, scope: &mut Scope<'_>) -> VpcHandle {
        let Self { block, zones, private, gateway_endpoints, interface_endpoints, flow_logs, settings, attributes } =
            self;
        if block.prefix() < 16 || block.prefix() + PART_BITS > LONGEST_SUBNET_PREFIX {
            let problem = Problem::error(format!("a network cannot have the addresses of `{block}`"))
                .hint("give a block with 16 to 24 bits in common, such as `10.0.0.0/16`");
            scope.report(problem);
        }
        let vpc = ec2::VPC::new().cidr_block(block).enable_dns_support(true).enable_dns_hostnames(true);
        let vpc = scope.add("Default", settings.apply(vpc, ec2::VPC::raw).with(attributes));

        let gateway = scope.add("InternetGateway", ec2::InternetGateway::new());
        let attachment =
            ec2::VPCGatewayAttachment::new().vpc_id(vpc.reference()).internet_gateway_id(gateway.reference());
        let attachment = scope.add("InternetGatewayAttachment", attachment);

        let public_routes = subnet::route_table(scope, "Public", &vpc);
        let route = ec2::Route::new()
            .route_table_id(public_routes.reference())
            .destination_cidr_block(Ipv4Block::ALL)
            .gateway_id(gateway.reference());
        // A route to a gateway that is not attached yet is refused.
        scope.add("PublicRoute", route.with(Attributes::new().depends_on(&attachment)));
        let mut network = VpcHandle { vpc, block, public: Vec::new(), private: Vec::new() };
        for zone in 0..zones.0 {
            let place = subnet::Place { zone, part: u32::from(zone), public: true };
            let subnet = subnet::add(scope, &network, place, &public_routes);
            network.public.push(subnet);
        }
        let mut route_tables = vec![public_routes];
        if let Some(egress) = private {
            let (subnets, tables) = subnet::add_private(scope, &network, zones.0, egress, &attachment);
            network.private = subnets;
            route_tables.extend(tables);
        }
        for service in gateway_endpoints {
            endpoint::add_gateway(scope, &network, service, &route_tables);
        }
        if !interface_endpoints.is_empty() {
            endpoint::add_interfaces(scope, &network, interface_endpoints);
        }
        if let Some(traffic) = flow_logs {
            flow_log::add(scope, &network, traffic);
        }
        network
    }
}

/// The handle of a [`Vpc`].
#[derive(Debug, Clone)]
pub struct VpcHandle {
    vpc: ec2::VPCRef,
    block: Ipv4Block,
    public: Vec<SubnetHandle>,
    private: Vec<SubnetHandle>,
}

impl VpcHandle {
    /// The id of the network.
    pub fn vpc_id(&self) -> Id<kind::ec2::VPC> {
        self.vpc.reference()
    }

    /// The addresses of the network.
    pub fn block(&self) -> Ipv4Block {
        self.block
    }

    /// The public subnets, one in each zone.
    pub fn public_subnets(&self) -> &[SubnetHandle] {
        &self.public
    }

    /// The private subnets, one in each zone, or none.
    pub fn private_subnets(&self) -> &[SubnetHandle] {
        &self.private
    }

    /// The ids of the public subnets.
    pub fn public_subnet_ids(&self) -> Vec<Id<kind::ec2::Subnet>> {
        self.public.iter().map(SubnetHandle::subnet_id).collect()
    }

    /// The ids of the private subnets.
    pub fn private_subnet_ids(&self) -> Vec<Id<kind::ec2::Subnet>> {
        self.private.iter().map(SubnetHandle::subnet_id).collect()
    }

    /// The subnets for what nobody outside reaches: the private ones, or the public ones when there are no others.
    fn inner_subnets(&self) -> &[SubnetHandle] {
        if self.private.is_empty() { &self.public } else { &self.private }
    }
}

impl Handle for VpcHandle {
    fn id(&self) -> &ResourceId {
        self.vpc.id()
    }
}

impl Arg<Id<kind::ec2::VPC>> for &VpcHandle {
    fn into_value(self) -> Value {
        self.vpc_id().into()
    }
}

#[cfg(test)]
mod tests;
