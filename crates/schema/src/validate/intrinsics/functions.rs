//! The functions themselves.

use stackgen_template::{Function, Intrinsic, Trail, Value};

use super::{Place, Walk};
use crate::Code;
use crate::similar::did_you_mean;
use crate::validate::arguments::wrong_shape;

impl<'t> Walk<'_, 't> {
    pub(super) fn for_each(&mut self, value: &'t Value, trail: &Trail<'_>) {
        let Value::List(items) = value else {
            return self.report(
                Code::FunctionShape,
                trail,
                "a loop takes a list: the name of a variable, the values, and what is repeated",
                None,
            );
        };
        let [variable, collection, body] = items.as_slice() else {
            return self.report(
                Code::FunctionShape,
                trail,
                "a loop takes a list: the name of a variable, the values, and what is repeated",
                None,
            );
        };
        if !self.context.transforms.language_extensions && !self.context.transforms.unknown {
            let hint = "add `AWS::LanguageExtensions` to `Transform`".to_owned();
            self.report(
                Code::FunctionPlace,
                trail,
                "`Fn::ForEach` needs the transform `AWS::LanguageExtensions`",
                Some(hint),
            );
        }
        self.value(collection, &trail.index(1));
        self.loop_variables.extend(variable.as_str());
        let body_trail = trail.index(2);
        // What is repeated may be resources or outputs, whose references are names with the variable in them.
        self.literal_text += 1;
        self.value(body, &body_trail);
        self.literal_text -= 1;
        if variable.as_str().is_some() {
            self.loop_variables.pop();
        }
    }

    pub(super) fn function(&mut self, intrinsic: Intrinsic<'t>, trail: &Trail<'_>) {
        let key = intrinsic.key;
        let argument = intrinsic.argument;
        let extended = self.context.transforms.language_extensions || self.context.transforms.unknown;
        if let Some(message) = wrong_shape(intrinsic) {
            self.shape(trail, &message);
        }
        match intrinsic.function {
            Function::Ref => match intrinsic.reference() {
                Some(name) => self.reference(name, None, trail),
                None if extended => {
                    self.uses.computed_names = true;
                    self.value(argument, trail);
                }
                None => self.shape(trail, "`Ref` takes the name of a parameter or of a resource"),
            },
            Function::Condition => {
                if let Some(name) = intrinsic.name() {
                    self.condition(name, trail);
                }
            }
            Function::GetAtt => self.get_att(intrinsic, extended, trail),
            Function::Sub => self.sub(intrinsic, trail),
            Function::If => match (intrinsic.if_(), intrinsic.items()) {
                (Some((condition, then, otherwise)), _) => {
                    self.condition(condition, &trail.index(0));
                    for (holds, branch, index) in [(true, then, 1), (false, otherwise, 2)] {
                        self.assumptions.push((condition, holds));
                        self.value(branch, &trail.index(index));
                        self.assumptions.pop();
                    }
                }
                (None, Some(items)) if extended && items.len() == 3 => self.value(argument, trail),
                _ => self.shape(trail, "`Fn::If` takes a list of three: the name of a condition and two values"),
            },
            Function::FindInMap => self.find_in_map(intrinsic, extended, trail),
            Function::ImportValue => {
                self.value(argument, trail);
            }
            Function::Base64 => {
                self.literal_text += 1;
                self.value(argument, trail);
                self.literal_text -= 1;
            }
            Function::Join
            | Function::Split
            | Function::Select
            | Function::Cidr
            | Function::GetAzs
            | Function::GetStackOutput
            | Function::Transform => self.value(argument, trail),
            Function::Length | Function::ToJsonString => {
                if !extended {
                    let hint = "add `AWS::LanguageExtensions` to `Transform`".to_owned();
                    let message = format!("`{key}` needs the transform `AWS::LanguageExtensions`");
                    self.report(Code::FunctionPlace, trail, message, Some(hint));
                }
                self.value(argument, trail);
            }
            Function::RefAll => {
                self.uses.parameter_types.extend(intrinsic.name());
            }
            Function::ValueOf => {
                if let Some(name) = intrinsic.items().and_then(|items| items.first()?.as_str()) {
                    self.reference(name, None, trail);
                }
            }
            Function::ValueOfAll => {
                self.uses.parameter_types.extend(intrinsic.items().and_then(|items| items.first()?.as_str()));
            }
            Function::ForEach => self.for_each(argument, trail),
            Function::Unknown => {
                if !self.context.transforms.unknown {
                    let hint = did_you_mean(key, Function::ALL.iter().map(|function| function.key()));
                    self.report(Code::FunctionUnknown, trail, format!("there is no function `{key}`"), hint);
                }
                self.value(argument, trail);
            }
            _ => {
                if self.place != Place::Decision && !extended {
                    let message = format!("`{key}` only works in conditions and rules");
                    let hint = "name a condition in the section `Conditions`, and use `Fn::If`".to_owned();
                    self.report(Code::FunctionPlace, trail, message, Some(hint));
                }
                self.value(argument, trail);
            }
        }
    }

    pub(super) fn shape(&mut self, trail: &Trail<'_>, message: &str) {
        self.report(Code::FunctionShape, trail, message, None);
    }
}
