//! A resource as it is built.

use super::{DeletionPolicy, UpdateReplacePolicy};
use crate::{Map, Text, Value};

/// A resource of a template, with every attribute that CloudFormation knows.
///
/// ```
/// use stackgen_template::{DeletionPolicy, Resource, UpdateReplacePolicy};
///
/// let table = Resource::new("AWS::DynamoDB::Table")
///     .property("TableName", "stats")
///     .depends_on("Key")
///     .deletion_policy(DeletionPolicy::Retain)
///     .update_replace_policy(UpdateReplacePolicy::Retain);
/// assert_eq!(table.depends_on, ["Key"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Resource {
    /// The CloudFormation type, such as `AWS::S3::Bucket`.
    pub type_name: Text,
    /// The properties.
    pub properties: Map,
    /// The resources that must be complete before this one is begun, beside those that its properties refer to.
    pub depends_on: Vec<Text>,
    /// The condition without which the resource is not created.
    pub condition: Option<Text>,
    /// What creation waits for: signals of instances, or other things that the type defines.
    pub creation_policy: Map,
    /// How an update goes about the instances of a group, or other things that the type defines.
    pub update_policy: Map,
    /// What becomes of the resource when it leaves the stack.
    pub deletion_policy: Option<DeletionPolicy>,
    /// What becomes of the old resource when an update replaces it.
    pub update_replace_policy: Option<UpdateReplacePolicy>,
    /// Data about the resource.
    pub metadata: Map,
}

impl Resource {
    /// A resource without properties.
    pub fn new(type_name: impl Into<Text>) -> Self {
        Self {
            type_name: type_name.into(),
            properties: Map::new(),
            depends_on: Vec::new(),
            condition: None,
            creation_policy: Map::new(),
            update_policy: Map::new(),
            deletion_policy: None,
            update_replace_policy: None,
            metadata: Map::new(),
        }
    }

    /// Sets all properties at once.
    pub fn properties(mut self, properties: Map) -> Self {
        self.properties = properties;
        self
    }

    /// Sets one property.
    pub fn property(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.properties.insert(name, value);
        self
    }

    /// Adds a resource that must be complete before this one is begun, unless it is named already.
    pub fn depends_on(mut self, logical_id: impl Into<Text>) -> Self {
        let logical_id = logical_id.into();
        if !self.depends_on.contains(&logical_id) {
            self.depends_on.push(logical_id);
        }
        self
    }

    /// Sets the condition without which the resource is not created.
    pub fn condition(mut self, name: impl Into<Text>) -> Self {
        self.condition = Some(name.into());
        self
    }

    /// Lets creation wait for `count` success signals, for at most `timeout`, a duration such as `PT15M`.
    pub fn wait_for_signals(mut self, count: impl Into<Value>, timeout: impl Into<Value>) -> Self {
        let signal = Map::from([("Count", count.into()), ("Timeout", timeout.into())]);
        self.creation_policy.insert("ResourceSignal", signal);
        self
    }

    /// Sets what creation waits for.
    pub fn creation_policy(mut self, policy: Map) -> Self {
        self.creation_policy = policy;
        self
    }

    /// Sets how an update goes about the instances of a group.
    pub fn update_policy(mut self, policy: Map) -> Self {
        self.update_policy = policy;
        self
    }

    /// Sets what becomes of the resource when it leaves the stack.
    pub fn deletion_policy(mut self, policy: DeletionPolicy) -> Self {
        self.deletion_policy = Some(policy);
        self
    }

    /// Sets what becomes of the old resource when an update replaces it.
    pub fn update_replace_policy(mut self, policy: UpdateReplacePolicy) -> Self {
        self.update_replace_policy = Some(policy);
        self
    }

    /// Sets data about the resource.
    pub fn metadata(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key, value);
        self
    }
}

impl From<Resource> for Value {
    fn from(resource: Resource) -> Self {
        let mut body = Map::with_capacity(4);
        body.push("Type", resource.type_name);
        if let Some(condition) = resource.condition {
            body.push("Condition", condition);
        }
        if !resource.depends_on.is_empty() {
            body.push("DependsOn", resource.depends_on);
        }
        for (key, map) in [
            ("CreationPolicy", resource.creation_policy),
            ("UpdatePolicy", resource.update_policy),
            ("Metadata", resource.metadata),
            ("Properties", resource.properties),
        ] {
            if !map.is_empty() {
                body.push(key, map);
            }
        }
        if let Some(policy) = resource.deletion_policy {
            body.push("DeletionPolicy", policy);
        }
        if let Some(policy) = resource.update_replace_policy {
            body.push("UpdateReplacePolicy", policy);
        }
        Self::Map(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json_compact;

    #[test]
    fn a_bare_resource_is_its_type() {
        assert_eq!(to_json_compact(&Resource::new("AWS::SNS::Topic").into()), r#"{"Type":"AWS::SNS::Topic"}"#);
    }

    #[test]
    fn every_attribute_is_written() {
        let resource = Resource::new("AWS::AutoScaling::AutoScalingGroup")
            .property("MinSize", "1")
            .depends_on("Role")
            .depends_on("Role")
            .condition("IsProduction")
            .wait_for_signals(1, "PT15M")
            .update_policy(Map::from([("AutoScalingReplacingUpdate", Map::from([("WillReplace", true)]))]))
            .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
            .update_replace_policy(UpdateReplacePolicy::Delete)
            .metadata("Owner", "data");
        assert_eq!(
            to_json_compact(&resource.into()),
            concat!(
                r#"{"Type":"AWS::AutoScaling::AutoScalingGroup","Condition":"IsProduction","DependsOn":["Role"],"#,
                r#""CreationPolicy":{"ResourceSignal":{"Count":1,"Timeout":"PT15M"}},"#,
                r#""UpdatePolicy":{"AutoScalingReplacingUpdate":{"WillReplace":true}},"#,
                r#""Metadata":{"Owner":"data"},"Properties":{"MinSize":"1"},"#,
                r#""DeletionPolicy":"RetainExceptOnCreate","UpdateReplacePolicy":"Delete"}"#
            )
        );
    }
}
