//! Which rules across properties are taken from the source, where they apply, and what they mean in our words.

use serde_json::Value;

use crate::source::Sources;

use super::schema::{Document, Nodes, texts};

/// A rule of the source, attached to a place of resource types.
struct Rule {
    /// The type whose rules it is kept with, or the name of its folder.
    owner: &'static str,
    /// Its name there, with a pointer when only a part of it is taken.
    name: &'static str,
    /// The type and the property it looks at; `*` is every item of a list.
    places: &'static [(&'static str, &'static str)],
    severity: Severity,
    /// What is wrong when it does not hold.
    message: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Severity {
    Warning,
    Error,
}

/// A rule as it is written into a resource type.
pub(crate) struct Attached {
    pub(crate) type_name: &'static str,
    pub(crate) node: u32,
    pub(crate) warning: bool,
    pub(crate) message: &'static str,
}

const FUNCTIONS: &[(&str, &str)] = &[("AWS::Lambda::Function", ""), ("AWS::Serverless::Function", "")];
const VARIABLES: &[(&str, &str)] =
    &[("AWS::Lambda::Function", "Environment/Variables"), ("AWS::Serverless::Function", "Environment/Variables")];
const GROUP_RULES: &[(&str, &str)] = &[
    ("AWS::EC2::SecurityGroup", "SecurityGroupIngress/*"),
    ("AWS::EC2::SecurityGroup", "SecurityGroupEgress/*"),
    ("AWS::EC2::SecurityGroupIngress", ""),
    ("AWS::EC2::SecurityGroupEgress", ""),
];
const VOLUMES: &[(&str, &str)] = &[
    ("AWS::AutoScaling::LaunchConfiguration", "BlockDeviceMappings/*/Ebs"),
    ("AWS::EC2::Instance", "BlockDeviceMappings/*/Ebs"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/BlockDeviceMappings/*/Ebs"),
    ("AWS::EC2::SpotFleet", "SpotFleetRequestConfigData/LaunchSpecifications/*/BlockDeviceMappings/*/Ebs"),
];
const DEVICES: &[(&str, &str)] = &[
    ("AWS::AutoScaling::LaunchConfiguration", "BlockDeviceMappings/*"),
    ("AWS::EC2::Instance", "BlockDeviceMappings/*"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/BlockDeviceMappings/*"),
    ("AWS::EC2::SpotFleet", "SpotFleetRequestConfigData/LaunchSpecifications/*/BlockDeviceMappings/*"),
];
const RECORDS: &[(&str, &str)] = &[("AWS::Route53::RecordSet", ""), ("AWS::Route53::RecordSetGroup", "RecordSets/*")];
const CACHE_BEHAVIORS: &[(&str, &str)] = &[
    ("AWS::CloudFront::Distribution", "DistributionConfig/DefaultCacheBehavior"),
    ("AWS::CloudFront::Distribution", "DistributionConfig/CacheBehaviors/*"),
];

macro_rules! rules {
    ($($owner:literal $name:literal $places:expr, $severity:ident $message:literal;)*) => {
        &[$(Rule { owner: $owner, name: $name, places: $places, severity: Severity::$severity, message: $message },)*]
    };
}

const RULES: &[Rule] = rules! {
    "AWS::ApiGateway::Authorizer" "ttl" &[("AWS::ApiGateway::Authorizer", "")], Error "the result of an authorizer is kept for at most an hour";
    "AWS::ApiGateway::RestApi" "openapi_properties" &[("AWS::ApiGateway::RestApi", "")], Error "a REST API without `Body` or `BodyS3Location` needs a `Name`";
    "AWS::ApiGateway::Stage" "method_settings_resource_path" &[("AWS::ApiGateway::Stage", "MethodSettings/*")], Error "the `ResourcePath` of method settings starts with a slash";
    "AWS::CloudFront::Distribution" "forward_enum" CACHE_BEHAVIORS, Error "without a cache policy, cookies are forwarded as `all`, `none` or `whitelist`";
    "AWS::CloudWatch::Alarm" "period" &[("AWS::CloudWatch::Alarm", "")], Error "the period of an alarm is 10, 20, 30 or a multiple of 60 seconds";
    "AWS::CodeBuild::Project" "s3_locations" &[("AWS::CodeBuild::Project", "Artifacts"), ("AWS::CodeBuild::Project", "Source")], Error "the type `S3` needs a `Location`";
    "AWS::DynamoDB::Table" "billingmode_exclusive" &[("AWS::DynamoDB::Table", "")], Error "a table billed by request has no provisioned throughput";
    "AWS::DynamoDB::Table" "billingmode_provisioned_dependent" &[("AWS::DynamoDB::Table", "")], Error "a table of provisioned billing, the default, needs `ProvisionedThroughput` of at least 1";
    "AWS::EC2::Instance" "blockdevicemappings" VOLUMES, Error "the volume type wants another number of `Iops`";
    "AWS::EC2::Instance" "privateipaddress" &[("AWS::EC2::Instance", ""), ("AWS::EC2::NetworkInterface", "")], Error "only one private address is the primary one";
    "AWS::EC2::Instance" "virtualname_ephemeral" DEVICES, Error "a virtual device without `Ebs` is called `ephemeral0` to `ephemeral23`";
    "AWS::EC2::SecurityGroup" "all_to_and_from_ports" GROUP_RULES, Error "when one port is -1, the other must be, too";
    "AWS::EC2::SecurityGroup" "protocols_and_port_ranges_exclude" GROUP_RULES, Warning "ports mean nothing for this protocol";
    "AWS::EC2::SecurityGroup" "protocols_and_port_ranges_include" GROUP_RULES, Error "the protocol needs `FromPort` and `ToPort`";
    "AWS::EC2::VPNGateway" "type_enum" &[("AWS::EC2::VPNGateway", "Type")], Warning "the only type of VPN gateways is `ipsec.1`";
    "AWS::ECS::Service" "fargate" &[("AWS::ECS::Service", "")], Error "Fargate services and external deployments are scheduled as `REPLICA`";
    "AWS::ECS::TaskDefinition" "containerdefinitions_essential" &[("AWS::ECS::TaskDefinition", "ContainerDefinitions")], Error "a task needs at least one essential container";
    "AWS::ECS::TaskDefinition" "fargate_cpu_memory" &[("AWS::ECS::TaskDefinition", "")], Error "Fargate does not offer this combination of CPU and memory";
    "AWS::ECS::TaskDefinition" "fargate_properties" &[("AWS::ECS::TaskDefinition", "")], Error "a Fargate task needs `Cpu`, `Memory` and the network mode `awsvpc`, and takes no placement constraints";
    "AWS::ECS::TaskDefinition" "logging_configuration" &[("AWS::ECS::TaskDefinition", "ContainerDefinitions/*/LogConfiguration")], Error "the log driver `awslogs` needs the options `awslogs-group` and `awslogs-region`, and knows only a few others";
    "AWS::ElastiCache::ReplicationGroup" "transitencryptionenabled_valkey" &[("AWS::ElastiCache::ReplicationGroup", "")], Error "the engine `valkey` needs `TransitEncryptionEnabled`";
    "AWS::ElasticLoadBalancing::LoadBalancer" "certificate" &[("AWS::ElasticLoadBalancing::LoadBalancer", "Listeners/*")], Error "a listener of HTTPS or SSL needs a certificate";
    "AWS::ElasticLoadBalancingV2::Listener" "certificate" &[("AWS::ElasticLoadBalancingV2::Listener", "")], Error "a listener of HTTPS or TLS needs a certificate";
    "AWS::ElasticLoadBalancingV2::LoadBalancer" "application_subnets" &[("AWS::ElasticLoadBalancingV2::LoadBalancer", "")], Error "an application load balancer stands in at least two subnets";
    "AWS::ElasticLoadBalancingV2::TargetGroup" "healthcheckprotocol_restrictions" &[("AWS::ElasticLoadBalancingV2::TargetGroup", "")], Error "only health checks of HTTP and HTTPS have a matcher";
    "AWS::ElasticLoadBalancingV2::TargetGroup" "protocol_restrictions" &[("AWS::ElasticLoadBalancingV2::TargetGroup", "")], Error "the protocol GENEVE has port 6081";
    "AWS::ElasticLoadBalancingV2::TargetGroup" "targettype_restrictions" &[("AWS::ElasticLoadBalancingV2::TargetGroup", "")], Error "a target group of functions has no port, protocol and VPC, and every other needs them";
    "AWS::FSx::FileSystem" "storage_capacity" &[("AWS::FSx::FileSystem", "")], Error "the kind of file system wants another storage capacity";
    "AWS::Lambda::EventSourceMapping" "eventsourcearn_sqs_exclusive" &[("AWS::Lambda::EventSourceMapping", "")], Error "a queue as source takes no `StartingPosition`";
    "AWS::Lambda::EventSourceMapping" "eventsourcearn_stream_inclusive" &[("AWS::Lambda::EventSourceMapping", "")], Error "a stream as source needs a `StartingPosition`";
    "AWS::Lambda::Function" "capacity_provider_timeout" &[("AWS::Lambda::Function", "")], Error "a function runs for at most 900 seconds";
    "AWS::Lambda::Function" "environment_variable_keys" VARIABLES, Error "the runtime reserves this environment variable";
    "AWS::Lambda::Function" "loglevel_logformat" FUNCTIONS, Error "the log format `Text` has no system log level";
    "AWS::Lambda::Function" "packagetype_image_exclusions" FUNCTIONS, Error "a function of an image has no handler, runtime and layers";
    "AWS::Lambda::Function" "zipfile_runtime_enum" FUNCTIONS, Error "inline code runs on Node.js and Python only";
    "AWS::Lambda::Function" "zipfile_runtime_exists" FUNCTIONS, Error "inline code needs a runtime";
    "AWS::RDS::DBCluster" "aurora" &[("AWS::RDS::DBCluster", "")], Error "an Aurora cluster does not take this";
    "AWS::RDS::DBCluster" "aurora_warning" &[("AWS::RDS::DBCluster", "")], Warning "a serverless Aurora cluster ignores performance insights";
    "AWS::RDS::DBCluster" "monitoring" &[("AWS::RDS::DBCluster", "")], Error "`MonitoringInterval` and `MonitoringRoleArn` belong together";
    "AWS::RDS::DBCluster" "multiaz" &[("AWS::RDS::DBCluster", "")], Error "a cluster of this engine takes other properties";
    "AWS::RDS::DBCluster" "serverless_exclusive" &[("AWS::RDS::DBCluster", "")], Error "the engine mode takes another scaling configuration";
    "AWS::RDS::DBCluster" "snapshotidentifier" &[("AWS::RDS::DBCluster", "")], Warning "a cluster that is restored from a snapshot keeps its user";
    "AWS::RDS::DBCluster" "sourcedbclusteridentifier" &[("AWS::RDS::DBCluster", "")], Warning "a cluster that is restored from another keeps its user and its encryption";
    "AWS::RDS::DBInstance" "aurora_exclusive" &[("AWS::RDS::DBInstance", "")], Error "an Aurora instance takes storage, password and deletion protection from its cluster";
    "AWS::RDS::DBInstance" "backupretentionperiod_maximum" &[("AWS::RDS::DBInstance", "")], Error "backups are kept for at most 35 days, and those of a cluster by the cluster";
    "AWS::RDS::DBInstance" "kmskey_storageencrypted" &[("AWS::RDS::DBInstance", "")], Error "a key needs `StorageEncrypted`";
    "AWS::RDS::DBInstance" "replicamode_enum" &[("AWS::RDS::DBInstance", "")], Error "the replica mode is `mounted` or `open-read-only`";
    "AWS::Route53::HealthCheck" "healthcheckconfig_type_inclusive" &[("AWS::Route53::HealthCheck", "HealthCheckConfig")], Error "a health check of a CloudWatch alarm needs an `AlarmIdentifier`";
    "AWS::Route53::RecordSet" "recordset_alias" RECORDS, Error "an alias has no `TTL`";
    "AWS::Route53::RecordSet" "recordset_pattern" RECORDS, Error "the record does not have the form of its type";
    "AWS::S3::Bucket" "ownershipcontrols" &[("AWS::S3::Bucket", "")], Error "an access control list needs `OwnershipControls`, as buckets have none by default";
    "AWS::SQS::Queue" "properties/allOf/1" &[("AWS::SQS::Queue", "")], Error "a standard queue takes no properties of FIFO queues";
};

/// The type and the name of a table, with the places where its names stand: types and paths.
type NameTable = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Tables of names by region, of which the union over all regions is taken: a name that is in none is most likely
/// misspelt, but the service may have learned it since, so these are warnings.
const NAMES: &[NameTable] = &[
    ("AWS::AmazonMQ::Broker", "instancetype_enum", &[("AWS::AmazonMQ::Broker", "HostInstanceType")]),
    ("AWS::AppStream::Fleet", "instancetype_enum", &[("AWS::AppStream::Fleet", "InstanceType")]),
    ("AWS::DAX::Cluster", "nodetype_enum", &[("AWS::DAX::Cluster", "NodeType")]),
    ("AWS::DocDB::DBInstance", "dbinstanceclass_enum", &[("AWS::DocDB::DBInstance", "DBInstanceClass")]),
    (
        "AWS::EC2::Instance",
        "instancetype_enum",
        &[
            ("AWS::EC2::Instance", "InstanceType"),
            ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/InstanceType"),
            ("AWS::EC2::EC2Fleet", "LaunchTemplateConfigs/*/Overrides/*/InstanceType"),
            ("AWS::AutoScaling::LaunchConfiguration", "InstanceType"),
        ],
    ),
    ("AWS::ElastiCache::CacheCluster", "cachenodetype_enum", &[("AWS::ElastiCache::CacheCluster", "CacheNodeType")]),
    (
        "AWS::Elasticsearch::Domain",
        "elasticsearchclusterconfig_instancetype_enum",
        &[("AWS::Elasticsearch::Domain", "ElasticsearchClusterConfig/InstanceType")],
    ),
    (
        "AWS::EMR::Cluster",
        "instancetypeconfig_instancetype_enum",
        &[
            ("AWS::EMR::Cluster", "Instances/CoreInstanceGroup/InstanceType"),
            ("AWS::EMR::Cluster", "Instances/MasterInstanceGroup/InstanceType"),
        ],
    ),
    ("AWS::GameLift::Fleet", "ec2instancetype_enum", &[("AWS::GameLift::Fleet", "EC2InstanceType")]),
    ("AWS::Neptune::DBInstance", "dbinstanceclass_enum", &[("AWS::Neptune::DBInstance", "DBInstanceClass")]),
    (
        "AWS::OpenSearchService::Domain",
        "clusterconfig_instancetype_enum",
        &[("AWS::OpenSearchService::Domain", "ClusterConfig/InstanceType")],
    ),
    ("AWS::RDS::DBCluster", "dbclusterinstanceclass_enum", &[("AWS::RDS::DBCluster", "DBClusterInstanceClass")]),
    ("AWS::RDS::DBInstance", "dbinstanceclass_enum", &[("AWS::RDS::DBInstance", "DBInstanceClass")]),
    ("AWS::Redshift::Cluster", "nodetype_enum", &[("AWS::Redshift::Cluster", "NodeType")]),
];

const UNKNOWN_NAME: &str = "the name is in no table of any region";

/// Writes every rule, one entry a place.
pub(crate) fn attach(sources: &Sources, nodes: &mut Nodes) -> anyhow::Result<Vec<Attached>> {
    let mut attached = Vec::new();
    let rule = |owner: &str, name: &str| {
        let (name, part) = name.split_once('/').unwrap_or((name, ""));
        let rule = sources.extensions.get(owner).and_then(|rules| rules.get(name));
        let rule = rule.and_then(|rule| if part.is_empty() { Some(rule) } else { rule.pointer(&format!("/{part}")) });
        rule.ok_or_else(|| anyhow::anyhow!("the source has no rule {name} of {owner} any more"))
    };
    for entry in RULES {
        let schema = rule(entry.owner, entry.name)?;
        let node = nodes.node(&mut Document::new(schema), schema);
        for (type_name, place) in entry.places {
            let node = nodes.wrapped(&steps(place), node);
            let warning = entry.severity == Severity::Warning;
            attached.push(Attached { type_name, node, warning, message: entry.message });
        }
    }
    for (owner, name, places) in NAMES {
        let table = rule(owner, name)?;
        for (type_name, place) in *places {
            let property = place.rsplit('/').next().expect("a split has a last part");
            let mut names = Vec::new();
            collect_names(table, property, true, &mut names);
            let node = nodes.enumeration(names);
            let node = nodes.wrapped(&steps(place), node);
            attached.push(Attached { type_name, node, warning: true, message: UNKNOWN_NAME });
        }
    }
    Ok(attached)
}

fn steps(place: &str) -> Vec<&str> {
    place.split('/').filter(|step| !step.is_empty()).collect()
}

/// Collects the enumerations below `table`: those of `property`, and those that stand for the value itself.
fn collect_names<'a>(table: &'a Value, property: &str, own: bool, names: &mut Vec<&'a str>) {
    match table {
        Value::Object(members) => {
            for (key, value) in members {
                match key.as_str() {
                    "enum" if own => names.extend(texts(value)),
                    "if" | "description" => {}
                    "properties" => {
                        if let Some(value) = value.get(property) {
                            collect_names(value, property, true, names);
                        }
                    }
                    _ => collect_names(value, property, own, names),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_names(item, property, own, names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_all_regions_are_collected() {
        let table = json!({"eu-west-1": {"enum": ["a", "b"]}, "us-east-1": {"enum": ["c"]}, "description": "x"});
        let mut names = Vec::new();
        collect_names(&table, "Class", true, &mut names);
        assert_eq!(names, ["a", "b", "c"]);
    }

    #[test]
    fn conditions_of_a_table_are_no_names() {
        let table = json!({"allOf": [{
            "if": {"properties": {"Engine": {"enum": ["mysql"]}}},
            "then": {"properties": {"Class": {"enum": ["db.x"]}, "Engine": {"enum": ["mysql"]}}},
        }]});
        let mut names = Vec::new();
        collect_names(&table, "Class", true, &mut names);
        assert_eq!(names, ["db.x"]);
    }
}
