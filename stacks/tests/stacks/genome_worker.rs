//! genome-pipeline: the instances of the worker.

use genome_pipeline::contract::{WorkerEnv, keys};
use stackgen::contract::Environment;

use crate::synthesized::{Questions, app, template, text};

fn pipeline() -> Questions {
    template("genome-pipeline")
}

#[test]
fn the_scheduler_hands_the_worker_its_environment() {
    let lines = pipeline().text("SchedulerFunction", "Environment.Variables.WORKER_ENVIRONMENT");
    let loaded = WorkerEnv::load_from(|name| {
        lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    });
    let variables: Vec<(&str, String)> = loaded.unwrap().variables();
    let expected = [
        ("JOBS_TABLE", "${Jobs}"),
        ("TASKS_TABLE", "${Tasks}"),
        ("TARGETS_TABLE", "${Targets}"),
        ("GENOMES_TABLE", "${Genomes}"),
        ("GENOME_BUCKET", "${GenomeBucket}"),
        ("LOG_GROUP", "${WorkerLog}"),
        ("NCBI_API_BASE", "${ncbiApiBase}"),
        ("NCBI_FTP_BASE", "${ncbiFtpBase}"),
    ];
    assert_eq!(variables, expected.map(|(name, value)| (name, value.to_owned())));
    assert_eq!(lines.lines().count(), expected.len());
}

#[test]
fn the_worker_starts_from_the_image_of_the_other_stack_by_its_name() {
    let questions = pipeline();
    let parameter = keys::image_parameter("genome-ami");
    for (property, value) in [
        ("ImageId", format!("resolve:ssm:{parameter}").as_str()),
        ("InstanceType", "r6id.2xlarge"),
        ("InstanceInitiatedShutdownBehavior", "terminate"),
        ("MetadataOptions.HttpTokens", "required"),
        ("MetadataOptions.HttpPutResponseHopLimit", "1"),
        ("BlockDeviceMappings.0.Ebs.Encrypted", "true"),
        ("IamInstanceProfile.Arn", "${WorkerProfile.Arn}"),
        ("SecurityGroupIds", "[${WorkerSecurityGroup.GroupId}]"),
    ] {
        assert_eq!(questions.text("WorkerTemplate", &format!("LaunchTemplateData.{property}")), value, "{property}");
    }
    let data = questions.value("WorkerTemplate", "LaunchTemplateData");
    assert!(data.get("KeyName").is_none() && data.get("UserData").is_none());
    let scheduler = |name: &str| questions.text("SchedulerFunction", &format!("Environment.Variables.{name}"));
    assert_eq!(scheduler("IMAGE_PARAMETER"), parameter);
    assert_eq!(scheduler("LAUNCH_TEMPLATE_ID"), "${WorkerTemplate}");
    assert_eq!(scheduler("SUBNET_IDS"), "${WorkerNetworkPublicSubnet1},${WorkerNetworkPublicSubnet2}");
    assert_eq!(scheduler("EC2_CUTOFF_MIB"), "650");
    // Neither waits for the other: a missing image is a reason for a job to fail.
    assert!(app().stack("genome-pipeline").unwrap().dependencies.is_empty());
}

#[test]
fn nobody_connects_to_the_worker() {
    let questions = pipeline();
    for (logical_id, group) in questions.of_type("AWS::EC2::SecurityGroup") {
        assert!(!group.contains_key("SecurityGroupIngress"), "{logical_id}");
    }
    for kind in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::NatGateway", "AWS::EC2::Instance", "AWS::EC2::KeyPair"] {
        assert!(questions.ids_of_type(kind).is_empty(), "{kind}");
    }
    assert_eq!(questions.ids_of_type("AWS::EC2::Subnet").len(), 2);
    let endpoints: Vec<_> = questions
        .of_type("AWS::EC2::VPCEndpoint")
        .map(|(_, endpoint)| {
            (text(endpoint.get("ServiceName").unwrap()), text(endpoint.get("VpcEndpointType").unwrap()))
        })
        .collect();
    let gateway = |service: &str| (format!("com.amazonaws.${{AWS::Region}}.{service}"), "Gateway".to_owned());
    assert_eq!(endpoints, [gateway("s3"), gateway("dynamodb")]);
}
