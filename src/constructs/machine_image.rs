//! The images that instances start from.

use stackgen_template::{Text, Value};

use super::arn_parts::concatenate;
use crate::assets::Architecture;

/// The image that an instance starts from.
///
/// ```
/// use stackgen::assets::Architecture;
/// use stackgen::prelude::*;
///
/// let latest = MachineImage::ubuntu_24_04(Architecture::Arm64);
/// let own = MachineImage::parameter("/images/worker").root_device("/dev/sda1");
/// ```
#[derive(Debug, Clone)]
pub struct MachineImage {
    source: Source,
    root_device: Option<Text>,
}

#[derive(Debug, Clone)]
enum Source {
    Id(Value),
    Parameter(Value),
}

impl MachineImage {
    /// The image whose id a parameter of Systems Manager holds: a public one such as
    /// `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64`, or one of the account.
    ///
    /// The parameter is read whenever an instance starts, so a new image needs no deployment.
    pub fn parameter(name: impl Into<Value>) -> Self {
        Self { source: Source::Parameter(name.into()), root_device: None }
    }

    /// The image with an id, which is good in one region only.
    pub fn id(id: impl Into<Value>) -> Self {
        Self { source: Source::Id(id.into()), root_device: None }
    }

    /// Says which device the root volume of the image is, such as `/dev/sda1`. Instances then encrypt it, though they say
    /// nothing of it and the image is not encrypted.
    #[must_use]
    pub fn root_device(mut self, device: impl Into<Text>) -> Self {
        self.root_device = Some(device.into());
        self
    }

    /// The latest Ubuntu Server 24.04 of Canonical. Its root volume is `/dev/sda1`.
    pub fn ubuntu_24_04(architecture: Architecture) -> Self {
        let architecture = match architecture {
            Architecture::X86_64 => "amd64",
            Architecture::Arm64 => "arm64",
        };
        let name =
            format!("/aws/service/canonical/ubuntu/server/24.04/stable/current/{architecture}/hvm/ebs-gp3/ami-id");
        Self::parameter(name).root_device("/dev/sda1")
    }

    /// The latest Amazon Linux 2023. Its root volume is `/dev/xvda`.
    pub fn amazon_linux_2023(architecture: Architecture) -> Self {
        let architecture = match architecture {
            Architecture::X86_64 => "x86_64",
            Architecture::Arm64 => "arm64",
        };
        Self::parameter(format!("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"))
            .root_device("/dev/xvda")
    }

    /// The parameter that holds the image's id.
    pub(super) fn parameter_name(&self) -> Option<&Value> {
        match &self.source {
            Source::Parameter(name) => Some(name),
            Source::Id(_) => None,
        }
    }

    /// The device of the root volume, where it is known.
    pub(super) fn root(&self) -> Option<&Text> {
        self.root_device.as_ref()
    }

    /// As a launch template wants it: EC2 reads the parameter at every start.
    pub(super) fn for_launch_template(self) -> Value {
        self.prefixed("resolve:ssm:", "")
    }

    /// As an instance wants it: CloudFormation reads the parameter at every deployment.
    pub(super) fn for_instance(self) -> Value {
        self.prefixed("{{resolve:ssm:", "}}")
    }

    /// As a recipe of EC2 Image Builder wants it: read at every build.
    pub(super) fn for_recipe(self) -> Value {
        self.prefixed("ssm:", "")
    }

    fn prefixed(self, before: &'static str, behind: &'static str) -> Value {
        match self.source {
            Source::Id(id) => id,
            Source::Parameter(name) => {
                concatenate([Text::Borrowed(before).into(), name, Text::Borrowed(behind).into()])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_named_in_the_form_of_each_service() {
        let image = MachineImage::ubuntu_24_04(Architecture::X86_64);
        let name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
        assert_eq!(image.parameter_name(), Some(&Value::from(name)));
        assert_eq!(image.clone().for_launch_template(), Value::from(format!("resolve:ssm:{name}")));
        assert_eq!(image.clone().for_instance(), Value::from(format!("{{{{resolve:ssm:{name}}}}}")));
        assert_eq!(image.for_recipe(), Value::from(format!("ssm:{name}")));
    }

    #[test]
    fn ids_stand_for_themselves() {
        let image = MachineImage::id("ami-0123456789abcdef0");
        assert_eq!(image.parameter_name(), None);
        assert_eq!(image.clone().for_recipe(), image.clone().for_launch_template());
        assert_eq!(image.for_instance(), Value::from("ami-0123456789abcdef0"));
    }

    #[test]
    fn amazon_linux_has_a_parameter_for_each_processor() {
        let image = MachineImage::amazon_linux_2023(Architecture::Arm64);
        let name = image.parameter_name().and_then(Value::as_str);
        assert!(name.is_some_and(|name| name.ends_with("-arm64")));
    }
}
