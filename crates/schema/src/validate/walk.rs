//! What the functions of a template use: found on one walk, read by several checks.

use std::collections::HashSet;

use super::worlds::Assumption;

/// What a template's functions refer to.
#[derive(Default)]
pub(crate) struct Uses<'t> {
    pub(crate) parameters: HashSet<&'t str>,
    /// Types of which rules use every parameter.
    pub(crate) parameter_types: HashSet<&'t str>,
    pub(crate) conditions: HashSet<&'t str>,
    pub(crate) mappings: HashSet<&'t str>,
    /// Whether a name is computed, so that it is not known what is used.
    pub(crate) computed_mappings: bool,
    /// The same for what `Ref` and conditions name, in a loop.
    pub(crate) computed_names: bool,
    pub(crate) dependencies: Vec<Dependency<'t>>,
}

/// That a resource needs another.
pub(crate) struct Dependency<'t> {
    /// The number of the resource that needs.
    pub(crate) from: usize,
    /// The number of the one that is needed.
    pub(crate) to: usize,
    /// The conditions under which it does.
    pub(crate) when: Vec<Assumption<'t>>,
}
