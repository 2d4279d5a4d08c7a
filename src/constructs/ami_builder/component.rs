//! Component documents of EC2 Image Builder: what is done to an image, and how it is checked.

use std::fmt::Write as _;

use stackgen_template::Text;

use crate::constructs::ImageName;

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

/// A step of an [`ImageComponent`].
#[derive(Debug, Clone)]
pub struct ImageStep {
    name: Text,
    action: Action,
}

#[derive(Debug, Clone)]
enum Action {
    Bash(Text),
    Download(Vec<(Text, Text)>),
}

impl ImageStep {
    /// Runs a script with bash. It ends at the first command that fails, and so does the step.
    pub fn bash(name: impl Into<Text>, script: impl Into<Text>) -> Self {
        Self { name: name.into(), action: Action::Bash(script.into()) }
    }

    /// Downloads objects of S3, from `s3://…` to a file each. They must be in a bucket of the account.
    pub(super) fn download(name: impl Into<Text>, files: Vec<(Text, Text)>) -> Self {
        Self { name: name.into(), action: Action::Download(files) }
    }

    fn write(&self, yaml: &mut String) {
        let _ = writeln!(yaml, "      - name: {}", quoted(&self.name));
        match &self.action {
            Action::Bash(script) => {
                yaml.push_str("        action: ExecuteBash\n        inputs:\n          commands:\n            - |\n");
                // One script: each command of a list would be a shell of its own to some versions of the runner.
                let _ = writeln!(yaml, "              set -euo pipefail");
                for line in script.lines() {
                    // Text of a block is taken as it stands; an empty line needs no blanks before it.
                    let indent = if line.is_empty() { "" } else { "              " };
                    let _ = writeln!(yaml, "{indent}{line}");
                }
            }
            Action::Download(files) => {
                yaml.push_str("        action: S3Download\n        inputs:\n");
                for (source, destination) in files {
                    let _ = writeln!(yaml, "          - source: {}", quoted(source));
                    let _ = writeln!(yaml, "            destination: {}", quoted(destination));
                    let _ = writeln!(yaml, "            expectedBucketOwner: {}", quoted(BUCKET_OWNER));
                    yaml.push_str("            overwrite: true\n");
                }
            }
        }
    }
}

/// The parameter with the account that the downloaded objects must belong to.
pub(super) const BUCKET_OWNER_PARAMETER: &str = "BucketOwner";
const BUCKET_OWNER: &str = "{{ BucketOwner }}";

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::image_name;

    #[test]
    fn a_document_has_the_phases_that_have_steps() {
        let component = ImageComponent::new(image_name!("tools"), "tools: \"all\" of them")
            .build(ImageStep::bash("Install", "apt-get update\n\napt-get install --yes jq"))
            .test(ImageStep::bash("Try", "jq --version"));
        insta::assert_snapshot!(component.to_yaml());
        assert!(component.has_tests());
    }

    #[test]
    fn texts_are_quoted_as_yaml_reads_them() {
        assert_eq!(quoted("a\"b\\c\nd\te\u{1}"), r#""a\"b\\c\nd\te\u0001""#);
    }
}
