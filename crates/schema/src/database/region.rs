//! Regions and the resource types that exist there.

use super::ResourceType;
use super::bytes::Reader;

/// A region of AWS.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    name: &'static str,
    /// A bit for each resource type, by its number.
    types: &'static [u8],
}

impl Region {
    /// The name, such as `eu-central-1`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the resource type exists in the region.
    pub fn has(&self, resource_type: ResourceType) -> bool {
        let index = resource_type.index();
        self.types[index / 8] & 1 << (index % 8) != 0
    }
}

pub(super) fn regions(bytes: &'static [u8], type_count: usize) -> impl Iterator<Item = Region> {
    let mut reader = Reader::new(bytes);
    let count = reader.length();
    (0..count).map(move |_| Region { name: reader.symbol().text(), types: reader.take(type_count.div_ceil(8)) })
}
