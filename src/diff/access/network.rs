//! The rules of security groups.

use stackgen_template::{Intrinsic, Map, Value};

use super::super::change_kind::ChangeKind;
use super::super::readable::readable;
use super::super::scalar::scalar_text;
use super::Holder;

/// The direction of what a rule lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Traffic {
    /// To what has the group.
    Ingress,
    /// From what has the group.
    Egress,
}

/// What a security group lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkRule {
    /// The security group, a group of the stack as `${Group}`.
    pub group: String,
    /// The direction.
    pub traffic: Traffic,
    /// The protocol and the ports: `tcp 443`, `udp 1024-2048`, `all`.
    pub ports: String,
    /// From or to where: a block of addresses, a group or a list of prefixes.
    pub peer: String,
}

impl NetworkRule {
    /// Whether it lets through what comes from, or goes to, anywhere.
    pub fn is_anywhere(&self) -> bool {
        matches!(self.peer.as_str(), "0.0.0.0/0" | "::/0")
    }
}

/// A network rule that is new or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkChange {
    /// Whether it is new or gone.
    pub kind: ChangeKind,
    /// The rule.
    pub rule: NetworkRule,
}

/// The rules in a resource, in canonical form.
pub(in super::super) fn rules(holder: Holder<'_>) -> Vec<NetworkRule> {
    let own = format!("${{{}}}", holder.logical_id);
    let get = |name: &str| holder.properties.get(name);
    let group = || get("GroupId").or_else(|| get("GroupName")).map(readable).unwrap_or_default();
    match holder.type_name {
        "AWS::EC2::SecurityGroup" => {
            let list = |name: &str, traffic| {
                let items = get(name).and_then(Value::as_list).unwrap_or_default();
                items.iter().map(|item| item_rule(item, &own, traffic)).collect::<Vec<_>>()
            };
            let mut rules = list("SecurityGroupIngress", Traffic::Ingress);
            // A group that says nothing of it lets everything out.
            if get("SecurityGroupEgress").is_none() {
                let everything = ("all".to_owned(), "0.0.0.0/0".to_owned());
                rules.push(NetworkRule {
                    group: own,
                    traffic: Traffic::Egress,
                    ports: everything.0,
                    peer: everything.1,
                });
            } else {
                rules.extend(list("SecurityGroupEgress", Traffic::Egress));
            }
            rules
        }
        "AWS::EC2::SecurityGroupIngress" => vec![rule(holder.properties, &group(), Traffic::Ingress)],
        "AWS::EC2::SecurityGroupEgress" => vec![rule(holder.properties, &group(), Traffic::Egress)],
        _ => Vec::new(),
    }
}

fn item_rule(item: &Value, group: &str, traffic: Traffic) -> NetworkRule {
    match item.as_map().filter(|_| Intrinsic::of(item).is_none()) {
        Some(map) => rule(map, group, traffic),
        None => NetworkRule { group: group.to_owned(), traffic, ports: String::new(), peer: readable(item) },
    }
}

fn rule(map: &Map, group: &str, traffic: Traffic) -> NetworkRule {
    let text = |name: &str| map.get(name).map(readable);
    let peer = [
        "CidrIp",
        "CidrIpv6",
        "SourceSecurityGroupId",
        "DestinationSecurityGroupId",
        "SourceSecurityGroupName",
        "SourcePrefixListId",
        "DestinationPrefixListId",
    ]
    .into_iter()
    .find_map(text)
    .unwrap_or_default();
    let port = |name: &str| {
        map.get(name).map(|value| match value {
            Value::Map(_) => readable(value),
            scalar => scalar_text(scalar),
        })
    };
    let ports = match (text("IpProtocol").as_deref(), port("FromPort"), port("ToPort")) {
        (Some("-1") | None, ..) => "all".to_owned(),
        (Some(protocol), Some(from), Some(to)) if from == to => format!("{protocol} {from}"),
        (Some(protocol), Some(from), Some(to)) => format!("{protocol} {from}-{to}"),
        (Some(protocol), ..) => protocol.to_owned(),
    };
    NetworkRule { group: group.to_owned(), traffic, ports, peer }
}

/// What differs between two sets of rules.
pub(in super::super) fn changes(before: &[NetworkRule], after: &[NetworkRule]) -> Vec<NetworkChange> {
    let difference = |kind, one: &[NetworkRule], other: &[NetworkRule]| {
        let mut rules: Vec<_> = one.iter().filter(|rule| !other.contains(rule)).cloned().collect();
        rules.sort();
        rules.dedup();
        rules.into_iter().map(|rule| NetworkChange { kind, rule }).collect::<Vec<_>>()
    };
    let mut changes = difference(ChangeKind::Added, after, before);
    changes.extend(difference(ChangeKind::Removed, before, after));
    changes
}
