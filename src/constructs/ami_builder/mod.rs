//! Machine images with programs of the workspace, built by EC2 Image Builder.

mod component;
mod program;
mod recipe;
mod step;

use stackgen_resources::typed::{Arg, Attribute, Handle};
use stackgen_template::{Expression, Map, ResourceId, Text, Value};

pub use self::component::ImageComponent;
pub use self::program::{CHECKSUM_SUFFIX, ImageProgram};
use self::recipe::Recipe;
pub use self::step::ImageStep;
use super::escape::{Settings, escape_hatch};
use super::launch_template::metadata_options;
use super::names::{ImageName, InstanceType};
use super::{EbsVolume, InstanceProfile, MachineImage, SecurityGroup, SubnetHandle, VpcHandle};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::imagebuilder::{self, distribution_configuration, image, image_pipeline};

/// What the names of parameters begin with: Image Builder's own role writes only those.
const PARAMETER_FOLDER: &str = "/imagebuilder";

/// Builds a machine image (AMI): at deployment, and again every week when what it is made from has changed.
///
/// An instance without inbound connections and without keys starts from the base image, runs the components, and is
/// terminated, whether they succeed or not; another one that starts from the result runs their tests. The id of the latest
/// image is kept in a parameter of Systems Manager, `/imagebuilder/<stack>/ami-id`, from which instances start:
/// [`AmiBuilderHandle::machine_image`]. Images that were built stay when the stack is deleted.
///
/// Components and recipes are immutable. Their names have eight digits of the hash of the programs, and their versions
/// change with everything else in them, so that every change makes new ones.
///
/// ```
/// use stackgen::assets::Architecture;
/// use stackgen::prelude::*;
///
/// # let mut app = App::new().with_root(env!("CARGO_MANIFEST_DIR"));
/// let mut stack = app.stack("tools-ami");
/// let base = MachineImage::ubuntu_24_04(Architecture::X86_64);
/// let image = AmiBuilder::new(image_name!("tools"), base, EbsVolume::new("/dev/sda1", gib::<16>())).component(
///     ImageComponent::new(image_name!("jq"), "the JSON processor").build(ImageStep::bash("Install", "apt-get install --yes jq")),
/// );
/// let image = stack.add("Image", image);
/// assert_eq!(image.parameter_name(), "/imagebuilder/tools-ami/ami-id");
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct AmiBuilder {
    name: Value,
    base: MachineImage,
    root: EbsVolume,
    programs: Vec<ImageProgram>,
    components: Vec<ImageComponent>,
    instance_type: Value,
    network: Option<(VpcHandle, SubnetHandle)>,
    schedule: Text,
    settings: Settings,
    attributes: Attributes,
}

// Properties and attributes set by name are those of the image that the deployment builds.
escape_hatch!(AmiBuilder);

impl AmiBuilder {
    /// An image called `name` that begins as `base`, with `root` for its root volume.
    pub fn new(name: ImageName, base: MachineImage, root: EbsVolume) -> Self {
        Self {
            name: Arg::<ImageName>::into_value(name),
            base,
            root,
            programs: Vec::new(),
            components: Vec::new(),
            instance_type: "t3.small".into(),
            network: None,
            schedule: Text::Borrowed("cron(0 3 ? * sun *)"),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Installs a program of the workspace: downloads it, verifies its SHA-256, and runs it once.
    pub fn install(mut self, program: ImageProgram) -> Self {
        self.programs.push(program);
        self
    }

    /// Adds a component of one's own, after the programs.
    pub fn component(mut self, component: ImageComponent) -> Self {
        self.components.push(component);
        self
    }

    /// Builds on instances of another type than `t3.small`, which is for 64-bit x86.
    pub fn instance_type(mut self, instance_type: impl Arg<InstanceType>) -> Self {
        self.instance_type = instance_type.into_value();
        self
    }

    /// Builds in a subnet that reaches the internet, instead of the network that accounts have by default.
    pub fn network(mut self, network: &VpcHandle, subnet: &SubnetHandle) -> Self {
        self.network = Some((network.clone(), subnet.clone()));
        self
    }

    /// Looks for changes at other times than Sundays at 03:00 UTC: an expression of Image Builder, such as
    /// `cron(0 0 1 * ? *)`.
    pub fn schedule(mut self, expression: impl Into<Text>) -> Self {
        self.schedule = expression.into();
        self
    }
}

impl Construct for AmiBuilder {
    type Handle = AmiBuilderHandle;

    fn build(self, scope: &mut Scope<'_>) -> AmiBuilderHandle {
        let Self { name, base, root, programs, components, instance_type, network, schedule, settings, attributes } =
            self;
        let name = name.as_str().unwrap_or_default().to_owned();
        if programs.is_empty() && components.is_empty() {
            let problem = Problem::error(format!("the image `{name}` has nothing in it"));
            scope.report(problem.hint("add a program with `install` or steps with `component`"));
        }
        // Names are of the account, so they begin with the stack's: two stacks may build the same image.
        let prefix = format!("{}-{name}", scope.stack_name());
        let parameter = format!("{PARAMETER_FOLDER}/{}/ami-id", scope.stack_name());

        let programs: Vec<_> = programs.into_iter().map(|program| program.ship(scope)).collect();
        let mut profile = InstanceProfile::new().aws_managed_policy("EC2InstanceProfileForImageBuilder");
        for program in &programs {
            profile = profile.allow(program.read());
        }
        let profile = scope.add("Profile", profile);
        let description = format!("what builds the image {name}");
        let group = match &network {
            Some((network, _)) => SecurityGroup::new(network, description),
            None => SecurityGroup::in_default_network(description),
        };
        let group = scope.add("SecurityGroup", group);
        let metadata = metadata_options();
        let metadata = ["HttpTokens", "HttpPutResponseHopLimit"]
            .into_iter()
            .filter_map(|option| Some((Text::Borrowed(option), metadata.get(option)?.clone())));
        let mut infrastructure = imagebuilder::InfrastructureConfiguration::new()
            .name(prefix.clone())
            .instance_profile_name(profile.name())
            .raw("InstanceTypes", vec![instance_type])
            .raw("InstanceMetadataOptions", metadata.collect::<Map>())
            .security_group_ids([group.group_id()])
            .terminate_instance_on_failure(true);
        if let Some((_, subnet)) = &network {
            infrastructure = infrastructure.subnet_id(subnet.subnet_id());
        }
        let infrastructure = scope.add("Infrastructure", infrastructure);
        let distribution = scope.add("Distribution", distribute(&prefix, &name, &parameter));

        let root_device = root.device().clone();
        let recipe = Recipe { name, prefix: prefix.clone(), base, root, programs, components };
        let tests = recipe.has_tests();
        let recipe = recipe.add(scope);
        let image = imagebuilder::Image::new()
            .image_recipe_arn(recipe.arn())
            .infrastructure_configuration_arn(infrastructure.arn())
            .distribution_configuration_arn(distribution.arn())
            .enhanced_image_metadata_enabled(true)
            .image_tests_configuration(image::ImageTestsConfiguration::new().image_tests_enabled(tests));
        let image = settings.apply(image, imagebuilder::Image::raw);
        let image = scope.add("Default", image.with(attributes));

        let condition = image_pipeline::PipelineExecutionStartCondition::ExpressionMatchAndDependencyUpdatesAvailable;
        let schedule =
            image_pipeline::Schedule::new().schedule_expression(schedule).pipeline_execution_start_condition(condition);
        let pipeline = imagebuilder::ImagePipeline::new()
            .name(prefix)
            .image_recipe_arn(recipe.arn())
            .infrastructure_configuration_arn(infrastructure.arn())
            .distribution_configuration_arn(distribution.arn())
            .enhanced_image_metadata_enabled(true)
            .image_tests_configuration(image_pipeline::ImageTestsConfiguration::new().image_tests_enabled(tests))
            .schedule(schedule)
            .status(image_pipeline::ImagePipelineStatus::Enabled);
        let pipeline = scope.add("Pipeline", pipeline);
        AmiBuilderHandle { image, pipeline, parameter, root_device }
    }
}

/// Where the finished image goes: this region, and a parameter with its id.
fn distribute(
    prefix: &str,
    name: &str,
    parameter: &str,
) -> imagebuilder::DistributionConfiguration<stackgen_resources::typed::Set, stackgen_resources::typed::Set> {
    use distribution_configuration::{AmiDistributionConfiguration, DataType, Distribution, SsmParameterConfiguration};

    let image = AmiDistributionConfiguration::new().name(format!("{name}-{{{{ imagebuilder:buildDate }}}}"));
    // Systems Manager then checks that the value is an image that exists.
    let parameter =
        SsmParameterConfiguration::new().parameter_name(parameter.to_owned()).data_type(DataType::AwsEc2Image);
    let distribution = Distribution::new()
        .region(Expression::region())
        .ami_distribution_configuration(image)
        .ssm_parameter_configurations([parameter]);
    imagebuilder::DistributionConfiguration::new().name(prefix.to_owned()).distributions([distribution])
}

/// The handle of an [`AmiBuilder`].
#[derive(Debug, Clone)]
pub struct AmiBuilderHandle {
    image: imagebuilder::ImageRef,
    pipeline: imagebuilder::ImagePipelineRef,
    parameter: String,
    root_device: Text,
}

impl AmiBuilderHandle {
    /// The name of the parameter that holds the id of the latest image.
    pub fn parameter_name(&self) -> &str {
        &self.parameter
    }

    /// The latest image, for instances to start from.
    pub fn machine_image(&self) -> MachineImage {
        MachineImage::parameter(self.parameter.clone()).root_device(self.root_device.clone())
    }

    /// The id of the image that the last deployment built.
    pub fn image_id(&self) -> Attribute {
        self.image.image_id()
    }

    /// The pipeline that builds every week.
    pub fn pipeline(&self) -> &imagebuilder::ImagePipelineRef {
        &self.pipeline
    }
}

impl Handle for AmiBuilderHandle {
    fn id(&self) -> &ResourceId {
        self.image.id()
    }
}

#[cfg(test)]
mod tests;
