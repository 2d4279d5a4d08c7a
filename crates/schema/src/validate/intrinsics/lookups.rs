//! Functions that look something up: `Fn::GetAtt`, `Fn::Sub`, `Fn::FindInMap`.

use std::collections::HashSet;

use stackgen_template::{Intrinsic, Map, SubPart, Trail, Value};

use super::Walk;
use crate::Code;
use crate::similar::did_you_mean;

impl<'t> Walk<'_, 't> {
    pub(super) fn get_att(&mut self, intrinsic: Intrinsic<'t>, extended: bool, trail: &Trail<'_>) {
        if let Some(get_att) = intrinsic.get_att() {
            if let Some(attribute) = get_att.attribute {
                // `Resource.Attribute` may also be a name and an attribute of a module's resource.
                return self.reference(get_att.logical_id, Some(attribute), trail);
            }
            // The attribute is computed.
            if self.context.resource_number(get_att.logical_id).is_none() {
                self.reference(get_att.logical_id, Some("${}"), trail);
            }
            return self.value(intrinsic.argument, trail);
        }
        // `[A, B, C]` is `A.B.C`.
        if let Some([Value::String(name), rest @ ..]) = intrinsic.items()
            && rest.len() > 1
            && rest.iter().all(|part| part.as_str().is_some())
        {
            return self.reference(name, Some("${}"), trail);
        }
        if extended {
            return self.value(intrinsic.argument, trail);
        }
        self.shape(trail, "`Fn::GetAtt` takes the name of a resource and that of an attribute");
    }

    pub(super) fn sub(&mut self, intrinsic: Intrinsic<'t>, trail: &Trail<'_>) {
        let Some((text, variables)) = intrinsic.sub() else {
            if self.context.transforms.unknown {
                return self.value(intrinsic.argument, trail);
            }
            return self.shape(trail, "`Fn::Sub` takes a text, or a list of a text and a mapping of variables");
        };
        let mut used = HashSet::new();
        for part in text.parts() {
            let SubPart::Variable(variable) = part else { continue };
            if variables.is_some_and(|variables| variables.contains_key(variable.name)) {
                used.insert(variable.name);
                continue;
            }
            let (name, attribute) = variable.split();
            self.reference(name, attribute, trail);
        }
        if text.as_str().contains("{{") {
            self.dynamic_reference(text.as_str(), trail);
        }
        let list = trail.index(1);
        for (name, value) in variables.into_iter().flat_map(Map::iter) {
            if !used.contains(name) && !name.starts_with("Fn::") {
                let message = format!("the text does not use the variable `{name}`");
                self.report(Code::SubVariableUnused, &list.key(name), message, None);
            }
            self.value(value, &list.key(name));
        }
    }

    pub(super) fn find_in_map(&mut self, intrinsic: Intrinsic<'t>, extended: bool, trail: &Trail<'_>) {
        let Some(find) = intrinsic.find_in_map() else {
            if !extended {
                self.shape(trail, "`Fn::FindInMap` takes a list of three: a mapping and two keys");
            }
            self.uses.computed_mappings = true;
            return self.value(intrinsic.argument, trail);
        };
        self.value(intrinsic.argument, trail);
        let Some(name) = find.mapping.as_str() else {
            self.uses.computed_mappings = true;
            return;
        };
        self.uses.mappings.insert(name);
        let Some(mapping) = self.context.mappings.get(name) else {
            if self.context.transforms.unknown || self.context.has_generated_mappings || name.contains("${") {
                return;
            }
            let hint = did_you_mean(name, self.context.mappings.keys().copied());
            return self.report(Code::MappingMissing, &trail.index(0), format!("there is no mapping `{name}`"), hint);
        };
        if find.default.is_some() {
            return;
        }
        let generated = |map: &Map| map.keys().any(|key| key.starts_with("Fn::"));
        let Value::Map(first) = mapping else { return };
        let Some(key) = find.top_level_key.as_str() else {
            return self.second_key_somewhere(first, name, find.second_level_key, trail);
        };
        match first.get(key) {
            Some(Value::Map(second)) => {
                if let Some(key) = find.second_level_key.as_str()
                    && !second.contains_key(key)
                    && !generated(second)
                    && !key.contains("${")
                {
                    let hint = did_you_mean(key, second.keys());
                    let message = format!("the mapping `{name}` has no such second key `{key}`");
                    self.report(Code::MappingMissing, &trail.index(2), message, hint);
                }
            }
            None if !generated(first) && !key.contains("${") => {
                let hint = did_you_mean(key, first.keys());
                let message = format!("the mapping `{name}` has no key `{key}`");
                self.report(Code::MappingMissing, &trail.index(1), message, hint);
            }
            _ => {}
        }
    }

    /// With a first key that is not known, the second must be under at least one.
    fn second_key_somewhere(&mut self, first: &Map, name: &str, key: &'t Value, trail: &Trail<'_>) {
        let Some(key) = key.as_str() else { return };
        let has = |second: &Value| match second {
            Value::Map(second) => second.contains_key(key) || second.keys().any(|key| key.starts_with("Fn::")),
            _ => true,
        };
        if first.is_empty()
            || key.contains("${")
            || first.iter().any(|(first, second)| first.starts_with("Fn::") || has(second))
        {
            return;
        }
        let message = format!("the mapping `{name}` has the second key `{key}` nowhere");
        self.report(Code::MappingMissing, &trail.index(2), message, None);
    }
}
