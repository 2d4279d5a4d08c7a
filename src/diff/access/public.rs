//! What everyone can reach by the way a resource is configured.

use stackgen_template::{Map, Value};

use super::super::change_kind::ChangeKind;
use super::super::scalar::scalar_text;
use super::Holder;

/// Something that becomes reachable by everyone, or no longer is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exposure {
    /// `Added` when it becomes reachable, `Removed` when it no longer is.
    pub kind: ChangeKind,
    /// The resource.
    pub logical_id: String,
    /// What is reachable, and how.
    pub what: &'static str,
}

/// A property that opens a resource to everyone by one of a few values.
struct Switch {
    type_name: &'static str,
    path: &'static [&'static str],
    /// The values that open; none when being absent does.
    open: &'static [&'static str],
    open_when_absent: bool,
    what: &'static str,
}

const fn switch(
    type_name: &'static str,
    path: &'static [&'static str],
    open: &'static [&'static str],
    what: &'static str,
) -> Switch {
    Switch { type_name, path, open, open_when_absent: false, what }
}

const fn absent(
    type_name: &'static str,
    path: &'static [&'static str],
    open: &'static [&'static str],
    what: &'static str,
) -> Switch {
    Switch { type_name, path, open, open_when_absent: true, what }
}

const OPEN_ACL: &[&str] = &["PublicRead", "PublicReadWrite", "AuthenticatedRead"];
const TRUE: &[&str] = &["true"];
const FALSE: &[&str] = &["false"];
const NONE: &[&str] = &["NONE"];

/// What is known to open a resource, from the documentation of each type.
static SWITCHES: &[Switch] = &[
    switch("AWS::S3::Bucket", &["AccessControl"], OPEN_ACL, "its access control list lets everyone read"),
    switch(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "BlockPublicAcls"],
        FALSE,
        "public access lists are allowed",
    ),
    switch(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "BlockPublicPolicy"],
        FALSE,
        "public policies are allowed",
    ),
    switch(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "IgnorePublicAcls"],
        FALSE,
        "public access lists count",
    ),
    switch(
        "AWS::S3::Bucket",
        &["PublicAccessBlockConfiguration", "RestrictPublicBuckets"],
        FALSE,
        "public policies count",
    ),
    switch("AWS::Lambda::Url", &["AuthType"], NONE, "its address can be called by everyone"),
    absent("AWS::ApiGatewayV2::Route", &["AuthorizationType"], NONE, "the route can be called by everyone"),
    absent("AWS::ApiGateway::Method", &["AuthorizationType"], NONE, "the method can be called by everyone"),
    switch("AWS::EC2::Subnet", &["MapPublicIpOnLaunch"], TRUE, "what starts in it gets a public address"),
    switch("AWS::EC2::NetworkInterface", &["AssociatePublicIpAddress"], TRUE, "it has a public address"),
    switch(
        "AWS::EC2::Instance",
        &["NetworkInterfaces", "*", "AssociatePublicIpAddress"],
        TRUE,
        "it has a public address",
    ),
    switch(
        "AWS::EC2::LaunchTemplate",
        &["LaunchTemplateData", "NetworkInterfaces", "*", "AssociatePublicIpAddress"],
        TRUE,
        "what starts from it has a public address",
    ),
    switch(
        "AWS::AutoScaling::LaunchConfiguration",
        &["AssociatePublicIpAddress"],
        TRUE,
        "what starts from it has a public address",
    ),
    switch(
        "AWS::ECS::Service",
        &["NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"],
        &["ENABLED"],
        "its tasks have public addresses",
    ),
    switch("AWS::RDS::DBInstance", &["PubliclyAccessible"], TRUE, "it has a public address"),
    switch("AWS::RDS::DBCluster", &["PubliclyAccessible"], TRUE, "it has a public address"),
    switch("AWS::Redshift::Cluster", &["PubliclyAccessible"], TRUE, "it has a public address"),
    switch("AWS::DMS::ReplicationInstance", &["PubliclyAccessible"], TRUE, "it has a public address"),
    absent("AWS::ElasticLoadBalancingV2::LoadBalancer", &["Scheme"], &["internet-facing"], "it faces the internet"),
    absent("AWS::ElasticLoadBalancing::LoadBalancer", &["Scheme"], &["internet-facing"], "it faces the internet"),
    switch("AWS::EKS::Cluster", &["ResourcesVpcConfig", "EndpointPublicAccess"], TRUE, "its endpoint is public"),
    switch("AWS::EC2::Image", &["LaunchPermissions", "*", "Group"], &["all"], "everyone may start it"),
];

/// The blocks of public access that a bucket has unless it says otherwise.
const BLOCK: &str = "PublicAccessBlockConfiguration";

/// What of a resource everyone can reach, in canonical form.
pub(in super::super) fn exposures(holder: Holder<'_>) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let switches = SWITCHES.iter().filter(|switch| switch.type_name == holder.type_name);
    for switch in switches {
        let values = values(holder.properties, switch.path);
        let is_open = values.iter().any(|value| {
            let text = scalar_text(value);
            switch.open.iter().any(|open| open.eq_ignore_ascii_case(&text))
        });
        // What a block leaves out is open once a block is written; without one, the account's default holds.
        let in_block = switch.path[0] == BLOCK && values.is_empty() && holder.properties.contains_key(BLOCK);
        if is_open || in_block || (values.is_empty() && switch.open_when_absent) {
            found.push((holder.logical_id.to_owned(), switch.what));
        }
    }
    found
}

/// Whether a bucket loses its block of public access: that takes it away from a bucket that had it.
pub(in super::super) fn unblocked(before: Holder<'_>, after: Holder<'_>) -> Option<Exposure> {
    let loses = after.type_name == "AWS::S3::Bucket"
        && before.properties.contains_key(BLOCK)
        && !after.properties.contains_key(BLOCK);
    let what = "its block of public access is taken away";
    loses.then(|| Exposure { kind: ChangeKind::Added, logical_id: after.logical_id.to_owned(), what })
}

fn values<'a>(map: &'a Map, path: &[&str]) -> Vec<&'a Value> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    let mut found: Vec<&Value> = map.get(first).into_iter().collect();
    for step in rest {
        found = match *step {
            "*" => found.into_iter().filter_map(Value::as_list).flatten().collect(),
            key => found.into_iter().filter_map(|value| value.get(key)).collect(),
        };
    }
    found
}

/// What differs between two sets.
pub(in super::super) fn changes(before: &[(String, &'static str)], after: &[(String, &'static str)]) -> Vec<Exposure> {
    let difference = |kind, one: &[(String, &'static str)], other: &[(String, &'static str)]| {
        one.iter()
            .filter(|exposure| !other.contains(exposure))
            .map(|(logical_id, what)| Exposure { kind, logical_id: logical_id.clone(), what })
            .collect::<Vec<_>>()
    };
    let mut changes = difference(ChangeKind::Added, after, before);
    changes.extend(difference(ChangeKind::Removed, before, after));
    changes
}
