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
