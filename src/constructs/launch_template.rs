//! What an instance is started as.

use stackgen_resources::typed::{Arg, Attribute, Handle, Id, Tag, TagLike};
use stackgen_template::{Expression, Map, ResourceId, Value};

use super::arn_parts::{concatenate, regional_arn};
use super::escape::{Settings, escape_hatch};
use super::names::InstanceType;
use super::volume;
use super::{EbsVolume, InstanceProfileHandle, MachineImage, RoleHandle, SecurityGroupHandle, SubnetHandle};
use crate::core::{Attributes, Construct, Grant, ResourceExt, Scope, Statement};
use crate::resources::ec2::{self, launch_template};
use crate::resources::kind;

/// What happens to an instance that shuts itself down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutdownBehavior {
    /// It stops, and can be started again.
    Stop,
    /// It is gone for good.
    Terminate,
}

impl ShutdownBehavior {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Terminate => "terminate",
        }
    }
}

/// The settings of instances that a program starts when it needs them.
///
/// The instance's metadata, its credentials among them, are given to session-bound requests of the instance itself only
/// (IMDSv2, one hop); volumes are encrypted; there is no SSH key. The root volume of an image whose
/// [root device](MachineImage::root_device) is not known must be named with [`volume`](Self::volume), or is as the image says.
///
/// ```
/// use stackgen::assets::Architecture;
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("genomes");
/// let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
/// let group = stack.add("WorkerGroup", SecurityGroup::new(&network, "workers"));
/// let profile = stack.add("WorkerProfile", InstanceProfile::new());
/// let template = LaunchTemplate::new(instance_type!("r6id.2xlarge"), MachineImage::ubuntu_24_04(Architecture::X86_64))
///     .volume(EbsVolume::new("/dev/sda1", gib::<16>()))
///     .profile(&profile)
///     .security_group(&group)
///     .on_shutdown(ShutdownBehavior::Terminate)
///     .tag("purpose", "genomes");
/// let template = stack.add("Worker", template);
/// let starter = stack.add("Starter", Role::for_service("lambda.amazonaws.com").allow(template.launch(network.public_subnets())));
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct LaunchTemplate {
    data: Map,
    image: MachineImage,
    volumes: Vec<EbsVolume>,
    groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
    tags: Vec<Tag>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(LaunchTemplate);

/// The settings by which only requests of the instance itself, within a session, read its metadata.
pub(super) fn metadata_options() -> Value {
    let options: [(&str, Value); 3] =
        [("HttpEndpoint", "enabled".into()), ("HttpTokens", "required".into()), ("HttpPutResponseHopLimit", 1.into())];
    Map::from(options).into()
}

impl LaunchTemplate {
    /// Instances of a type that start from an image.
    pub fn new(instance_type: impl Arg<InstanceType>, image: MachineImage) -> Self {
        let mut data = Map::new();
        data.push("InstanceType", instance_type.into_value());
        data.push("ImageId", image.clone().for_launch_template());
        data.push("MetadataOptions", metadata_options());
        Self {
            data,
            image,
            volumes: Vec::new(),
            groups: Vec::new(),
            role: None,
            tags: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Adds a volume.
    pub fn volume(mut self, volume: EbsVolume) -> Self {
        self.volumes.push(volume);
        self
    }

    /// Gives the instances the role of a profile.
    pub fn profile(mut self, profile: &InstanceProfileHandle) -> Self {
        self.data.insert("IamInstanceProfile", Value::single("Arn", profile.arn()));
        self.role = Some(profile.role().clone());
        self
    }

    /// Puts the instances into a security group.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }

    /// What happens when an instance shuts itself down: it stops when not said.
    pub fn on_shutdown(mut self, behavior: ShutdownBehavior) -> Self {
        self.data.insert("InstanceInitiatedShutdownBehavior", behavior.as_str());
        self
    }

    /// A script that the first start runs, as root: text, or an expression that gives it.
    pub fn user_data(mut self, script: impl Arg<String>) -> Self {
        self.data.insert("UserData", Expression::base64(script.into_value()));
        self
    }

    /// Reports the numbers of the instances every minute instead of every five, at a cost.
    pub fn detailed_monitoring(mut self) -> Self {
        self.data.insert("Monitoring", Value::single("Enabled", true));
        self
    }

    /// Tags instances, volumes and network interfaces.
    pub fn tag(mut self, key: impl Into<stackgen_template::Text>, value: impl Arg<String>) -> Self {
        self.tags.push(Tag::new(key, value));
        self
    }

    /// Sets a property of the instances that has no setter here, such as `("EbsOptimized", true)`.
    pub fn instance_setting(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.data.insert(name, value);
        self
    }
}

impl Construct for LaunchTemplate {
    type Handle = LaunchTemplateHandle;

    fn build(self, scope: &mut Scope<'_>) -> LaunchTemplateHandle {
        let Self { mut data, image, volumes, groups, role, tags, settings, attributes } = self;
        let volumes = volume::mappings(volumes, image.root());
        if !volumes.is_empty() {
            data.insert("BlockDeviceMappings", volumes);
        }
        if !groups.is_empty() {
            let ids: Vec<_> = groups.iter().map(SecurityGroupHandle::group_id).collect();
            data.insert("SecurityGroupIds", ids);
        }
        if !tags.is_empty() {
            let tags: Vec<Value> = tags.into_iter().map(Arg::<TagLike>::into_value).collect();
            let specifications = ["instance", "volume", "network-interface"]
                .map(|kind| Map::from([("ResourceType", Value::from(kind)), ("Tags", tags.clone().into())]));
            data.insert("TagSpecifications", specifications);
        }
        let template = ec2::LaunchTemplate::new().launch_template_data(launch_template::LaunchTemplateData::new());
        let template = settings.apply(template.raw("LaunchTemplateData", data), ec2::LaunchTemplate::raw);
        let template = scope.add("Default", template.with(attributes));
        LaunchTemplateHandle { template, image, groups, role }
    }
}

/// The handle of a [`LaunchTemplate`].
#[derive(Debug, Clone)]
pub struct LaunchTemplateHandle {
    template: ec2::LaunchTemplateRef,
    image: MachineImage,
    groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
}

impl LaunchTemplateHandle {
    /// The id of the template.
    pub fn template_id(&self) -> Id<kind::ec2::LaunchTemplate> {
        self.template.reference()
    }

    /// The number of the latest version.
    pub fn latest_version(&self) -> Attribute {
        self.template.latest_version_number()
    }

    /// The ARN of the template, for policies.
    pub fn arn(&self) -> Value {
        regional_arn("ec2", ["launch-template/".into(), self.template_id().into()])
    }

    /// Access to start instances from this template only, in `subnets` only, with the tags and the role that it says.
    ///
    /// An instance and its parts have no ids before they exist, so their part of the access is for all of them, bound to the
    /// template by a condition.
    pub fn launch<'a>(&self, subnets: impl IntoIterator<Item = &'a SubnetHandle>) -> Grant {
        let own = |kind: &str| regional_arn("ec2", [format!("{kind}/*").into()]);
        let image = ["arn:".into(), Expression::partition().into(), ":ec2:".into(), Expression::region().into()];
        let image = concatenate(image.into_iter().chain(["::image/*".into()]));
        let groups =
            self.groups.iter().map(|group| regional_arn("ec2", ["security-group/".into(), group.group_id().into()]));
        let made = ["instance", "network-interface", "volume"].map(own);
        let run = Statement::allow(["ec2:RunInstances"])
            .on(self.arn())
            .on(image)
            .on_each(made.clone())
            .on_each(groups)
            .on_each(subnets.into_iter().map(SubnetHandle::arn))
            .when("ArnEquals", "ec2:LaunchTemplate", self.arn());
        let tag =
            Statement::allow(["ec2:CreateTags"]).on_each(made).when("StringEquals", "ec2:CreateAction", "RunInstances");
        let mut grant = Grant::of([run, tag], "start instances from the template");
        if let Some(role) = &self.role {
            grant = grant.and(role.pass_to("ec2.amazonaws.com"));
        }
        if let Some(parameter) = self.image.parameter_name() {
            let arn = parameter_arn(parameter);
            grant = grant.and(Grant::new(["ssm:GetParameters"], [arn], "find the image of the template"));
        }
        grant
    }
}

/// The ARN of a parameter of Systems Manager; those of AWS belong to no account.
fn parameter_arn(name: &Value) -> Value {
    match name.as_str() {
        Some(public) if public.starts_with("/aws/service/") => {
            let start = ["arn:".into(), Expression::partition().into(), ":ssm:".into(), Expression::region().into()];
            concatenate(start.into_iter().chain([format!("::parameter{public}").into()]))
        }
        Some(name) => {
            let slash = if name.starts_with('/') { "" } else { "/" };
            regional_arn("ssm", [format!("parameter{slash}{name}").into()])
        }
        None => regional_arn("ssm", ["parameter".into(), name.clone()]),
    }
}

impl Handle for LaunchTemplateHandle {
    fn id(&self) -> &ResourceId {
        self.template.id()
    }
}

#[cfg(test)]
mod tests;
