//! What an intrinsic function gives, as far as that is known before deployment.

use stackgen_template::{Function, Intrinsic, Trail};

use super::describe;
use super::{Engine, Message, Outcome};
use crate::Code;
use crate::database::format::json_type;
use crate::database::node::{Constraint, Node};

impl<'t> Engine<'_, 't> {
    /// A function where a value of the node's type is wanted.
    pub(super) fn function(&mut self, node: Node, intrinsic: Intrinsic<'t>, trail: &Trail<'_>) -> Outcome {
        let Some(gives) = self.gives(intrinsic) else { return Outcome::Unknown };
        let scalar = json_type::STRING | json_type::INTEGER | json_type::NUMBER | json_type::BOOLEAN;
        for constraint in node.constraints() {
            let Constraint::Type(wanted) = constraint else { continue };
            // A text may turn out to be a number; a list never does, and a text is never a list.
            let fits = match gives {
                Gives::Text => wanted & scalar != 0 || wanted & json_type::ARRAY == 0,
                Gives::List => wanted & json_type::ARRAY != 0 || wanted & json_type::OBJECT != 0,
            };
            if !fits {
                return self.fail(Code::WrongType, trail, || {
                    let kind = match gives {
                        Gives::Text => "text",
                        Gives::List => "a list",
                    };
                    let function = intrinsic.key;
                    let message =
                        Message::new(format!("`{function}` gives {kind} where {} is wanted", describe::types(wanted)));
                    message.hint(matches!(gives, Gives::Text).then(|| "make it the item of a list".to_owned()))
                });
            }
        }
        Outcome::Unknown
    }

    fn gives(&self, intrinsic: Intrinsic<'_>) -> Option<Gives> {
        match intrinsic.function {
            Function::Sub | Function::Join | Function::Base64 => Some(Gives::Text),
            Function::Split | Function::Cidr | Function::GetAzs => Some(Gives::List),
            Function::Ref => {
                let name = intrinsic.reference()?;
                if let Some(parameter) = self.context.parameters.get(name) {
                    return Some(if parameter.is_list() { Gives::List } else { Gives::Text });
                }
                match name {
                    "AWS::NotificationARNs" => Some(Gives::List),
                    "AWS::NoValue" => None,
                    _ if name.starts_with("AWS::") => Some(Gives::Text),
                    // What a module or a custom resource gives is not known.
                    _ => self.context.resource(name)?.known.map(|_| Gives::Text),
                }
            }
            Function::GetAtt => {
                let get_att = intrinsic.get_att()?;
                let resource_type = self.context.resource(get_att.logical_id)?.known?;
                if resource_type.has_any_attribute() {
                    return None;
                }
                let kinds = resource_type.attribute(get_att.attribute?)?.kinds();
                match (kinds.list(), kinds.string() || kinds.number() || kinds.boolean(), kinds.object()) {
                    (true, false, false) => Some(Gives::List),
                    (false, true, false) => Some(Gives::Text),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// What a function gives.
#[derive(Clone, Copy)]
enum Gives {
    /// Text, or a number or truth value in the form of text.
    Text,
    List,
}
