//! What is known of a resource type besides the shape of its properties.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::source::Sources;

use super::encoder::{Encoder, Strings};
use super::format::{self, flag, json_type};
use super::rules::Attached;
use super::schema::texts;

/// Types whose every property is an attribute. Kept in the code of cfn-lint (MIT-0), `schema/_getatts.py`.
const ALL_PROPERTIES: &[&str] = &[
    "AWS::Amplify::Branch",
    "AWS::Amplify::Domain",
    "AWS::AppSync::DomainName",
    "AWS::AppSync::FunctionConfiguration",
    "AWS::AppSync::Resolver",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::BackupVault",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::CodeArtifact::Domain",
    "AWS::CodeArtifact::Repository",
    "AWS::EC2::CapacityReservation",
    "AWS::EC2::Instance",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EFS::MountTarget",
    "AWS::EKS::Nodegroup",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Events::EventBus",
    "AWS::EventSchemas::Discoverer",
    "AWS::EventSchemas::Registry",
    "AWS::EventSchemas::Schema",
    "AWS::GameLift::GameSessionQueue",
    "AWS::GameLift::MatchmakingConfiguration",
    "AWS::GameLift::MatchmakingRuleSet",
    "AWS::Grafana::Workspace",
    "AWS::Greengrass::ConnectorDefinition",
    "AWS::Greengrass::CoreDefinition",
    "AWS::Greengrass::DeviceDefinition",
    "AWS::Greengrass::FunctionDefinition",
    "AWS::Greengrass::Group",
    "AWS::Greengrass::LoggerDefinition",
    "AWS::Greengrass::ResourceDefinition",
    "AWS::Greengrass::SubscriptionDefinition",
    "AWS::ImageBuilder::Component",
    "AWS::ImageBuilder::ContainerRecipe",
    "AWS::ImageBuilder::DistributionConfiguration",
    "AWS::ImageBuilder::ImagePipeline",
    "AWS::ImageBuilder::ImageRecipe",
    "AWS::ImageBuilder::InfrastructureConfiguration",
    "AWS::ManagedBlockchain::Node",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBParameterGroup",
    "AWS::RedshiftServerless::Workgroup",
    "AWS::RoboMaker::RobotApplication",
    "AWS::RoboMaker::SimulationApplication",
    "AWS::Route53Resolver::ResolverRule",
    "AWS::Route53Resolver::ResolverRuleAssociation",
    "AWS::S3::AccessPoint",
    "AWS::SageMaker::DataQualityJobDefinition",
    "AWS::SageMaker::ModelBiasJobDefinition",
    "AWS::SageMaker::ModelExplainabilityJobDefinition",
    "AWS::SageMaker::ModelQualityJobDefinition",
    "AWS::SageMaker::MonitoringSchedule",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
    "AWS::StepFunctions::Activity",
];

/// Properties that are attributes, too, of types that are not in the registry. From the same place.
const MORE_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("AWS::AppMesh::GatewayRoute", &["GatewayRouteName", "MeshName", "MeshOwner", "VirtualGatewayName"]),
    ("AWS::AppMesh::Mesh", &["MeshName"]),
    ("AWS::AppMesh::Route", &["MeshName", "MeshOwner", "RouteName", "VirtualRouterName"]),
    ("AWS::AppMesh::VirtualGateway", &["MeshName", "MeshOwner", "VirtualGatewayName"]),
    ("AWS::AppMesh::VirtualNode", &["MeshName", "MeshOwner", "VirtualNodeName"]),
    ("AWS::AppMesh::VirtualRouter", &["MeshName", "MeshOwner", "VirtualRouterName"]),
    ("AWS::AppMesh::VirtualService", &["MeshName", "MeshOwner", "VirtualServiceName"]),
    ("AWS::AppSync::DataSource", &["Name"]),
    ("AWS::Cloud9::EnvironmentEC2", &["Name"]),
    ("AWS::CloudWatch::InsightRule", &["RuleName"]),
    ("AWS::DocDB::DBCluster", &["Port"]),
    ("AWS::Greengrass::Group", &["Name", "RoleArn"]),
    ("AWS::IoT1Click::Device", &["Enabled"]),
    ("AWS::IoT1Click::Placement", &["PlacementName", "ProjectName"]),
    ("AWS::IoT1Click::Project", &["ProjectName"]),
    ("AWS::Kinesis::StreamConsumer", &["ConsumerName", "StreamARN"]),
    ("AWS::ManagedBlockchain::Member", &["NetworkId"]),
    ("AWS::MediaConvert::JobTemplate", &["Name"]),
    ("AWS::MediaConvert::Preset", &["Name"]),
    ("AWS::MediaConvert::Queue", &["Name"]),
    ("AWS::MediaLive::Input", &["Destinations", "Sources"]),
    ("AWS::OpsWorks::Instance", &["AvailabilityZone"]),
    ("AWS::OpsWorks::UserProfile", &["SshUsername"]),
    ("AWS::Route53Resolver::ResolverEndpoint", &["Direction", "Name"]),
    ("AWS::SageMaker::CodeRepository", &["CodeRepositoryName"]),
    ("AWS::SageMaker::Endpoint", &["EndpointName"]),
    ("AWS::SageMaker::EndpointConfig", &["EndpointConfigName"]),
    ("AWS::SageMaker::Model", &["ModelName"]),
    ("AWS::SageMaker::NotebookInstance", &["NotebookInstanceName"]),
    ("AWS::SageMaker::NotebookInstanceLifecycleConfig", &["NotebookInstanceLifecycleConfigName"]),
    ("AWS::SageMaker::Workteam", &["WorkteamName"]),
    ("AWS::ServiceDiscovery::Service", &["Name"]),
    ("AWS::Transfer::User", &["ServerId", "UserName"]),
];

/// What the second source adds, by resource type.
pub(crate) struct Additions<'a> {
    by_type: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Additions<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        let resources = sources.service_spec["schema"]["resource"]["entities"].as_array();
        let by_type = resources.into_iter().flatten();
        Self {
            by_type: by_type
                .filter_map(|resource| Some((resource["cloudFormationType"].as_str()?, resource)))
                .collect(),
        }
    }

    fn attributes(&self, type_name: &str) -> impl Iterator<Item = &'a str> {
        let attributes = self.by_type.get(type_name).and_then(|resource| resource["attributes"].as_object());
        attributes.into_iter().flat_map(|attributes| attributes.keys().map(String::as_str))
    }

    fn replacing(&self, type_name: &str, how: &'static str) -> impl Iterator<Item = &'a str> {
        let properties = self.by_type.get(type_name).and_then(|resource| resource["properties"].as_object());
        properties
            .into_iter()
            .flatten()
            .filter(move |(_, property)| property["causesReplacement"].as_str() == Some(how))
            .map(|(name, _)| name.as_str())
    }

    fn stateful(&self, type_name: &str) -> bool {
        self.by_type.get(type_name).is_some_and(|resource| resource["isStateful"].as_bool() == Some(true))
    }

    fn tag_property(&self, type_name: &str) -> Option<&'a str> {
        self.by_type.get(type_name)?["tagInformation"]["tagPropertyName"].as_str()
    }
}

/// Writes the facts of one type: the layout that `ResourceType` of the schema crate reads.
pub(crate) fn write(
    encoder: &mut Encoder,
    strings: &mut Strings,
    sources: &Sources,
    additions: &Additions<'_>,
    (type_name, schema): (&str, &Value),
    (root, rules): (u32, &[&Attached]),
) {
    encoder.offset(root);
    let stateful = sources.stateful["ResourceTypes"].get(type_name).is_some() || additions.stateful(type_name);
    let any_attribute = type_name == "AWS::CloudFormation::CustomResource"
        || schema["readOnlyProperties"]
            .as_array()
            .is_some_and(|paths| paths.iter().any(|path| path == "/properties/*"));
    encoder.byte(if stateful { flag::STATEFUL } else { 0 } | if any_attribute { flag::ANY_ATTRIBUTE } else { 0 });
    encoder.offset(strings.intern(&tag_property(type_name, schema, additions).unwrap_or_default()));

    let attributes = attributes(type_name, schema, additions);
    encoder.count(attributes.len() as u64);
    for (name, pointer) in &attributes {
        let (types, format) = pointer.as_deref().map_or((0, 0), |pointer| kind_at(schema, pointer));
        encoder.offset(strings.intern(name));
        encoder.byte(types);
        encoder.byte(format);
    }
    let (create_only, conditional) = replacing(type_name, schema, additions);
    for paths in [
        paths(schema, "readOnlyProperties"),
        create_only,
        conditional,
        paths(schema, "writeOnlyProperties"),
        paths(schema, "deprecatedProperties"),
    ] {
        encoder.offsets(&strings.sorted(paths.iter().map(String::as_str)));
    }
    // The order of a primary identifier means something.
    let identifier: Vec<u32> =
        texts(&schema["primaryIdentifier"]).map(|path| strings.intern(&property_path(path))).collect();
    encoder.offsets(&identifier);
    encoder.count(rules.len() as u64);
    for rule in rules {
        encoder.offset(rule.node);
        encoder.byte(u8::from(rule.warning));
        encoder.offset(strings.intern(rule.message));
    }
}

fn tag_property(type_name: &str, schema: &Value, additions: &Additions<'_>) -> Option<String> {
    let tagging = &schema["tagging"];
    if tagging["taggable"] == Value::Bool(false) || schema["taggable"] == Value::Bool(false) {
        return None;
    }
    let declared = tagging["tagProperty"].as_str().map(property_path);
    let name = declared.or_else(|| additions.tag_property(type_name).map(str::to_owned));
    let name = name.unwrap_or_else(|| "Tags".to_owned());
    let exists = schema["properties"].get(name.split('/').next().unwrap_or(&name)).is_some();
    exists.then_some(name)
}

/// The attributes with the pointer to the schema of each, where there is one.
fn attributes(type_name: &str, schema: &Value, additions: &Additions<'_>) -> BTreeMap<String, Option<String>> {
    let mut attributes = BTreeMap::new();
    let mut add = |pointer: &str| {
        let path = property_path(pointer);
        if !path.contains('*') {
            attributes.insert(path.replace('/', "."), Some(pointer.to_owned()));
        }
    };
    if ALL_PROPERTIES.contains(&type_name) {
        for name in schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys()) {
            add_leaves(schema, &format!("/properties/{name}"), 0, &mut add);
        }
    }
    for (_, names) in MORE_ATTRIBUTES.iter().filter(|(name, _)| *name == type_name) {
        for name in *names {
            add(&format!("/properties/{name}"));
        }
    }
    for pointer in texts(&schema["readOnlyProperties"]) {
        add(pointer);
    }
    for name in additions.attributes(type_name) {
        attributes.entry(name.to_owned()).or_insert(None);
    }
    attributes
}

/// Adds the properties below `pointer` that are no mappings.
fn add_leaves(schema: &Value, pointer: &str, depth: usize, add: &mut impl FnMut(&str)) {
    let Some(target) = resolve(schema, pointer) else { return add(pointer) };
    match target["properties"].as_object() {
        Some(properties) if depth < 4 => {
            for name in properties.keys() {
                add_leaves(schema, &format!("{pointer}/{name}"), depth + 1, add);
            }
        }
        _ => add(pointer),
    }
}

/// The JSON types and the format of the value that a property pointer such as `/properties/Endpoint/Port` leads to.
fn kind_at(schema: &Value, pointer: &str) -> (u8, u8) {
    let Some(target) = resolve(schema, pointer) else { return (0, 0) };
    let bit = |name: &str| match name {
        "object" => json_type::OBJECT,
        "array" => json_type::ARRAY,
        "string" => json_type::STRING,
        "integer" => json_type::INTEGER,
        "number" => json_type::NUMBER,
        "boolean" => json_type::BOOLEAN,
        _ => 0,
    };
    let types = match &target["type"] {
        Value::String(name) => bit(name),
        names @ Value::Array(_) => texts(names).map(bit).fold(0, |all, one| all | one),
        _ => 0,
    };
    let format = target["format"].as_str().and_then(|name| format::FORMATS.iter().position(|known| *known == name));
    (types, format.map_or(0, |number| u8::try_from(number).expect("few formats")))
}

/// The schema of a property by its pointer, through definitions.
fn resolve<'a>(schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut target = schema;
    for name in property_path(pointer).split('/') {
        target = target.get("properties")?.get(name)?;
        for _ in 0..8 {
            let Some(reference) = target["$ref"].as_str() else { break };
            target = schema.pointer(reference.trim_start_matches('#'))?;
        }
    }
    Some(target)
}

/// The properties whose change always, and under conditions, replaces the resource.
fn replacing(type_name: &str, schema: &Value, additions: &Additions<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut always = paths(schema, "createOnlyProperties");
    let mut conditional = paths(schema, "conditionalCreateOnlyProperties");
    let covered = |paths: &BTreeSet<String>, name: &str| paths.iter().any(|path| path.split('/').next() == Some(name));
    for name in additions.replacing(type_name, "maybe") {
        if !covered(&always, name) && !covered(&conditional, name) {
            conditional.insert(name.to_owned());
        }
    }
    for name in additions.replacing(type_name, "yes") {
        if !covered(&always, name) && !covered(&conditional, name) {
            always.insert(name.to_owned());
        }
    }
    (always, conditional)
}

fn paths(schema: &Value, keyword: &str) -> BTreeSet<String> {
    texts(&schema[keyword]).map(property_path).collect()
}

/// `/properties/A/properties/B/items/C` and `/properties/A/B/*/C` as `A/B/*/C`.
fn property_path(pointer: &str) -> String {
    let path = pointer.trim_start_matches("/properties/").trim_start_matches('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "items" => steps.push("*"),
            "properties" => {}
            _ => steps.push(step),
        }
    }
    steps.join("/")
}
