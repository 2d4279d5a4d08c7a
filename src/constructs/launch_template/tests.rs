use super::*;
use crate::assets::Architecture;
use crate::constructs::instance_type;
use crate::constructs::testing::template_of;
use crate::constructs::{InstanceProfile, Role, SecurityGroup, Vpc, ipv4_block};
use crate::core::gib;

#[test]
fn a_worker_that_ends_when_it_is_done() {
    let template = template_of(|stack| {
        let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
        let group = stack.add("Group", SecurityGroup::new(&network, "workers"));
        let profile = stack.add("Profile", InstanceProfile::new());
        let image = MachineImage::parameter("/imagebuilder/genome-ami/ami-id");
        let worker = LaunchTemplate::new(instance_type!("r6id.2xlarge"), image)
            .volume(EbsVolume::new("/dev/sda1", gib::<16>()))
            .profile(&profile)
            .security_group(&group)
            .on_shutdown(ShutdownBehavior::Terminate)
            .user_data("#!/bin/sh\nshutdown -h +360\n")
            .detailed_monitoring()
            .instance_setting("EbsOptimized", true)
            .tag("purpose", "genomes");
        let worker = stack.add("Worker", worker);
        let starter = stack.add("Starter", Role::for_service("lambda.amazonaws.com"));
        stack.allow(&starter, worker.launch(network.public_subnets()));
        stack.output("Version", worker.latest_version());
    });
    let compact: String = template.split_whitespace().collect();
    for expected in [
        r#""MetadataOptions":{"HttpEndpoint":"enabled","HttpTokens":"required","HttpPutResponseHopLimit":1}"#,
        r#""InstanceInitiatedShutdownBehavior":"terminate""#,
        r#""Encrypted":true"#,
        r#""ArnEquals":{"ec2:LaunchTemplate":"#,
        r#""iam:PassedToService":"ec2.amazonaws.com""#,
    ] {
        assert!(compact.contains(expected), "{expected} is not in {compact}");
    }
    assert!(!compact.contains("KeyName") && !compact.contains("SecurityGroupIngress"), "{compact}");
    insta::assert_snapshot!(template);
}

#[test]
fn public_parameters_belong_to_no_account() {
    let image = MachineImage::amazon_linux_2023(Architecture::X86_64);
    let arn = image.parameter_name().map(parameter_arn).unwrap_or_default();
    let text = format!("{arn:?}");
    assert!(text.contains("::parameter/aws/service/ami-amazon-linux-latest/"), "{text}");
    assert!(!text.contains("AccountId"), "{text}");
    assert!(format!("{:?}", parameter_arn(&"image".into())).contains("parameter/image"));
}

#[test]
fn the_root_volume_of_a_known_image_is_encrypted_though_nothing_is_said_of_it() {
    let template = template_of(|stack| {
        let image = MachineImage::amazon_linux_2023(Architecture::X86_64);
        stack.add("Worker", LaunchTemplate::new(instance_type!("t3.small"), image));
        let unknown = MachineImage::parameter("/images/worker");
        stack.add("Other", LaunchTemplate::new(instance_type!("t3.small"), unknown));
    });
    let compact: String = template.split_whitespace().collect();
    assert_eq!(compact.matches(r#"{"DeviceName":"/dev/xvda","Ebs":{"VolumeType":"gp3","Encrypted":true"#).count(), 1);
    assert_eq!(compact.matches("BlockDeviceMappings").count(), 1);
}
