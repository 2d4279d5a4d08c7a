//! A look at a value as the call of an intrinsic function.

use crate::{Map, SubText, Value};

macro_rules! functions {
    ($($variant:ident $name:literal $tag:expr;)*) => {
        /// The intrinsic functions of CloudFormation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            /// `Fn::ForEach`: its key goes on with the name of the loop, `Fn::ForEach::Name`.
            ForEach,
            /// A key that begins with `Fn::` and is none of the functions known here.
            Unknown,
        }

        impl Function {
            /// Every function that has a fixed key.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The function that a key stands for; none when the key is no function's.
            ///
            /// `Condition` is one only in the places that [`Intrinsic::in_condition`] names.
            pub fn of_key(key: &str) -> Option<Self> {
                match key {
                    $($name => Some(Self::$variant),)*
                    _ if key.starts_with("Fn::ForEach::") => Some(Self::ForEach),
                    _ if key.starts_with("Fn::") => Some(Self::Unknown),
                    _ => None,
                }
            }

            /// The key in a document, such as `Fn::Sub`. Of a loop, `Fn::ForEach`; of an unknown function, `Fn::`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::ForEach => "Fn::ForEach",
                    Self::Unknown => "Fn::",
                }
            }

            /// The short tag of YAML, such as `!Sub`; none for functions that have none.
            pub const fn short_tag(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $tag,)*
                    Self::ForEach | Self::Unknown => None,
                }
            }
        }
    };
}

functions! {
    Ref "Ref" Some("!Ref");
    Condition "Condition" Some("!Condition");
    GetAtt "Fn::GetAtt" Some("!GetAtt");
    Sub "Fn::Sub" Some("!Sub");
    Join "Fn::Join" Some("!Join");
    Split "Fn::Split" Some("!Split");
    Select "Fn::Select" Some("!Select");
    If "Fn::If" Some("!If");
    FindInMap "Fn::FindInMap" Some("!FindInMap");
    ImportValue "Fn::ImportValue" Some("!ImportValue");
    GetStackOutput "Fn::GetStackOutput" Some("!GetStackOutput");
    Base64 "Fn::Base64" Some("!Base64");
    Cidr "Fn::Cidr" Some("!Cidr");
    GetAzs "Fn::GetAZs" Some("!GetAZs");
    Transform "Fn::Transform" Some("!Transform");
    ToJsonString "Fn::ToJsonString" Some("!ToJsonString");
    Length "Fn::Length" Some("!Length");
    Equals "Fn::Equals" Some("!Equals");
    And "Fn::And" Some("!And");
    Or "Fn::Or" Some("!Or");
    Not "Fn::Not" Some("!Not");
    Contains "Fn::Contains" Some("!Contains");
    EachMemberEquals "Fn::EachMemberEquals" Some("!EachMemberEquals");
    EachMemberIn "Fn::EachMemberIn" Some("!EachMemberIn");
    RefAll "Fn::RefAll" Some("!RefAll");
    ValueOf "Fn::ValueOf" Some("!ValueOf");
    ValueOfAll "Fn::ValueOfAll" Some("!ValueOfAll");
    Implies "Fn::Implies" Some("!Implies");
}

/// The call of an intrinsic function, seen on a value of the document without copying anything.
///
/// That the key is a function's says nothing of the argument, which may be wrong: the methods that look into it return
/// none where it is not what the function takes.
///
/// ```
/// use stackgen_template::{Expression, Function, Intrinsic, Value};
///
/// let value = Value::from(Expression::get_att("Table", "StreamArn"));
/// let intrinsic = Intrinsic::of(&value).expect("a function");
/// assert_eq!(intrinsic.function, Function::GetAtt);
/// assert_eq!(intrinsic.get_att().expect("two names").logical_id, "Table");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intrinsic<'a> {
    /// Which function.
    pub function: Function,
    /// The key as it is written.
    pub key: &'a str,
    /// What the function is given.
    pub argument: &'a Value,
}

/// What a `Fn::GetAtt` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetAtt<'a> {
    /// The resource.
    pub logical_id: &'a str,
    /// The attribute; none when it is itself computed, by `Ref`.
    pub attribute: Option<&'a str>,
}

/// What a `Fn::GetStackOutput` is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GetStackOutput<'a> {
    /// The other stack.
    pub stack_name: &'a Value,
    /// The logical id of the output.
    pub output_name: &'a Value,
    /// The region of the other stack, where it is not the same.
    pub region: Option<&'a Value>,
    /// The role through which the other stack is seen.
    pub role_arn: Option<&'a Value>,
}

/// What a `Fn::FindInMap` is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FindInMap<'a> {
    /// The mapping of the template.
    pub mapping: &'a Value,
    /// The first key.
    pub top_level_key: &'a Value,
    /// The second key.
    pub second_level_key: &'a Value,
    /// The value for keys that the mapping does not have.
    pub default: Option<&'a Value>,
}

impl<'a> Intrinsic<'a> {
    /// The function call that a value is: a mapping with one key, which is `Ref` or begins with `Fn::`.
    ///
    /// A mapping with the single key `Condition` is data here: policy documents hold such mappings.
    /// Where a condition stands, use [`Intrinsic::in_condition`].
    pub fn of(value: &'a Value) -> Option<Self> {
        Self::in_condition(value).filter(|intrinsic| intrinsic.function != Function::Condition)
    }

    /// The function call that a value is where a condition stands: in the section of conditions, in the assertions of
    /// rules and in the arguments of `Fn::And`, `Fn::Or`, `Fn::Not`. There `Condition` is a function too.
    pub fn in_condition(value: &'a Value) -> Option<Self> {
        let Value::Map(map) = value else { return None };
        if map.len() != 1 {
            return None;
        }
        let (key, argument) = map.first()?;
        let function = Function::of_key(key)?;
        Some(Self { function, key, argument })
    }

    /// The name that `Ref`, `Condition` or `Fn::RefAll` is given.
    pub fn name(&self) -> Option<&'a str> {
        match self.function {
            Function::Ref | Function::Condition | Function::RefAll => self.argument.as_str(),
            _ => None,
        }
    }

    /// The name that `Ref` is given.
    pub fn reference(&self) -> Option<&'a str> {
        (self.function == Function::Ref).then(|| self.argument.as_str()).flatten()
    }

    /// The resource and attribute that `Fn::GetAtt` names, as a list or as `Resource.Attribute`.
    pub fn get_att(&self) -> Option<GetAtt<'a>> {
        if self.function != Function::GetAtt {
            return None;
        }
        match self.argument {
            Value::String(text) => {
                let (logical_id, attribute) = text.split_once('.')?;
                Some(GetAtt { logical_id, attribute: Some(attribute) })
            }
            Value::List(items) => match &**items {
                [Value::String(logical_id), attribute] => Some(GetAtt { logical_id, attribute: attribute.as_str() }),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text of `Fn::Sub` and its own variables, of which there may be none.
    pub fn sub(&self) -> Option<(SubText<'a>, Option<&'a Map>)> {
        if self.function != Function::Sub {
            return None;
        }
        match self.argument {
            Value::String(text) => Some((SubText::new(text), None)),
            Value::List(items) => match &**items {
                [Value::String(text), Value::Map(variables)] => Some((SubText::new(text), Some(variables))),
                _ => None,
            },
            _ => None,
        }
    }

    /// The condition of `Fn::If`, its value when it holds, and its value when it does not.
    pub fn if_(&self) -> Option<(&'a str, &'a Value, &'a Value)> {
        match (self.function, self.items()?) {
            (Function::If, [Value::String(condition), then, otherwise]) => Some((condition, then, otherwise)),
            _ => None,
        }
    }

    /// The delimiter and the list of `Fn::Join`. The list may be another function call.
    pub fn join(&self) -> Option<(&'a str, &'a Value)> {
        match (self.function, self.items()?) {
            (Function::Join, [Value::String(delimiter), list]) => Some((delimiter, list)),
            _ => None,
        }
    }

    /// The arguments of `Fn::FindInMap`.
    pub fn find_in_map(&self) -> Option<FindInMap<'a>> {
        let (arguments, default) = match (self.function, self.items()?) {
            (Function::FindInMap, [arguments @ .., options]) if arguments.len() == 3 => {
                (arguments, Some(options.get("DefaultValue")?))
            }
            (Function::FindInMap, arguments) => (arguments, None),
            _ => return None,
        };
        let [mapping, top_level_key, second_level_key] = arguments else { return None };
        Some(FindInMap { mapping, top_level_key, second_level_key, default })
    }

    /// The arguments of `Fn::GetStackOutput`.
    pub fn get_stack_output(&self) -> Option<GetStackOutput<'a>> {
        if self.function != Function::GetStackOutput {
            return None;
        }
        let arguments = self.argument.as_map()?;
        Some(GetStackOutput {
            stack_name: arguments.get("StackName")?,
            output_name: arguments.get("OutputName")?,
            region: arguments.get("Region"),
            role_arn: arguments.get("RoleArn"),
        })
    }

    /// The arguments of a function that takes a list of them.
    pub fn items(&self) -> Option<&'a [Value]> {
        self.argument.as_list()
    }

    /// Whether the value that the function gives is a condition's: true or false.
    pub const fn is_condition(&self) -> bool {
        matches!(
            self.function,
            Function::Condition
                | Function::Equals
                | Function::And
                | Function::Or
                | Function::Not
                | Function::Contains
                | Function::EachMemberEquals
                | Function::EachMemberIn
                | Function::Implies
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Expression, Text};

    #[test]
    fn keys_and_functions_are_one_to_one() {
        for function in Function::ALL {
            assert_eq!(Function::of_key(function.key()), Some(*function));
            assert_eq!(function.short_tag().unwrap()[1..], *function.key().trim_start_matches("Fn::"));
        }
        assert_eq!(Function::of_key("Fn::ForEach::Topics"), Some(Function::ForEach));
        assert_eq!(Function::of_key("Fn::Frobnicate"), Some(Function::Unknown));
        assert_eq!(Function::of_key("Function"), None);
    }

    #[test]
    fn only_a_mapping_with_one_key_is_a_call() {
        let two = Value::Map(Map::from_iter([("Ref".into(), "A".into()), ("Other".into(), "B".into())]));
        assert_eq!(Intrinsic::of(&two), None);
        assert_eq!(Intrinsic::of(&Value::from("Ref")), None);
        assert_eq!(Intrinsic::of(&Map::new().into()), None);
    }

    #[test]
    fn condition_is_a_function_only_where_conditions_stand() {
        let value = Value::single("Condition", "IsProduction");
        assert_eq!(Intrinsic::of(&value), None);
        assert_eq!(Intrinsic::in_condition(&value).unwrap().name(), Some("IsProduction"));
    }

    #[test]
    fn both_forms_of_get_att_are_read() {
        for value in [
            Value::single("Fn::GetAtt", "Nested.Outputs.Url"),
            Value::from(Expression::get_att("Nested", "Outputs.Url")),
        ] {
            let get_att = Intrinsic::of(&value).unwrap().get_att().unwrap();
            assert_eq!(get_att, GetAtt { logical_id: "Nested", attribute: Some("Outputs.Url") });
        }
        let computed =
            Value::single("Fn::GetAtt", Value::List(vec!["Nested".into(), Value::single("Ref", "Attribute")]));
        assert_eq!(Intrinsic::of(&computed).unwrap().get_att().unwrap().attribute, None);
        let wrong = Value::single("Fn::GetAtt", "Nested");
        assert_eq!(Intrinsic::of(&wrong).unwrap().get_att(), None);
    }

    #[test]
    fn arguments_are_told_apart() {
        let value = Value::from(Expression::find_in_map_or("M", "a", "b", 5));
        let found = Intrinsic::of(&value).unwrap().find_in_map().unwrap();
        assert_eq!((found.mapping, found.default), (&Value::from("M"), Some(&Value::from(5))));
        let value = Value::from(Expression::find_in_map("M", "a", "b"));
        assert_eq!(Intrinsic::of(&value).unwrap().find_in_map().unwrap().default, None);

        let value = Value::from(Expression::if_("C", 1, 2));
        assert_eq!(Intrinsic::of(&value).unwrap().if_(), Some(("C", &Value::from(1), &Value::from(2))));
        assert_eq!(Intrinsic::of(&value).unwrap().get_att(), None);

        let value = Value::from(Expression::get_stack_output("network", "VpcId"));
        let output = Intrinsic::of(&value).unwrap().get_stack_output().unwrap();
        assert_eq!((output.output_name, output.region), (&Value::from("VpcId"), None));

        let value = Value::from(Expression::sub_with::<Text, Value>("${A}", [("A".into(), 1.into())]));
        let (_, variables) = Intrinsic::of(&value).unwrap().sub().unwrap();
        assert_eq!(variables.unwrap().len(), 1);
    }
}
