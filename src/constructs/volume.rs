//! Volumes of EBS that an instance starts with.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::{Map, Text, Value};

use crate::core::Size;

/// A volume of EBS of type gp3, encrypted, which goes when its instance does.
///
/// ```
/// use stackgen::prelude::*;
///
/// let root = EbsVolume::new("/dev/sda1", gib::<16>()).throughput(int::<250>());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct EbsVolume {
    device: Text,
    settings: Map,
}

impl EbsVolume {
    /// A volume of `size` at `device`, such as `/dev/sda1`. The image says which device is the root: `/dev/sda1` for Ubuntu,
    /// `/dev/xvda` for Amazon Linux.
    pub fn new(device: impl Into<Text>, size: impl Arg<Size<1, 16_000, 1_024>>) -> Self {
        let mut settings = Map::with_capacity(4);
        settings.push("VolumeType", "gp3");
        settings.push("VolumeSize", size.into_value());
        settings.push("Encrypted", true);
        settings.push("DeleteOnTermination", true);
        Self { device: device.into(), settings }
    }

    /// Reads and writes so many times a second: 3,000 when not said.
    pub fn iops(mut self, operations: impl Arg<Int<3_000, 64_000>>) -> Self {
        self.settings.insert("Iops", operations.into_value());
        self
    }

    /// Moves so many MiB a second: 125 when not said.
    pub fn throughput(mut self, mebibytes: impl Arg<Int<125, 1_000>>) -> Self {
        self.settings.insert("Throughput", mebibytes.into_value());
        self
    }

    /// Keeps the volume when its instance goes.
    pub fn keep(mut self) -> Self {
        self.settings.insert("DeleteOnTermination", false);
        self
    }

    /// The mapping of the device, in the form that launch templates, instances and image recipes share.
    pub(super) fn into_value(self) -> Value {
        let mut mapping = Map::with_capacity(2);
        mapping.push("DeviceName", self.device);
        mapping.push("Ebs", self.settings);
        mapping.into()
    }
}
