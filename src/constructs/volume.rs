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
    // The bounds are those that instances, launch templates and image recipes all accept.

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

    /// The root volume of an image with the size that the image says, for whoever says nothing of it.
    fn root_of_image(device: Text) -> Self {
        let mut settings = Map::with_capacity(3);
        settings.push("VolumeType", "gp3");
        settings.push("Encrypted", true);
        settings.push("DeleteOnTermination", true);
        Self { device, settings }
    }

    /// The device, such as `/dev/sda1`.
    pub(super) fn device(&self) -> &Text {
        &self.device
    }

    /// The mapping of the device, in the form that launch templates, instances and image recipes share.
    pub(super) fn into_value(self) -> Value {
        let mut mapping = Map::with_capacity(2);
        mapping.push("DeviceName", self.device);
        mapping.push("Ebs", self.settings);
        mapping.into()
    }
}

/// The mappings of `volumes`, and of the root volume where none of them is for its device: without one the volume would
/// be encrypted only where the image is.
pub(super) fn mappings(mut volumes: Vec<EbsVolume>, root_device: Option<&Text>) -> Vec<Value> {
    if let Some(root) = root_device.filter(|root| volumes.iter().all(|volume| volume.device != **root)) {
        volumes.insert(0, EbsVolume::root_of_image(root.clone()));
    }
    volumes.into_iter().map(EbsVolume::into_value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::gib;

    #[test]
    fn the_root_volume_is_encrypted_whether_it_is_said_or_not() {
        let root = Text::Borrowed("/dev/sda1");
        let data = || EbsVolume::new("/dev/sdb", gib::<100>());
        let devices =
            |mappings: &[Value]| mappings.iter().map(|mapping| mapping.get("DeviceName").cloned()).collect::<Vec<_>>();
        let added = mappings(vec![data()], Some(&root));
        assert_eq!(devices(&added), [Some("/dev/sda1".into()), Some("/dev/sdb".into())]);
        for mapping in &added {
            assert_eq!(mapping.get("Ebs").and_then(|volume| volume.get("Encrypted")), Some(&true.into()));
        }
        let said = mappings(vec![EbsVolume::new("/dev/sda1", gib::<16>()), data()], Some(&root));
        assert_eq!(devices(&said), [Some("/dev/sda1".into()), Some("/dev/sdb".into())]);
        assert_eq!(said[0].get("Ebs").and_then(|volume| volume.get("VolumeSize")), Some(&16.into()));
        assert_eq!(devices(&mappings(vec![data()], None)), [Some("/dev/sdb".into())]);
    }
}
