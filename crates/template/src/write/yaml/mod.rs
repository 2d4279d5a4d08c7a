//! The writer of YAML.

mod scalar;

use crate::{Function, Intrinsic, Map, Value};

/// How functions are written in YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum YamlStyle {
    /// With short tags where CloudFormation takes them: `!Ref Bucket`.
    ///
    /// A function whose argument is a mapping keeps its long form, since CloudFormation does not take short forms within
    /// short forms there.
    #[default]
    Short,
    /// As mappings: `Ref: Bucket`. Any reader of YAML takes this, without knowing of CloudFormation.
    Long,
}

/// A value as YAML, in blocks indented by two blanks, with a line break at the end.
///
/// Readers of YAML 1.1 and 1.2 both read the same data: whatever one of them could take for something else than text is
/// in quotes. Text of several lines stands as it is, in a literal block.
///
/// A [`Value::Reference`], which no finished template holds, is written as the `Ref` or `Fn::GetAtt` that it is within
/// its own stack.
///
/// ```
/// use stackgen_template::{Expression, Map, YamlStyle, to_yaml};
///
/// let value = Map::from([
///     ("BucketName", Expression::sub("${AWS::StackName}-data").into()),
///     ("Owner", stackgen_template::Value::from("on")),
/// ]);
/// assert_eq!(to_yaml(&value.into(), YamlStyle::Short), "BucketName: !Sub '${AWS::StackName}-data'\nOwner: 'on'\n");
/// ```
pub fn to_yaml(value: &Value, style: YamlStyle) -> String {
    let mut writer = Writer { text: String::with_capacity(256), style };
    writer.value(value, Position::document());
    writer.text
}

pub(crate) fn map(map: &Map, style: YamlStyle) -> String {
    let mut writer = Writer { text: String::with_capacity(256), style };
    if map.is_empty() {
        writer.scalar("{}", Position::document());
    } else {
        writer.map(map, Position::document());
    }
    writer.text
}

struct Writer {
    text: String,
    style: YamlStyle,
}

/// Where a value is about to be written.
#[derive(Debug, Clone, Copy)]
struct Position {
    /// The indentation of entries and items of the value, in blanks.
    indent: usize,
    /// What stands before the value in its line.
    after: After,
    /// Whether a condition is meant here, so that `Condition` is a function.
    in_condition: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing but indentation: the start of the document, or the value of a key on a line of its own.
    Nothing,
    /// The dash of an item: entries and items begin in the same line.
    Dash,
    /// A key with its colon, or a tag: entries and items begin in the next line, scalars after a blank.
    Word,
}

impl Position {
    const fn document() -> Self {
        Self { indent: 0, after: After::Nothing, in_condition: false }
    }
}

impl Writer {
    /// Writes a value, to the end of its last line.
    fn value(&mut self, value: &Value, position: Position) {
        match value {
            Value::List(items) => self.list(items, position),
            Value::Map(map) if map.is_empty() => self.scalar("{}", position),
            Value::Map(map) => match self.short_form(value, position) {
                Some(intrinsic) => self.call(intrinsic, position),
                None => self.map(map, position),
            },
            Value::Null => self.scalar("null", position),
            Value::Bool(true) => self.scalar("true", position),
            Value::Bool(false) => self.scalar("false", position),
            Value::Number(number) => self.scalar(&scalar::number(&number.as_text()), position),
            Value::String(text) => {
                self.blank(position);
                scalar::push_string(&mut self.text, text, position.indent);
                self.text.push('\n');
            }
            Value::Reference(reference) => self.value(&reference.to_intrinsic(), position),
        }
    }

    fn blank(&mut self, position: Position) {
        if position.after == After::Word {
            self.text.push(' ');
        }
    }

    fn scalar(&mut self, text: &str, position: Position) {
        self.blank(position);
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// Begins an item or entry: at a new line, except for the first one after a dash or at the start.
    fn begin(&mut self, index: usize, position: Position) {
        if index > 0 {
            self.indent(position.indent);
        } else if position.after == After::Word {
            self.text.push('\n');
            self.indent(position.indent);
        }
    }

    fn list(&mut self, items: &[Value], position: Position) {
        if items.is_empty() {
            return self.scalar("[]", position);
        }
        for (index, item) in items.iter().enumerate() {
            self.begin(index, position);
            self.text.push_str("- ");
            let indent = position.indent + 2;
            self.value(item, Position { indent, after: After::Dash, ..position });
        }
    }

    fn map(&mut self, map: &Map, position: Position) {
        for (index, (key, value)) in map.iter().enumerate() {
            self.begin(index, position);
            self.key(key, position.indent);
            let in_condition = holds_conditions(key);
            self.value(value, Position { indent: position.indent + 2, after: After::Word, in_condition });
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        if scalar::is_long_key(key) {
            self.text.push_str("? ");
            scalar::push_quoted(&mut self.text, key);
            self.text.push('\n');
            self.indent(indent);
        } else {
            scalar::push_line(&mut self.text, key);
        }
        self.text.push(':');
    }

    /// The function call that a value is, if it can be written with a tag.
    fn short_form<'a>(&self, value: &'a Value, position: Position) -> Option<Intrinsic<'a>> {
        if self.style == YamlStyle::Long {
            return None;
        }
        let intrinsic = Intrinsic::in_condition(value)?;
        intrinsic.function.short_tag()?;
        let has_short_form = match (intrinsic.function, intrinsic.argument) {
            (Function::Condition, Value::String(_)) => position.in_condition,
            (Function::Condition, _) => false,
            (Function::GetAtt, argument) => attribute_text(argument).is_some() || argument.as_list().is_some(),
            (_, Value::String(_) | Value::List(_)) => true,
            _ => false,
        };
        has_short_form.then_some(intrinsic)
    }

    fn call(&mut self, intrinsic: Intrinsic<'_>, position: Position) {
        self.blank(position);
        self.text.push_str(intrinsic.function.short_tag().unwrap_or_default());
        let in_condition = holds_conditions(intrinsic.key);
        let position = Position { after: After::Word, in_condition, ..position };
        match attribute_text(intrinsic.argument).filter(|_| intrinsic.function == Function::GetAtt) {
            Some(text) => self.value(&Value::from(text), position),
            None => self.value(intrinsic.argument, position),
        }
    }
}

/// Whether the value of a key is a condition, or a list or mapping of them.
fn holds_conditions(key: &str) -> bool {
    matches!(key, "Fn::And" | "Fn::Or" | "Fn::Not")
}

/// The `Resource.Attribute` of a `Fn::GetAtt`, where reading it gives the same two names again.
fn attribute_text(argument: &Value) -> Option<String> {
    match argument.as_list()? {
        [Value::String(logical_id), Value::String(attribute)] if !logical_id.contains('.') => {
            Some(format!("{logical_id}.{attribute}"))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
