//! How much is generated.

use std::fmt;

use super::model::{Accepts, Property, Resource};
use super::references::Reference;

/// Counts over all resource types.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    resources: usize,
    objects: usize,
    properties: usize,
    required: usize,
    references: usize,
    enums: usize,
    attributes: usize,
    typed_attributes: usize,
}

impl Summary {
    pub(crate) fn of(resources: &[Resource]) -> Self {
        let mut summary = Self::default();
        for resource in resources {
            summary.resources += 1;
            summary.objects += resource.objects.len();
            summary.enums += resource.enums.len();
            summary.attributes += resource.attributes.len();
            summary.typed_attributes +=
                resource.attributes.iter().filter(|attribute| attribute.reference != Reference::Attribute).count();
            let nested = resource.objects.iter().flat_map(|object| &object.properties);
            for property in resource.properties.iter().chain(nested) {
                summary.count(property);
            }
        }
        summary
    }

    fn count(&mut self, property: &Property) {
        self.properties += 1;
        self.required += usize::from(property.required);
        self.references += usize::from(property.accepts != Accepts::Text);
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} resource types, {} property types, {} properties ({} required, {} typed references), {} enums, \
             {} attributes ({} typed)",
            self.resources,
            self.objects,
            self.properties,
            self.required,
            self.references,
            self.enums,
            self.attributes,
            self.typed_attributes
        )
    }
}
