//! Component documents of EC2 Image Builder: what is done to an image, and how it is checked.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use stackgen_template::Text;

use super::step::{ImageStep, quoted};
use crate::constructs::ImageName;
use crate::core::{Problem, Scope};

/// The longest document in characters that a template can hold.
const LONGEST_DOCUMENT: usize = 16_000;

/// A part of an image: steps that build it, check it, and try it on an instance that started from the finished image.
///
/// A step that fails fails the build. The document is plain text: see [`ImageComponent::to_yaml`].
///
/// ```
/// use stackgen::prelude::*;
///
/// let component = ImageComponent::new(image_name!("swap-off"), "no swap")
///     .build(ImageStep::bash("Disable", "swapoff --all"))
///     .validate(ImageStep::bash("Check", "test -z \"$(swapon --noheadings)\""));
/// assert!(component.to_yaml().contains("schemaVersion: 1.0"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ImageComponent {
    name: Text,
    description: Text,
    parameters: Vec<(Text, Text)>,
    phases: [(&'static str, Vec<ImageStep>); 3],
}

impl ImageComponent {
    /// A component without steps.
    #[expect(clippy::needless_pass_by_value, reason = "a name is made where it is given")]
    pub fn new(name: ImageName, description: impl Into<Text>) -> Self {
        Self::named(name.as_str().to_owned(), description)
    }

    pub(super) fn named(name: impl Into<Text>, description: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            parameters: Vec::new(),
            phases: [("build", Vec::new()), ("validate", Vec::new()), ("test", Vec::new())],
        }
    }

    /// Adds a step that builds.
    pub fn build(mut self, step: ImageStep) -> Self {
        self.phases[0].1.push(step);
        self
    }

    /// Adds a step that checks what was built, on the instance that builds.
    pub fn validate(mut self, step: ImageStep) -> Self {
        self.phases[1].1.push(step);
        self
    }

    /// Adds a step that tries the finished image, on an instance that started from it.
    pub fn test(mut self, step: ImageStep) -> Self {
        self.phases[2].1.push(step);
        self
    }

    /// Adds a text that is known at deployment only; steps name it as `{{ name }}`.
    pub(super) fn parameter(mut self, name: impl Into<Text>, description: impl Into<Text>) -> Self {
        self.parameters.push((name.into(), description.into()));
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the component is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Whether there is a step that tries the finished image.
    pub(super) fn has_tests(&self) -> bool {
        !self.phases[2].1.is_empty()
    }

    /// Reports what Image Builder refuses in a document.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        let name = &self.name;
        if self.phases.iter().all(|(_, steps)| steps.is_empty()) {
            let problem = Problem::error(format!("the component `{name}` has no steps"));
            scope.report(problem.hint("add some with `build`, `validate` or `test`"));
        }
        for (phase, steps) in &self.phases {
            let mut known = BTreeSet::new();
            for step in steps.iter().map(ImageStep::name).filter(|step| !known.insert(*step)) {
                let problem = Problem::error(format!("the component `{name}` has two steps `{step}` in phase {phase}"));
                scope.report(problem.hint("give one another name"));
            }
        }
        let length = self.to_yaml().chars().count();
        if length > LONGEST_DOCUMENT {
            let problem = Problem::error(format!(
                "the document of the component `{name}` has {length} characters, Image Builder takes {LONGEST_DOCUMENT}"
            ));
            scope.report(problem.hint("divide it into several components, or download what is long"));
        }
    }

    /// The document as YAML.
    pub fn to_yaml(&self) -> String {
        let mut yaml = String::new();
        let _ = writeln!(yaml, "name: {}", quoted(&self.name));
        let _ = writeln!(yaml, "description: {}", quoted(&self.description));
        yaml.push_str("schemaVersion: 1.0\n");
        if !self.parameters.is_empty() {
            yaml.push_str("parameters:\n");
            for (name, description) in &self.parameters {
                let _ = writeln!(yaml, "  - {name}:\n      type: string\n      description: {}", quoted(description));
            }
        }
        yaml.push_str("phases:\n");
        for (phase, steps) in &self.phases {
            if steps.is_empty() {
                continue;
            }
            let _ = writeln!(yaml, "  - name: {phase}\n    steps:");
            for step in steps {
                step.write(&mut yaml);
            }
        }
        yaml
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::image_name;

    #[test]
    fn a_document_has_the_phases_that_have_steps() {
        let component = ImageComponent::new(image_name!("tools"), "tools: \"all\" of them")
            .build(ImageStep::bash("Install", "apt-get update\n\napt-get install --yes jq"))
            .build(ImageStep::action("Update", "UpdateOS"))
            .test(ImageStep::bash("Try", "jq --version").attempts(2));
        insta::assert_snapshot!(component.to_yaml());
        assert!(component.has_tests());
    }
}
