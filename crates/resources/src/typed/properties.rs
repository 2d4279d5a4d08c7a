//! The map behind every generated type.

use std::fmt;

use stackgen_template::{Map, Value};

/// The properties that were set so far.
#[derive(Debug, Clone, Default)]
pub struct Properties(pub Map);

impl Properties {
    /// No property is set yet.
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// Sets `name`. A property that is set twice keeps the later value.
    #[inline(never)]
    pub fn put(&mut self, name: &'static str, value: Value) {
        self.0.insert(name, value);
    }

    /// Writes the properties as the fields of `name`, for the `Debug` of generated types.
    #[doc(hidden)]
    pub fn debug(&self, name: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct(name);
        for (property, value) in self.0.iter() {
            fields.field(property, value);
        }
        fields.finish()
    }
}
