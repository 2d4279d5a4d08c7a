//! Texts: `${…}` outside of `Fn::Sub`, and dynamic references.

use stackgen_template::Trail;

use super::Walk;
use crate::{Code, Finding, PSEUDO_PARAMETERS, Severity};

impl<'t> Walk<'_, 't> {
    /// A text outside of `Fn::Sub`.
    pub(super) fn text(&mut self, text: &'t str, trail: &Trail<'_>) {
        if text.contains("{{") {
            self.dynamic_reference(text, trail);
        }
        if self.literal_text > 0 || !text.contains("${") {
            return;
        }
        let forgotten = stackgen_template::SubText::new(text).variables().find(|variable| {
            let (name, attribute) = variable.split();
            match attribute {
                None => PSEUDO_PARAMETERS.contains(&name),
                Some(attribute) => self
                    .context
                    .resource(name)
                    .and_then(|resource| resource.known)
                    .is_some_and(|known| !known.has_any_attribute() && known.attribute(attribute).is_some()),
            }
        });
        if let Some(variable) = forgotten {
            let message = format!("`${{{}}}` is only replaced inside `Fn::Sub`", variable.name);
            self.report(Code::SubMissing, trail, message, Some("wrap the text in `Fn::Sub`".to_owned()));
        }
    }

    pub(super) fn dynamic_reference(&mut self, text: &str, trail: &Trail<'_>) {
        for part in text.split("{{").skip(1) {
            let Some((inside, _)) = part.split_once("}}") else { continue };
            let Some(inside) = inside.strip_prefix("resolve:") else {
                if inside.trim_start().starts_with("resolve:") {
                    let message = "a dynamic reference with blanks behind its braces is left as it is";
                    let finding = Finding::new(Code::DynamicReference, trail.to_path(), message);
                    self.findings.push(finding.severity(Severity::Warning).hint("write `{{resolve:` without blanks"));
                }
                continue;
            };
            // What functions put in is not known.
            if inside.contains("${") {
                continue;
            }
            let mut parts = inside.split(':');
            let fits = match parts.next() {
                Some("ssm" | "ssm-secure") => {
                    let name = parts.next().is_some_and(|name| !name.is_empty());
                    name && parts.next().is_none_or(|version| version.parse::<u32>().is_ok()) && parts.next().is_none()
                        || inside.starts_with("ssm:arn:")
                }
                Some("secretsmanager") => parts.next().is_some_and(|name| !name.is_empty()),
                _ => false,
            };
            if !fits {
                let message = format!("the dynamic reference `{{{{resolve:{inside}}}}}` is not well formed");
                let hint = "write `{{resolve:ssm:NAME:VERSION}}`, `{{resolve:ssm-secure:NAME:VERSION}}` or `{{resolve:secretsmanager:ID:SecretString:KEY}}`";
                self.report(Code::DynamicReference, trail, message, Some(hint.to_owned()));
            }
        }
    }
}

/// Properties whose texts have `${…}` of their own: scripts, templates and definitions with substitutions.
pub(super) fn is_literal_text(key: &str) -> bool {
    matches!(
        key,
        "UserData"
            | "BuildSpec"
            | "DefinitionString"
            | "Definition"
            | "DefinitionBody"
            | "ZipFile"
            | "InlineCode"
            | "Content"
            | "Body"
            | "Data"
            | "Metadata"
            | "Condition"
            | "Fn::Base64"
            | "TemplateBody"
            | "RequestMappingTemplate"
            | "ResponseMappingTemplate"
            | "FunctionCode"
    )
}
