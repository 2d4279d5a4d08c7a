//! genome-ami.

use std::collections::BTreeSet;

use genome_pipeline::contract::keys;

use crate::synthesized::{Questions, app, template};

fn image() -> Questions {
    template("genome-ami")
}

/// The component's name, whose last eight digits are of the hash of the program.
fn component_name() -> String {
    image().text("ImageComponentGenomeWorker", "Name")
}

/// The template without what changes with every edit of the program: the start of its hash, and versions.
fn json() -> String {
    let name = component_name();
    let short_hash = name.rsplit('-').next().unwrap();
    let json = image().json().replace(short_hash, "00000000");
    let lines = json.split_inclusive('\n').map(|line| match line.split_once("\"1.0.") {
        Some((start, end)) => format!("{start}\"1.0.0{}", end.trim_start_matches(|digit: char| digit.is_ascii_digit())),
        None => line.to_owned(),
    });
    lines.collect()
}

#[test]
fn the_template() {
    insta::assert_snapshot!(json());
}

#[test]
fn outputs() {
    let expected = [
        ("ImageId", "${Image.ImageId}"),
        ("ImageParameter", "/imagebuilder/genome-ami/ami-id"),
        ("Pipeline", "${ImagePipeline.Arn}"),
    ];
    assert_eq!(image().outputs(), expected.map(|(name, value)| (name, value.to_owned())).into());
}

#[test]
fn the_id_of_the_image_is_where_the_contract_says() {
    let parameter = image().text("ImageDistribution", "Distributions.0.SsmParameterConfigurations.0.ParameterName");
    assert_eq!(parameter, keys::image_parameter("genome-ami"));
    let data_type = image().text("ImageDistribution", "Distributions.0.SsmParameterConfigurations.0.DataType");
    assert_eq!(data_type, "aws:ec2:image");
}

#[test]
fn another_program_is_another_component_and_recipe() {
    let name = component_name();
    let short_hash = name.rsplit('-').next().unwrap();
    assert!(short_hash.len() == 8 && short_hash.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
    assert!(image().text("ImageRecipe", "Name").ends_with(short_hash));
    let parameters = app().stack("genome-ami").unwrap().template.to_json();
    assert!(parameters.contains(&format!("/{short_hash}")), "the hash is that of the asset");
}

#[test]
fn the_program_is_verified_then_installed_then_run() {
    let document = image().text("ImageComponentGenomeWorker", "Data");
    let steps = [
        "action: S3Download",
        "expectedBucketOwner",
        "sha256sum --check --strict",
        "install --mode=0755 --owner=root --group=root /tmp/genome-worker /usr/local/bin/genome-worker",
        "/usr/local/bin/genome-worker --version",
    ];
    let places = steps.map(|step| document.find(step).unwrap_or_else(|| panic!("no `{step}` in\n{document}")));
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_document_is_given_what_it_uses() {
    let questions = image();
    let document = questions.text("ImageComponentGenomeWorker", "Data");
    let used: BTreeSet<&str> = document.split("{{ ").skip(1).map(|rest| rest.split_once(" }}").unwrap().0).collect();
    let declared: BTreeSet<&str> =
        document.lines().filter_map(|line| line.strip_prefix("  - ")?.strip_suffix(':')).collect();
    assert_eq!(used, declared);
    let given = (0..used.len()).map(|at| questions.text("ImageRecipe", &format!("Components.0.Parameters.{at}.Name")));
    assert_eq!(given.collect::<BTreeSet<_>>(), used.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn nobody_connects_to_what_builds() {
    let questions = image();
    for (logical_id, group) in questions.of_type("AWS::EC2::SecurityGroup") {
        assert!(!group.contains_key("SecurityGroupIngress"), "{logical_id}");
    }
    assert!(questions.ids_of_type("AWS::EC2::SecurityGroupIngress").is_empty());
    for (property, value) in [
        ("InstanceTypes", "[t3.small]"),
        ("InstanceMetadataOptions.HttpTokens", "required"),
        ("InstanceMetadataOptions.HttpPutResponseHopLimit", "1"),
        ("TerminateInstanceOnFailure", "true"),
        ("SecurityGroupIds", "[${ImageSecurityGroup.GroupId}]"),
    ] {
        assert_eq!(questions.text("ImageInfrastructure", property), value, "{property}");
    }
    assert!(!questions.properties("ImageInfrastructure").contains_key("KeyPair"));
}

#[test]
fn the_image_is_ubuntu_on_an_encrypted_disk() {
    let parent = "ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
    for (property, value) in [
        ("ParentImage", parent),
        ("BlockDeviceMappings.0.DeviceName", "/dev/sda1"),
        ("BlockDeviceMappings.0.Ebs.VolumeType", "gp3"),
        ("BlockDeviceMappings.0.Ebs.VolumeSize", "16"),
        ("BlockDeviceMappings.0.Ebs.Encrypted", "true"),
    ] {
        assert_eq!(image().text("ImageRecipe", property), value, "{property}");
    }
}

#[test]
fn an_image_is_built_at_deployment_and_every_week_after_changes() {
    let questions = image();
    for (property, value) in [
        ("Status", "ENABLED"),
        ("Schedule.ScheduleExpression", "cron(0 3 ? * sun *)"),
        ("Schedule.PipelineExecutionStartCondition", "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE"),
    ] {
        assert_eq!(questions.text("ImagePipeline", property), value, "{property}");
    }
    for part in ["ImageRecipeArn", "InfrastructureConfigurationArn", "DistributionConfigurationArn"] {
        assert_eq!(questions.text("Image", part), questions.text("ImagePipeline", part), "{part}");
    }
}

#[test]
fn what_builds_reads_the_program_and_nothing_else() {
    let questions = image();
    let parameter = |number: usize| questions.text("ImageRecipe", &format!("Components.0.Parameters.{number}.Value.0"));
    let expected = [parameter(0), parameter(1)].map(|url| {
        let object = url.strip_prefix("s3://").unwrap();
        format!("s3:GetObject on arn:${{AWS::Partition}}:s3:::{object}")
    });
    assert_eq!(expected[1], format!("{}.sha256", expected[0]));
    assert_eq!(questions.grants("ImageProfileRole"), expected.into());
    assert_eq!(
        questions.text("ImageProfileRole", "ManagedPolicyArns"),
        concat!(
            "[arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore, ",
            "arn:${AWS::Partition}:iam::aws:policy/EC2InstanceProfileForImageBuilder]"
        )
    );
}
