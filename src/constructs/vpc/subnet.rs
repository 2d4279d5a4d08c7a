//! Subnets and their routes.

use stackgen_resources::typed::{Arg, Handle, Id, Tag};
use stackgen_template::{Expression, ResourceId, Value};

use super::{FIRST_PRIVATE_PART, Ipv4Block, PART_BITS, PrivateEgress, VpcHandle};
use crate::core::{Attributes, ResourceExt, Scope};
use crate::resources::{ec2, kind};

/// The handle of a subnet of a [`Vpc`](super::Vpc).
#[derive(Debug, Clone)]
pub struct SubnetHandle(ec2::SubnetRef);

impl SubnetHandle {
    /// The id of the subnet.
    pub fn subnet_id(&self) -> Id<kind::ec2::Subnet> {
        self.0.reference()
    }

    /// The ARN of the subnet, for policies.
    pub fn arn(&self) -> Value {
        let text = "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:subnet/${Subnet}";
        Expression::sub_with(text, [("Subnet", self.subnet_id())]).into()
    }
}

impl Handle for SubnetHandle {
    fn id(&self) -> &ResourceId {
        self.0.id()
    }
}

impl Arg<Id<kind::ec2::Subnet>> for &SubnetHandle {
    fn into_value(self) -> Value {
        self.subnet_id().into()
    }
}

/// Where a subnet is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The number of its availability zone.
    pub(super) zone: u8,
    /// The number of its part of the network's block.
    pub(super) part: u32,
    /// Whether what is launched in it gets a public address.
    pub(super) public: bool,
}

/// Adds a subnet and gives it the routes of `table`.
pub(super) fn add(
    scope: &mut Scope<'_>,
    network: &VpcHandle,
    place: Place,
    table: &ec2::RouteTableRef,
) -> SubnetHandle {
    let name = format!("{}Subnet{}", if place.public { "Public" } else { "Private" }, place.zone + 1);
    // A block that has no such part was reported with the network.
    let block = network.block.part(PART_BITS, place.part).unwrap_or(network.block);
    let zone = Expression::select(i32::from(place.zone), Expression::get_azs(""));
    let subnet = ec2::Subnet::new()
        .vpc_id(network.vpc_id())
        .cidr_block(block)
        .availability_zone(zone)
        .map_public_ip_on_launch(place.public)
        .tags([name_tag(scope, &name)]);
    let subnet = scope.add(name.clone(), subnet);
    let association =
        ec2::SubnetRouteTableAssociation::new().subnet_id(subnet.reference()).route_table_id(table.reference());
    scope.add(format!("{name}Routes"), association);
    SubnetHandle(subnet)
}

/// Adds the routes of the subnets that `name` begins the names of.
pub(super) fn route_table(scope: &mut Scope<'_>, name: &str, vpc: &ec2::VPCRef) -> ec2::RouteTableRef {
    let name = format!("{name}Routes");
    let table = ec2::RouteTable::new().vpc_id(vpc.reference()).tags([name_tag(scope, &name)]);
    scope.add(name, table)
}

/// Adds a private subnet in each zone, and gives them with their route tables.
pub(super) fn add_private(
    scope: &mut Scope<'_>,
    network: &VpcHandle,
    zones: u8,
    egress: PrivateEgress,
    attachment: &ec2::VPCGatewayAttachmentRef,
) -> (Vec<SubnetHandle>, Vec<ec2::RouteTableRef>) {
    let (mut subnets, mut tables) = (Vec::new(), Vec::new());
    let mut shared = None;
    for zone in 0..zones {
        let table = route_table(scope, &format!("Private{}", zone + 1), &network.vpc);
        let place = Place { zone, part: FIRST_PRIVATE_PART + u32::from(zone), public: false };
        subnets.push(add(scope, network, place, &table));
        let gateway = match egress {
            PrivateEgress::None => None,
            PrivateEgress::NatPerZone => Some(add_nat(scope, network, zone, attachment)),
            PrivateEgress::SharedNat => {
                Some(shared.get_or_insert_with(|| add_nat(scope, network, 0, attachment)).clone())
            }
        };
        if let Some(gateway) = gateway {
            let route = ec2::Route::new()
                .route_table_id(table.reference())
                .destination_cidr_block(Ipv4Block::ALL)
                .nat_gateway_id(gateway.reference());
            scope.add(format!("PrivateRoute{}", zone + 1), route);
        }
        tables.push(table);
    }
    (subnets, tables)
}

/// Adds a NAT gateway to the public subnet of a zone.
fn add_nat(
    scope: &mut Scope<'_>,
    network: &VpcHandle,
    zone: u8,
    attachment: &ec2::VPCGatewayAttachmentRef,
) -> ec2::NatGatewayRef {
    let name = format!("NatGateway{}", zone + 1);
    // An address of the internet can only be used once the network is attached to it.
    let address = ec2::EIP::new().domain("vpc").with(Attributes::new().depends_on(attachment));
    let address = scope.add(format!("{name}Address"), address);
    let gateway = ec2::NatGateway::new().allocation_id(address.allocation_id()).tags([name_tag(scope, &name)]);
    let gateway = match network.public.get(usize::from(zone)) {
        Some(subnet) => gateway.subnet_id(subnet.subnet_id()),
        None => gateway,
    };
    scope.add(name, gateway)
}

/// The tag by which the console lists parts of networks.
pub(super) fn name_tag(scope: &Scope<'_>, part: &str) -> Tag {
    Tag::new("Name", format!("{}/{}/{part}", scope.stack_name(), scope.path()))
}
