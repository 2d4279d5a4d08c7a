//! Logs of a network's connections.

use super::VpcHandle;
use crate::constructs::{LogGroup, Role};
use crate::core::{Attributes, Grant, ResourceExt, Scope};
use crate::resources::ec2::{self, flow_log};
use stackgen_resources::typed::Handle;

/// Which connections a network logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowTraffic {
    /// All.
    All,
    /// Those that rules let through.
    Accepted,
    /// Those that rules refused.
    Rejected,
}

pub(super) fn add(scope: &mut Scope<'_>, network: &VpcHandle, traffic: FlowTraffic) {
    let logs = scope.add("FlowLogGroup", LogGroup::new());
    let role = scope.add("FlowLogRole", Role::for_service("vpc-flow-logs.amazonaws.com").only_from_this_account());
    let write = Grant::new(
        ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        [logs.arn()],
        "log the connections of the network",
    );
    scope.allow(&role, write);
    let log = ec2::FlowLog::new()
        .resource_type(flow_log::FlowLogResourceType::Vpc)
        .resource_id(network.vpc_id())
        .traffic_type(match traffic {
            FlowTraffic::All => flow_log::TrafficType::All,
            FlowTraffic::Accepted => flow_log::TrafficType::Accept,
            FlowTraffic::Rejected => flow_log::TrafficType::Reject,
        })
        .log_destination_type(flow_log::LogDestinationType::CloudWatchLogs)
        .log_group_name(logs.name())
        .deliver_logs_permission_arn(role.arn());
    scope.add("FlowLog", log.with(Attributes::new().after_grants_of(role.id())));
}
