//! Steps of component documents.

use std::fmt::Write as _;
use std::time::Duration;

use stackgen_template::{Text, Value, to_json_compact};

/// A step of an [`ImageComponent`](super::ImageComponent).
///
/// ```
/// use std::time::Duration;
///
/// use stackgen::prelude::*;
///
/// let folder = Map::from_iter([("path".into(), "/var/lib/worker".into())]);
/// let component = ImageComponent::new(image_name!("base"), "updates and folders")
///     .build(ImageStep::action("Update", "UpdateOS"))
///     .build(ImageStep::action("Folder", "CreateFolder").inputs([folder]))
///     .build(ImageStep::bash("Warm", "apt-get install --yes jq").timeout(Duration::from_mins(10)).attempts(3));
/// assert!(component.to_yaml().contains("action: CreateFolder"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ImageStep {
    name: Text,
    action: Action,
    timeout: Option<Duration>,
    attempts: Option<u8>,
}

#[derive(Debug, Clone)]
enum Action {
    Bash(Text),
    Download(Vec<(Text, Text)>),
    Other { module: Text, inputs: Option<Value> },
}

impl ImageStep {
    /// Runs a script with bash. It ends at the first command that fails, and so does the step.
    pub fn bash(name: impl Into<Text>, script: impl Into<Text>) -> Self {
        Self::new(name, Action::Bash(script.into()))
    }

    /// Runs another action module of Image Builder's runner, such as `UpdateOS`, `Reboot` or `CreateFile`.
    pub fn action(name: impl Into<Text>, module: impl Into<Text>) -> Self {
        Self::new(name, Action::Other { module: module.into(), inputs: None })
    }

    fn new(name: impl Into<Text>, action: Action) -> Self {
        Self { name: name.into(), action, timeout: None, attempts: None }
    }

    /// Says what the module of [`action`](Self::action) works on: a mapping or a list, as the module documents. The document is
    /// plain text, so functions of the template cannot be in it. Of no effect on other steps.
    pub fn inputs(mut self, values: impl Into<Value>) -> Self {
        if let Action::Other { inputs, .. } = &mut self.action {
            *inputs = Some(values.into());
        }
        self
    }

    /// Fails the step when it takes longer: two hours when not said. Counted in whole seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Tries the step so many times before it fails: once when not said.
    pub fn attempts(mut self, count: u8) -> Self {
        self.attempts = Some(count);
        self
    }

    /// The name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Downloads objects of S3, from `s3://…` to a file each. They must be in a bucket of the account.
    pub(super) fn download(name: impl Into<Text>, files: Vec<(Text, Text)>) -> Self {
        Self::new(name, Action::Download(files))
    }

    pub(super) fn write(&self, yaml: &mut String) {
        let _ = writeln!(yaml, "      - name: {}", quoted(&self.name));
        if let Some(timeout) = self.timeout {
            let _ = writeln!(yaml, "        timeoutSeconds: {}", timeout.as_secs().max(1));
        }
        if let Some(attempts) = self.attempts {
            let _ = writeln!(yaml, "        maxAttempts: {}", attempts.max(1));
        }
        match &self.action {
            Action::Other { module, inputs } => {
                let _ = writeln!(yaml, "        action: {module}");
                if let Some(inputs) = inputs {
                    // JSON is YAML too.
                    let _ = writeln!(yaml, "        inputs: {}", to_json_compact(inputs));
                }
            }
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
pub(super) fn quoted(text: &str) -> String {
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
    use stackgen_template::Map;

    use super::*;

    fn written(step: &ImageStep) -> String {
        let mut yaml = String::new();
        step.write(&mut yaml);
        yaml
    }

    #[test]
    fn texts_are_quoted_as_yaml_reads_them() {
        assert_eq!(quoted("a\"b\\c\nd\te\u{1}"), r#""a\"b\\c\nd\te\u0001""#);
    }

    #[test]
    fn other_actions_say_what_they_work_on() {
        let folder = Map::from_iter([("path".into(), "/var/lib/worker".into())]);
        let step = ImageStep::action("Folder", "CreateFolder").inputs([folder]);
        let expected = r#"      - name: "Folder"
        action: CreateFolder
        inputs: [{"path":"/var/lib/worker"}]
"#;
        assert_eq!(written(&step), expected);
        assert_eq!(written(&ImageStep::action("Update", "UpdateOS")).lines().count(), 2);
    }

    #[test]
    fn steps_end_in_time() {
        let step = ImageStep::bash("Warm", "true").timeout(Duration::from_mins(10)).attempts(3);
        let yaml = written(&step);
        assert!(yaml.contains("        timeoutSeconds: 600\n        maxAttempts: 3\n"), "{yaml}");
        let yaml = written(&ImageStep::bash("Warm", "true").timeout(Duration::ZERO).attempts(0));
        assert!(yaml.contains("timeoutSeconds: 1\n        maxAttempts: 1\n"), "{yaml}");
    }
}
