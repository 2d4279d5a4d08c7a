//! The stable codes of findings.

use std::fmt;

use crate::Severity;

macro_rules! codes {
    ($($variant:ident $code:literal $name:literal $severity:ident $explanation:literal;)*) => {
        /// What a finding is about. Codes are stable: a code never changes its meaning, and none is used twice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`: ", $explanation)] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const fn all() -> &'static [Self] {
                &[$(Self::$variant,)*]
            }

            /// The code as it is printed: `SG3101`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The name in words: `unknown-property`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// One sentence on what the code stands for.
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => $explanation,)*
                }
            }

            /// The severity unless an option or the finding itself says otherwise.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }
        }
    };
}

codes! {
    // The document.
    UnknownSection "SG1001" "unknown-section" Error "The template has a section that CloudFormation does not know.";
    TemplateShape "SG1002" "template-shape" Error "A part of the template has the wrong JSON type or an unknown key.";
    NoResources "SG1003" "no-resources" Error "The template has no resources.";
    LogicalId "SG1004" "logical-id" Error "A name is not made of letters and digits, or is too long.";
    FormatVersion "SG1005" "format-version" Error "`AWSTemplateFormatVersion` is not `2010-09-09`.";
    Suppression "SG1006" "suppression" Warning "A suppression names no known code or gives no reason.";
    DuplicateName "SG1007" "duplicate-name" Error "A parameter and a resource have the same name.";
    NullValue "SG1008" "null-value" Error "A value is null, which CloudFormation refuses.";

    // Limits of CloudFormation.
    ResourceLimit "SG1101" "resource-limit" Error "The template has more resources than CloudFormation allows.";
    ParameterLimit "SG1102" "parameter-limit" Error "The template has more parameters than CloudFormation allows.";
    OutputLimit "SG1103" "output-limit" Error "The template has more outputs than CloudFormation allows.";
    MappingLimit "SG1104" "mapping-limit" Error "The template has more mappings, or a mapping more keys, than CloudFormation allows.";
    SizeLimit "SG1105" "size-limit" Error "The template is larger than CloudFormation allows.";
    TextLimit "SG1106" "text-limit" Error "A description or a value is longer than CloudFormation allows.";
    NearLimit "SG1107" "near-limit" Warning "The template has reached 80 % of a limit.";

    // Parameters, mappings, conditions, outputs, rules.
    ParameterShape "SG1201" "parameter-shape" Error "A parameter has a wrong or unknown key.";
    ParameterType "SG1202" "parameter-type" Error "The type of a parameter does not exist.";
    ParameterDefault "SG1203" "parameter-default" Error "The default of a parameter breaks the parameter's own constraints.";
    ParameterUnused "SG1204" "parameter-unused" Warning "A parameter is used nowhere.";
    MappingShape "SG1301" "mapping-shape" Error "A mapping is not made of two levels of keys.";
    MappingMissing "SG1302" "mapping-missing" Error "`Fn::FindInMap` looks up a mapping or a key that does not exist.";
    MappingUnused "SG1303" "mapping-unused" Warning "A mapping is used nowhere.";
    ConditionShape "SG1401" "condition-shape" Error "A condition is not made of the functions that conditions allow.";
    ConditionMissing "SG1402" "condition-missing" Error "A condition is used that does not exist.";
    ConditionUnused "SG1403" "condition-unused" Warning "A condition is used nowhere.";
    ConditionCycle "SG1404" "condition-cycle" Error "Conditions depend on each other in a circle.";
    OutputShape "SG1501" "output-shape" Error "An output has no value, or a wrong or unknown key.";
    DuplicateExport "SG1502" "duplicate-export" Error "Two outputs export the same name.";
    ImportMissing "SG1503" "import-missing" Information "A value is imported that no stack of the app exports.";
    RuleShape "SG1601" "rule-shape" Error "A rule of the template has a wrong shape.";

    // Intrinsic functions and references.
    ReferenceMissing "SG2001" "reference-missing" Error "`Ref`, `Fn::GetAtt` or `Fn::Sub` names something that is not in the template.";
    AttributeMissing "SG2002" "attribute-missing" Error "`Fn::GetAtt` or `Fn::Sub` names an attribute that the resource type does not have.";
    FunctionShape "SG2003" "function-shape" Error "An intrinsic function has the wrong arguments.";
    FunctionUnknown "SG2004" "function-unknown" Error "The intrinsic function does not exist.";
    SubVariableUnused "SG2005" "sub-variable-unused" Warning "`Fn::Sub` is given a variable that its text does not use.";
    SubMissing "SG2006" "sub-missing" Warning "A text has `${…}` of the template but is not inside `Fn::Sub`.";
    CircularDependency "SG2007" "circular-dependency" Error "Resources depend on each other in a circle.";
    DependsOnMissing "SG2008" "depends-on-missing" Error "`DependsOn` names a resource that is not in the template.";
    FunctionPlace "SG2009" "function-place" Error "An intrinsic function stands where CloudFormation does not evaluate it.";
    DynamicReference "SG2010" "dynamic-reference" Error "A dynamic reference such as `{{resolve:ssm:…}}` is not well formed.";
    ReferenceConditional "SG2011" "reference-conditional" Warning "A resource is referred to in cases in which its condition leaves it out.";

    // Resources.
    ResourceShape "SG3001" "resource-shape" Error "A resource has no type, or a wrong or unknown key.";
    UnknownType "SG3002" "unknown-type" Error "The resource type does not exist.";
    TypeRegion "SG3003" "type-region" Error "The resource type does not exist in a region of the stack.";
    DeletionPolicy "SG3004" "deletion-policy" Error "A deletion or update-replace policy has a value that does not exist or that the type does not support.";
    UpdatePolicy "SG3005" "update-policy" Error "An update policy is wrong or stands at a type that has none.";
    CreationPolicy "SG3006" "creation-policy" Error "A creation policy is wrong or stands at a type that has none.";
    ModuleShape "SG3007" "module-shape" Error "A resource of a module has a key that modules do not take.";
    DuplicateResource "SG3008" "duplicate-resource" Error "Two entries of the template stand for the same physical resource.";

    // Properties, against the schema of the resource type.
    UnknownProperty "SG3101" "unknown-property" Error "The property does not exist.";
    MissingProperty "SG3102" "missing-property" Error "A required property is missing.";
    WrongType "SG3103" "wrong-type" Error "The value has the wrong JSON type.";
    UnknownEnum "SG3104" "unknown-enum" Error "The value is none of those that the property takes.";
    Pattern "SG3105" "pattern" Error "The text does not have the form that the property wants.";
    Range "SG3106" "range" Error "The number is too small or too large.";
    Length "SG3107" "length" Error "The text is too short or too long.";
    Count "SG3108" "count" Error "The list or mapping has too few or too many entries.";
    Duplicate "SG3109" "duplicate" Error "The list holds the same item twice.";
    Exclusive "SG3110" "exclusive" Error "Two properties are set that exclude each other.";
    Dependent "SG3111" "dependent" Error "A property is set without another that it needs.";
    OneOf "SG3112" "one-of" Error "None or too many of several alternatives are given.";
    Combination "SG3113" "combination" Error "The values of several properties do not go together.";
    Constant "SG3114" "constant" Error "The property takes a single value, and this is another.";
    Format "SG3115" "format" Error "The text is not of the format that the property wants.";
    ReadOnly "SG3116" "read-only" Error "The property is read-only: it is an attribute of the created resource.";
    Deprecated "SG3117" "deprecated" Information "The property is deprecated.";

    // Services.
    PolicyShape "SG4001" "policy-shape" Error "A policy document has a wrong shape.";
    PolicyAction "SG4002" "policy-action" Warning "The action of a policy does not exist.";
    PolicyPrincipal "SG4003" "policy-principal" Error "The principal of a policy is missing, forbidden here or malformed.";
    PolicyResource "SG4004" "policy-resource" Error "The resource of a policy is neither an ARN nor `*`.";
    FifoName "SG4101" "fifo-name" Error "A FIFO queue or topic has a name that does not end in `.fifo`, or the reverse.";
    DeadLetterKind "SG4102" "dead-letter-kind" Error "A queue and its dead-letter queue are not both standard or both FIFO.";
    VisibilityTimeout "SG4103" "visibility-timeout" Error "A queue makes messages visible again before the function that reads it must have ended.";
    KeyAttributes "SG4201" "key-attributes" Error "The keys of a table and its attribute definitions do not match.";
    Schedule "SG4301" "schedule" Error "A schedule expression cannot be read.";
    StateMachineShape "SG4401" "state-machine-shape" Error "The definition of a state machine has a wrong shape.";
    StateMissing "SG4402" "state-missing" Error "The definition of a state machine names a state that does not exist.";
    StateUnreachable "SG4403" "state-unreachable" Error "A state cannot be reached.";
    StateTerminal "SG4404" "state-terminal" Error "The states of a state machine have no end.";
    Runtime "SG4501" "runtime" Warning "The runtime of a function is deprecated, or functions of it can no longer be created.";
}

impl Code {
    /// The code that is written `text`: `SG3101` or `unknown-property`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().iter().copied().find(|code| code.as_str() == text || code.name() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        let codes: Vec<&str> = Code::all().iter().map(|code| code.as_str()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        let names: BTreeSet<&str> = Code::all().iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), codes.len());
    }

    #[test]
    fn codes_are_read_as_written() {
        for code in Code::all() {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert_eq!(Code::parse(code.name()), Some(*code));
        }
        assert_eq!(Code::parse("SG0000"), None);
    }
}
