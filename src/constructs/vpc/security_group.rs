//! Security groups: which connections reach what is in a network.

use stackgen_resources::typed::{Arg, Handle, Id};
use stackgen_template::{Map, ResourceId, Text, Value};

use super::{Ipv4Block, VpcHandle};
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::{ec2, kind};

/// Ports of a protocol that a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    protocol: &'static str,
    range: Option<(i32, i32)>,
}

impl Ports {
    /// All protocols and ports.
    pub const ALL: Self = Self { protocol: "-1", range: None };
    /// HTTPS: TCP port 443.
    pub const HTTPS: Self = Self::tcp(443);
    /// HTTP: TCP port 80.
    pub const HTTP: Self = Self::tcp(80);
    /// All messages of ICMP, such as those of `ping`.
    pub const ICMP: Self = Self { protocol: "icmp", range: Some((-1, -1)) };

    /// One port of TCP.
    pub const fn tcp(port: u16) -> Self {
        Self { protocol: "tcp", range: Some((port as i32, port as i32)) }
    }

    /// One port of UDP.
    pub const fn udp(port: u16) -> Self {
        Self { protocol: "udp", range: Some((port as i32, port as i32)) }
    }

    /// The ports `FIRST` to `LAST` of TCP, both included.
    pub const fn tcp_range<const FIRST: u16, const LAST: u16>() -> Self {
        const { assert!(FIRST <= LAST, "the first port of a range is not above the last") };
        Self { protocol: "tcp", range: Some((FIRST as i32, LAST as i32)) }
    }

    /// The ports `FIRST` to `LAST` of UDP, both included.
    pub const fn udp_range<const FIRST: u16, const LAST: u16>() -> Self {
        const { assert!(FIRST <= LAST, "the first port of a range is not above the last") };
        Self { protocol: "udp", range: Some((FIRST as i32, LAST as i32)) }
    }
}

/// The other end of a connection.
#[derive(Debug, Clone)]
pub enum Peer {
    /// Addresses of IPv4.
    Ipv4(Ipv4Block),
    /// Every address of IPv4.
    AnyIpv4,
    /// Every address of IPv6.
    AnyIpv6,
    /// What is in a security group.
    Group(Id<kind::ec2::SecurityGroup>),
    /// The addresses of a prefix list, by its id.
    PrefixList(Value),
}

impl Peer {
    /// The addresses of a prefix list: those of a service's gateway endpoint, or a list of one's own.
    pub fn prefix_list(id: impl Into<Value>) -> Self {
        Self::PrefixList(id.into())
    }
}

impl From<Ipv4Block> for Peer {
    fn from(block: Ipv4Block) -> Self {
        Self::Ipv4(block)
    }
}

impl From<&SecurityGroupHandle> for Peer {
    fn from(group: &SecurityGroupHandle) -> Self {
        Self::Group(group.group_id())
    }
}

#[derive(Debug, Clone)]
struct Rule {
    ports: Ports,
    peer: Peer,
    description: Text,
}

/// Which connections reach the members of the group, and which they may open: rules that allow, nothing else is.
///
/// Nothing comes in until [`ingress`](Self::ingress) says so, and everything may go out until [`egress`](Self::egress)
/// says what may.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("workers");
/// let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
/// let workers = stack.add("Workers", SecurityGroup::new(&network, "workers of the night run"));
/// stack.add(
///     "Database",
///     SecurityGroup::new(&network, "database").ingress(Ports::tcp(5432), &workers, "queries of the workers"),
/// );
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct SecurityGroup {
    network: Option<Value>,
    description: Text,
    ingress: Vec<Rule>,
    egress: Vec<Rule>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(SecurityGroup);

impl SecurityGroup {
    /// A group in `network`. The description cannot be changed without replacing the group.
    pub fn new(network: &VpcHandle, description: impl Into<Text>) -> Self {
        Self::of(Some(network.vpc_id().into()), description)
    }

    /// A group in the network that every account has by default, unless it was deleted. CloudFormation takes no rules on
    /// what goes out of it, so [`egress`](Self::egress) is refused.
    pub fn in_default_network(description: impl Into<Text>) -> Self {
        Self::of(None, description)
    }

    fn of(network: Option<Value>, description: impl Into<Text>) -> Self {
        Self {
            network,
            description: description.into(),
            ingress: Vec::new(),
            egress: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Lets `peer` open connections to `ports` of the members.
    pub fn ingress(mut self, ports: Ports, peer: impl Into<Peer>, description: impl Into<Text>) -> Self {
        self.ingress.push(Rule { ports, peer: peer.into(), description: description.into() });
        self
    }

    /// Lets the members open connections to `ports` of `peer`. The first of these rules takes away the one that lets
    /// everything out.
    pub fn egress(mut self, ports: Ports, peer: impl Into<Peer>, description: impl Into<Text>) -> Self {
        self.egress.push(Rule { ports, peer: peer.into(), description: description.into() });
        self
    }
}

impl Construct for SecurityGroup {
    type Handle = SecurityGroupHandle;

    fn build(mut self, scope: &mut Scope<'_>) -> SecurityGroupHandle {
        if self.egress.is_empty() && self.network.is_some() {
            // Written out, so that the template shows what CloudFormation would add in silence. It cannot be for a group of
            // the default network.
            self = self.egress(Ports::ALL, Peer::AnyIpv4, "all connections out");
        }
        if self.network.is_none() && !self.egress.is_empty() {
            let problem = Problem::error("a security group of the default network cannot have rules on what goes out");
            scope.report(problem.hint("leave out `egress`, or put the group into a network of the app"));
        }
        let rules = |rules: Vec<Rule>, direction: Direction| -> Value {
            rules.into_iter().map(|rule| rule.into_value(direction)).collect::<Vec<Value>>().into()
        };
        let mut group = ec2::SecurityGroup::new().group_description(self.description);
        if let Some(network) = self.network {
            group = group.raw("VpcId", network);
        }
        if !self.ingress.is_empty() {
            group = group.raw("SecurityGroupIngress", rules(self.ingress, Direction::In));
        }
        if !self.egress.is_empty() {
            group = group.raw("SecurityGroupEgress", rules(self.egress, Direction::Out));
        }
        let group = self.settings.apply(group, ec2::SecurityGroup::raw);
        SecurityGroupHandle(scope.add("Default", group.with(self.attributes)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

impl Rule {
    fn into_value(self, direction: Direction) -> Value {
        let mut rule = Map::with_capacity(5);
        let protocol = match (self.ports.protocol, &self.peer) {
            // The same messages are another protocol of IPv6.
            ("icmp", Peer::AnyIpv6) => "icmpv6",
            (protocol, _) => protocol,
        };
        rule.push("IpProtocol", protocol);
        if let Some((from, to)) = self.ports.range {
            rule.push("FromPort", from);
            rule.push("ToPort", to);
        }
        let inward = direction == Direction::In;
        match self.peer {
            Peer::Ipv4(block) => rule.push("CidrIp", block.to_string()),
            Peer::AnyIpv4 => rule.push("CidrIp", Ipv4Block::ALL.to_string()),
            Peer::AnyIpv6 => rule.push("CidrIpv6", "::/0"),
            Peer::Group(id) => {
                rule.push(if inward { "SourceSecurityGroupId" } else { "DestinationSecurityGroupId" }, id);
            }
            Peer::PrefixList(id) => {
                rule.push(if inward { "SourcePrefixListId" } else { "DestinationPrefixListId" }, id);
            }
        }
        rule.push("Description", self.description);
        rule.into()
    }
}

/// The handle of a [`SecurityGroup`].
#[derive(Debug, Clone)]
pub struct SecurityGroupHandle(ec2::SecurityGroupRef);

impl SecurityGroupHandle {
    /// The id of the group.
    pub fn group_id(&self) -> Id<kind::ec2::SecurityGroup> {
        self.0.group_id()
    }

    /// Lets the members open connections to one another on `ports`: a rule of a group about itself cannot be part of it.
    /// Their own rules on what goes out must allow it too, where they have some.
    pub fn connect_members(&self, scope: &mut Scope<'_>, ports: Ports, description: impl Into<Text>) {
        let mut ingress = ec2::SecurityGroupIngress::new()
            .ip_protocol(ports.protocol)
            .group_id(self.group_id())
            .source_security_group_id(self.group_id())
            .description(description.into());
        let mut name = format!("{}Members", self.0.id().logical_id());
        if let Some((from, to)) = ports.range {
            ingress = ingress.raw("FromPort", from).raw("ToPort", to);
            // A name for each rule: there may be several.
            name.extend(ports.protocol.chars().map(|character| character.to_ascii_uppercase()));
            name.push_str(&from.unsigned_abs().to_string());
        }
        scope.add(name, ingress);
    }
}

impl Handle for SecurityGroupHandle {
    fn id(&self) -> &ResourceId {
        self.0.id()
    }
}

impl Arg<Id<kind::ec2::SecurityGroup>> for &SecurityGroupHandle {
    fn into_value(self) -> Value {
        self.group_id().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::{problems_of, template_of};
    use crate::constructs::{Vpc, ipv4_block};

    #[test]
    fn rules_name_the_other_end_by_its_kind() {
        let template = template_of(|stack| {
            let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
            let workers = stack.add("Workers", SecurityGroup::new(&network, "workers"));
            let database = SecurityGroup::new(&network, "database")
                .ingress(Ports::tcp(5432), &workers, "queries")
                .ingress(Ports::udp_range::<4000, 4010>(), ipv4_block!("192.0.2.0/24"), "measurements")
                .ingress(Ports::ICMP, Peer::AnyIpv6, "reachability")
                .egress(Ports::HTTPS, Peer::prefix_list("pl-63a5400a"), "objects");
            let database = stack.add("Database", database);
            database.connect_members(stack, Ports::tcp(5433), "replication");
            database.connect_members(stack, Ports::udp(5433), "news of members");
        });
        insta::assert_snapshot!(template);
    }

    #[test]
    fn nothing_comes_in_until_it_is_said() {
        let template = template_of(|stack| {
            stack.add("Group", SecurityGroup::in_default_network("machines"));
        });
        assert!(!template.contains("SecurityGroupIngress"), "{template}");
    }

    #[test]
    fn rules_on_what_goes_out_of_the_default_network_are_reported() {
        let problems = problems_of(|stack| {
            let group = SecurityGroup::in_default_network("machines");
            stack.add("Group", group.egress(Ports::HTTPS, Peer::AnyIpv4, "HTTPS"));
        });
        let expected = "a security group of the default network cannot have rules on what goes out";
        assert!(problems.contains(&expected.to_owned()), "{problems:?}");
    }
}
