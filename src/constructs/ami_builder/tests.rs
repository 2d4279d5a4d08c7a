use super::*;
use crate::assets::Architecture;
use crate::constructs::image_name;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{LaunchTemplate, Vpc, ipv4_block};
use crate::core::gib;

fn builder() -> AmiBuilder {
    let base = MachineImage::ubuntu_24_04(Architecture::X86_64);
    AmiBuilder::new(image_name!("genome-worker"), base, EbsVolume::new("/dev/sda1", gib::<16>()))
}

/// A program of this workspace; its hash changes with every edit of its sources, so it is blotted out.
fn program() -> ImageProgram {
    ImageProgram::rust("stackgen-app", "stackgen", Architecture::X86_64)
}

fn without_short_hashes(template: &str) -> String {
    let mut blotted = String::with_capacity(template.len());
    for line in template.split_inclusive('\n') {
        let named = line.trim_start().starts_with("\"Name\": \"test-genome-worker-");
        match line.rfind('-').filter(|_| named && !line.trim_end().trim_end_matches(',').ends_with("buildDate }}\"")) {
            Some(start)
                if line.len() > start + 9
                    && line.as_bytes()[start + 1..start + 9].iter().all(u8::is_ascii_hexdigit) =>
            {
                blotted.push_str(&line[..=start]);
                blotted.push_str("00000000");
                blotted.push_str(&line[start + 9..]);
            }
            _ => blotted.push_str(line),
        }
    }
    blotted
}

#[test]
fn an_image_with_a_program() {
    let template = template_of(|stack| {
        let image = stack.add("Image", builder().install(program()));
        stack.output("Image", image.image_id());
        assert_eq!(image.parameter_name(), "/imagebuilder/test/ami-id");
        assert_eq!(image.pipeline().id().logical_id(), "ImagePipeline");
    });
    let compact: String = template.split_whitespace().collect();
    for expected in [
        r#""ParentImage":"ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id""#,
        r#""Ebs":{"VolumeType":"gp3","VolumeSize":16,"Encrypted":true,"DeleteOnTermination":true}"#,
        r#""InstanceMetadataOptions":{"HttpTokens":"required","HttpPutResponseHopLimit":1}"#,
        r#""TerminateInstanceOnFailure":true"#,
        r#""Name":"genome-worker-{{imagebuilder:buildDate}}""#,
        r#"[{"ParameterName":"/imagebuilder/test/ami-id","DataType":"aws:ec2:image"}]"#,
        r#""PipelineExecutionStartCondition":"EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE""#,
    ] {
        assert!(compact.contains(expected), "{expected} is not in {compact}");
    }
    assert!(!compact.contains("SecurityGroupIngress") && !compact.contains("KeyPair"), "{compact}");
    // The image is built as soon as it is made, under a role that can then read the program.
    assert!(
        compact.contains(r#""Roles":[{"Ref":"ImageProfileRole"}]},"DependsOn":"ImageProfileRolePolicy""#),
        "{compact}"
    );
    insta::assert_snapshot!(without_short_hashes(&template));
}

#[test]
fn an_image_in_a_network_of_its_own() {
    let template = template_of(|stack| {
        let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/24")));
        let step = ImageStep::bash("Install", "apt-get install --yes jq");
        let component = ImageComponent::new(image_name!("jq"), "the JSON processor").build(step);
        let image = builder()
            .component(component)
            .instance_type(crate::constructs::instance_type!("t3.large"))
            .network(&network, &network.public_subnets()[0])
            .schedule("cron(0 0 1 * ? *)");
        stack.add("Image", image);
    });
    insta::assert_snapshot!(template);
}

#[test]
fn what_is_added_to_an_image_changes_its_versions() {
    let versions = |script: &'static str| {
        let template = template_of(|stack| {
            let component =
                ImageComponent::new(image_name!("tool"), "a tool").build(ImageStep::bash("Install", script));
            stack.add("Image", builder().component(component));
        });
        let lines = template.lines().filter(|line| line.contains("\"Version\": \"1.0."));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, two) = (versions("one"), versions("two"));
    assert_eq!((one.len(), two.len()), (2, 2));
    assert!(one.iter().all(|version| !two.contains(version)));
    assert_eq!(one, versions("one"));
}

#[test]
fn an_empty_image_is_reported() {
    let problems = problems_of(|stack| {
        stack.add("Image", builder());
    });
    assert!(problems.contains(&"the image `genome-worker` has nothing in it".to_owned()), "{problems:?}");
}

#[test]
fn documents_that_image_builder_refuses_are_reported() {
    let problems = problems_of(|stack| {
        let long = "# nothing\n".repeat(2_000);
        let image = builder()
            .component(ImageComponent::new(image_name!("empty"), "nothing"))
            .component(
                ImageComponent::new(image_name!("twice"), "the same name twice")
                    .build(ImageStep::bash("Install", "true"))
                    .build(ImageStep::bash("Install", "true"))
                    .validate(ImageStep::bash("Install", "true")),
            )
            .component(ImageComponent::new(image_name!("long"), "too much").build(ImageStep::bash("Install", long)));
        stack.add("Image", image);
    });
    for expected in [
        "the component `empty` has no steps",
        "the component `twice` has two steps `Install` in phase build",
        "the document of the component `long` has",
    ] {
        let count = problems.iter().filter(|problem| problem.starts_with(expected)).count();
        assert_eq!(count, 1, "{expected} in {problems:#?}");
    }
}

#[test]
fn instances_encrypt_the_root_volume_of_the_image() {
    let template = template_of(|stack| {
        let step = ImageStep::action("Update", "UpdateOS");
        let component = ImageComponent::new(image_name!("updates"), "updates").build(step);
        let image = stack.add("Image", builder().component(component));
        let worker = LaunchTemplate::new(crate::constructs::instance_type!("t3.small"), image.machine_image());
        stack.add("Worker", worker);
    });
    let template: String = template.split_whitespace().collect();
    assert!(template.contains(r#""ImageId":"resolve:ssm:/imagebuilder/test/ami-id""#), "{template}");
    let root = r#"[{"DeviceName":"/dev/sda1","Ebs":{"VolumeType":"gp3","Encrypted":true,"DeleteOnTermination":true}}]"#;
    assert!(template.contains(root), "{template}");
}
