//! Single instances of EC2.

use stackgen_resources::typed::{Arg, Attribute, Handle, Id, Tag, TagLike};
use stackgen_template::{Expression, ResourceId, Text, Value};

use super::escape::{Settings, escape_hatch};
use super::launch_template::metadata_options;
use super::names::InstanceType;
use super::volume;
use super::{EbsVolume, InstanceProfileHandle, MachineImage, SecurityGroupHandle, ShutdownBehavior, SubnetHandle};
use crate::core::{Attributes, Construct, RemovalPolicy, ResourceExt, Scope};
use crate::resources::{ec2, kind};

/// One instance of EC2, in a subnet: IMDSv2 only, encrypted volumes, no SSH key.
///
/// The root volume of an image whose [root device](MachineImage::root_device) is not known must be named with
/// [`volume`](Self::volume), or is as the image says.
///
/// ```
/// use stackgen::assets::Architecture;
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("bastion");
/// let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
/// let group = stack.add("Group", SecurityGroup::new(&network, "what people log in to"));
/// let profile = stack.add("Profile", InstanceProfile::new());
/// let image = MachineImage::amazon_linux_2023(Architecture::X86_64);
/// let bastion = Instance::new(instance_type!("t3.micro"), image, &network.public_subnets()[0], &group).profile(&profile);
/// let bastion = stack.add("Bastion", bastion);
/// stack.output("Instance", bastion.instance_id());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Instance {
    groups: Vec<SecurityGroupHandle>,
    root_device: Option<Text>,
    volumes: Vec<EbsVolume>,
    tags: Vec<Tag>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Instance);

impl Instance {
    /// An instance of a type that starts from an image, in a subnet and a security group. A later image in the image's
    /// parameter replaces the instance at the next deployment.
    pub fn new(
        instance_type: impl Arg<InstanceType>,
        image: MachineImage,
        subnet: &SubnetHandle,
        group: &SecurityGroupHandle,
    ) -> Self {
        let mut settings = Settings::default();
        settings.put("InstanceType", instance_type.into_value());
        let root_device = image.root().cloned();
        settings.put("ImageId", image.for_instance());
        settings.put("SubnetId", subnet.subnet_id());
        settings.put("MetadataOptions", metadata_options());
        Self {
            groups: vec![group.clone()],
            root_device,
            volumes: Vec::new(),
            tags: Vec::new(),
            settings,
            attributes: Attributes::new(),
        }
    }

    /// Puts the instance into another security group too.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }

    /// Adds a volume.
    pub fn volume(mut self, volume: EbsVolume) -> Self {
        self.volumes.push(volume);
        self
    }

    /// Gives the instance the role of a profile.
    pub fn profile(mut self, profile: &InstanceProfileHandle) -> Self {
        self.settings.put("IamInstanceProfile", profile.name());
        self
    }

    /// What happens when the instance shuts itself down: it stops when not said.
    pub fn on_shutdown(mut self, behavior: ShutdownBehavior) -> Self {
        self.settings.put("InstanceInitiatedShutdownBehavior", behavior.as_str());
        self
    }

    /// A script that the first start runs, as root: text, or an expression that gives it.
    pub fn user_data(mut self, script: impl Arg<String>) -> Self {
        self.settings.put("UserData", Expression::base64(script.into_value()));
        self
    }

    /// Tags the instance.
    pub fn tag(mut self, key: impl Into<Text>, value: impl Arg<String>) -> Self {
        self.tags.push(Tag::new(key, value));
        self
    }

    /// What becomes of the instance when it is removed from the stack: it is deleted when not said.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }
}

impl Construct for Instance {
    type Handle = InstanceHandle;

    fn build(self, scope: &mut Scope<'_>) -> InstanceHandle {
        let groups: Vec<_> = self.groups.iter().map(SecurityGroupHandle::group_id).collect();
        let mut instance = ec2::Instance::new().security_group_ids(groups);
        let volumes = volume::mappings(self.volumes, self.root_device.as_ref());
        if !volumes.is_empty() {
            instance = instance.raw("BlockDeviceMappings", volumes);
        }
        if !self.tags.is_empty() {
            let tags: Vec<Value> = self.tags.into_iter().map(Arg::<TagLike>::into_value).collect();
            instance = instance.raw("Tags", tags);
        }
        let instance = self.settings.apply(instance, ec2::Instance::raw);
        InstanceHandle(scope.add("Default", instance.with(self.attributes)))
    }
}

/// The handle of an [`Instance`].
#[derive(Debug, Clone)]
pub struct InstanceHandle(ec2::InstanceRef);

impl InstanceHandle {
    /// The id of the instance.
    pub fn instance_id(&self) -> Id<kind::ec2::Instance> {
        self.0.reference()
    }

    /// The address within the network.
    pub fn private_ip(&self) -> Attribute {
        self.0.private_ip()
    }

    /// The address on the internet, when the instance has one.
    pub fn public_ip(&self) -> Attribute {
        self.0.public_ip()
    }
}

impl Handle for InstanceHandle {
    fn id(&self) -> &ResourceId {
        self.0.id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Architecture;
    use crate::constructs::instance_type;
    use crate::constructs::testing::template_of;
    use crate::constructs::{InstanceProfile, SecurityGroup, Vpc, ipv4_block};
    use crate::core::gib;

    #[test]
    fn an_instance_without_a_key() {
        let template = template_of(|stack| {
            let network = stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")));
            let group = stack.add("Group", SecurityGroup::new(&network, "machines"));
            let other = stack.add("Other", SecurityGroup::new(&network, "more machines"));
            let profile = stack.add("Profile", InstanceProfile::new());
            let image = MachineImage::ubuntu_24_04(Architecture::Arm64);
            let instance = Instance::new(instance_type!("t4g.small"), image, &network.public_subnets()[0], &group)
                .security_group(&other)
                .volume(EbsVolume::new("/dev/sda1", gib::<20>()).keep())
                .profile(&profile)
                .on_shutdown(ShutdownBehavior::Stop)
                .user_data("#!/bin/sh\ntrue\n")
                .tag("Name", "machine")
                .removal(RemovalPolicy::Retain);
            let instance = stack.add("Machine", instance);
            stack.output("Address", instance.private_ip());
        });
        assert!(!template.contains("KeyName"));
        insta::assert_snapshot!(template);
    }
}
