//! The text of `Fn::Sub`.

/// The text that `Fn::Sub` is given, and the parts it is made of.
///
/// ```
/// use stackgen_template::SubText;
///
/// let text = SubText::new("arn:${AWS::Partition}:s3:::${Bucket.Name}/${!key}");
/// let names: Vec<_> = text.variables().map(|variable| variable.name).collect();
/// assert_eq!(names, ["AWS::Partition", "Bucket.Name"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubText<'a> {
    text: &'a str,
}

/// A part of the text of `Fn::Sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubPart<'a> {
    /// Text that stays as it is.
    Text(&'a str),
    /// `${!Name}`: gives the text `${Name}`. Held here is `Name`.
    Escaped(&'a str),
    /// `${Name}` or `${Name.Attribute}`.
    Variable(SubVariable<'a>),
    /// `${` without the closing brace: CloudFormation rejects the text. Held here is the rest of it.
    Unclosed(&'a str),
}

/// A variable in the text of `Fn::Sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubVariable<'a> {
    /// What stands between the braces, without blanks around it.
    pub name: &'a str,
    /// Where `name` begins in the text, in bytes.
    pub offset: usize,
}

impl<'a> SubVariable<'a> {
    /// The resource and the attribute of `Resource.Attribute`; a name without a dot has no attribute.
    pub fn split(&self) -> (&'a str, Option<&'a str>) {
        match self.name.split_once('.') {
            Some((logical_id, attribute)) => (logical_id, Some(attribute)),
            None => (self.name, None),
        }
    }
}

impl<'a> SubText<'a> {
    /// The text to look into.
    pub const fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The text as it is written.
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The parts, which together make up the whole text.
    pub fn parts(&self) -> impl Iterator<Item = SubPart<'a>> + use<'a> {
        Parts { text: self.text, position: 0 }
    }

    /// The variables, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = SubVariable<'a>> + use<'a> {
        self.parts().filter_map(|part| match part {
            SubPart::Variable(variable) => Some(variable),
            _ => None,
        })
    }
}

struct Parts<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Iterator for Parts<'a> {
    type Item = SubPart<'a>;

    fn next(&mut self) -> Option<SubPart<'a>> {
        let rest = &self.text[self.position..];
        if rest.is_empty() {
            return None;
        }
        let Some(after) = rest.strip_prefix("${") else {
            let length = rest.find("${").unwrap_or(rest.len());
            self.position += length;
            return Some(SubPart::Text(&rest[..length]));
        };
        let Some(length) = after.find('}') else {
            self.position = self.text.len();
            return Some(SubPart::Unclosed(rest));
        };
        let inner = &after[..length];
        let start = self.position + 2;
        self.position = start + length + 1;
        if let Some(escaped) = inner.strip_prefix('!') {
            return Some(SubPart::Escaped(escaped));
        }
        let name = inner.trim();
        let offset = start + (inner.len() - inner.trim_start().len());
        Some(SubPart::Variable(SubVariable { name, offset }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<SubPart<'_>> {
        SubText::new(text).parts().collect()
    }

    #[test]
    fn text_and_variables_alternate() {
        assert_eq!(
            parts("a${B}c${D.E}"),
            [
                SubPart::Text("a"),
                SubPart::Variable(SubVariable { name: "B", offset: 3 }),
                SubPart::Text("c"),
                SubPart::Variable(SubVariable { name: "D.E", offset: 8 }),
            ]
        );
    }

    #[test]
    fn an_exclamation_mark_escapes() {
        assert_eq!(parts("${!Literal}"), [SubPart::Escaped("Literal")]);
    }

    #[test]
    fn blanks_around_a_name_do_not_count() {
        let text = "é${ Name }";
        let variable = SubText::new(text).variables().next().unwrap();
        assert_eq!(variable.name, "Name");
        assert_eq!(&text[variable.offset..][..4], "Name");
    }

    #[test]
    fn a_dollar_alone_is_text() {
        assert_eq!(parts("$5 $$ {x}"), [SubPart::Text("$5 $$ {x}")]);
        assert_eq!(parts("$${A}")[0], SubPart::Text("$"));
    }

    #[test]
    fn a_missing_brace_is_told() {
        assert_eq!(parts("a${B"), [SubPart::Text("a"), SubPart::Unclosed("${B")]);
        assert_eq!(parts("${"), [SubPart::Unclosed("${")]);
    }

    #[test]
    fn a_variable_splits_at_the_first_dot() {
        let split = |name| SubVariable { name, offset: 0 }.split();
        assert_eq!(split("Stack.Outputs.Url"), ("Stack", Some("Outputs.Url")));
        assert_eq!(split("AWS::Region"), ("AWS::Region", None));
    }
}
