//! Looks at the parts of a template, without copying and without believing that they are right.

use crate::{Map, Value};

/// An entry of the section of resources.
///
/// Every method returns none where the template lacks the part or holds something of another kind in its place;
/// [`body`](Self::body) is what stands there.
#[derive(Debug, Clone, Copy)]
pub struct ResourceView<'a> {
    /// The key of the resource.
    pub logical_id: &'a str,
    /// What stands under the key.
    pub body: &'a Value,
}

impl<'a> ResourceView<'a> {
    /// The CloudFormation type, such as `AWS::S3::Bucket`.
    pub fn type_name(&self) -> Option<&'a str> {
        self.body.get("Type")?.as_str()
    }

    /// The properties.
    pub fn properties(&self) -> Option<&'a Map> {
        self.body.get("Properties")?.as_map()
    }

    /// One property.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.properties()?.get(name)
    }

    /// The resources that must be complete before this one is begun, as written in `DependsOn`: one name or a list.
    pub fn depends_on(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        names(self.body.get("DependsOn"))
    }

    /// The condition without which the resource is not created.
    pub fn condition(&self) -> Option<&'a str> {
        self.body.get("Condition")?.as_str()
    }

    /// What becomes of the resource when it leaves the stack. With language extensions it may be an expression.
    pub fn deletion_policy(&self) -> Option<&'a Value> {
        self.body.get("DeletionPolicy")
    }

    /// What becomes of the old resource when an update replaces it. With language extensions it may be an expression.
    pub fn update_replace_policy(&self) -> Option<&'a Value> {
        self.body.get("UpdateReplacePolicy")
    }

    /// What creation waits for.
    pub fn creation_policy(&self) -> Option<&'a Map> {
        self.body.get("CreationPolicy")?.as_map()
    }

    /// How an update goes about its instances.
    pub fn update_policy(&self) -> Option<&'a Map> {
        self.body.get("UpdatePolicy")?.as_map()
    }

    /// Data about the resource.
    pub fn metadata(&self) -> Option<&'a Map> {
        self.body.get("Metadata")?.as_map()
    }
}

/// An entry of the section of parameters.
#[derive(Debug, Clone, Copy)]
pub struct ParameterView<'a> {
    /// The key of the parameter.
    pub name: &'a str,
    /// What stands under the key.
    pub body: &'a Value,
}

impl<'a> ParameterView<'a> {
    /// The type, such as `String` or `AWS::EC2::VPC::Id`.
    pub fn type_name(&self) -> Option<&'a str> {
        self.body.get("Type")?.as_str()
    }

    /// The value where a deployment gives none.
    pub fn default(&self) -> Option<&'a Value> {
        self.body.get("Default")
    }

    /// The values that are allowed, where they are few.
    pub fn allowed_values(&self) -> Option<&'a [Value]> {
        self.body.get("AllowedValues")?.as_list()
    }

    /// Whether the value is hidden from those who look at the stack.
    pub fn no_echo(&self) -> bool {
        match self.body.get("NoEcho") {
            Some(Value::Bool(hidden)) => *hidden,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// Whether the parameter holds a list, so that its `Ref` is one.
    pub fn is_list(&self) -> bool {
        self.type_name().is_some_and(|name| name.contains("List<") || name.contains("CommaDelimitedList"))
    }
}

/// An entry of the section of outputs.
#[derive(Debug, Clone, Copy)]
pub struct OutputView<'a> {
    /// The key of the output.
    pub name: &'a str,
    /// What stands under the key.
    pub body: &'a Value,
}

impl<'a> OutputView<'a> {
    /// The value.
    pub fn value(&self) -> Option<&'a Value> {
        self.body.get("Value")
    }

    /// The name under which other stacks import the value.
    pub fn export_name(&self) -> Option<&'a Value> {
        self.body.get("Export")?.get("Name")
    }

    /// The condition without which the output is not there.
    pub fn condition(&self) -> Option<&'a str> {
        self.body.get("Condition")?.as_str()
    }

    /// What the value is.
    pub fn description(&self) -> Option<&'a str> {
        self.body.get("Description")?.as_str()
    }
}

/// The names in a value that is one name or a list of them. What is no text is left out.
pub(super) fn names(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match value {
        Some(Value::String(name)) => (Some(&**name), [].as_slice()),
        Some(Value::List(names)) => (None, names.as_slice()),
        _ => (None, [].as_slice()),
    };
    one.into_iter().chain(many.iter().filter_map(Value::as_str))
}
