//! What the reader must know beyond the differences: lost data, refused changes, what stays behind.

use stackgen_template::{ResourceView, Value};

use super::change_kind::ChangeKind;
use super::changes::{Action, DataRisk, Effect, Gravity, Notice, NoticeKind, ResourceChange};
use super::resource::{self, resource_type};
use super::ripple::OWN_CONDITION;
use super::stack::Comparison;

impl Comparison<'_> {
    pub(super) fn pair_notices(&mut self, change: &ResourceChange, new: ResourceView<'_>) {
        let id = &change.logical_id;
        if let Some(previous) = &change.previous_type {
            let message = format!("CloudFormation refuses to turn `{id}` from {previous} into {}", change.type_name);
            let notice = Notice::new(Gravity::Error, NoticeKind::TypeChange, id, message);
            self.notices.push(notice.hint("give the new resource another logical id"));
            return;
        }
        if resource_type(&change.type_name).is_none() && change.action == Action::MayReplace {
            let message = format!("the schema does not know {}, nor what its change does", change.type_name);
            self.notices.push(Notice::new(Gravity::Information, NoticeKind::UnknownType, id, message));
        }
        let may_go = change.properties.iter().any(|property| property.label == "Condition");
        if may_go && resource::is_stateful(new) && resource::policy("DeletionPolicy", new) == "Delete" {
            let message = format!("`{id}` holds data, and is deleted where its new condition does not hold");
            let notice = Notice::new(Gravity::Warning, NoticeKind::DataLoss, id, message);
            self.notices.push(notice.hint("set `DeletionPolicy: Retain` and deploy that first"));
        }
    }

    /// A new resource is made before the old one goes, so that both cannot have the same name.
    pub(super) fn name_notices(&mut self, resources: &[ResourceChange]) {
        for change in
            resources.iter().filter(|change| change.kind == ChangeKind::Modified && change.previous_type.is_none())
        {
            let id = &change.logical_id;
            let may_be = change.properties.iter().any(|property| property.effect == Effect::MayReplace);
            let (gravity, verb) = match change.action {
                Action::Replace => (Gravity::Error, "must be replaced"),
                Action::MayReplace if may_be => (Gravity::Warning, "may have to be replaced"),
                _ => continue,
            };
            let before = self.before.template.resource(change.moved_from.as_ref().unwrap_or(id));
            let (Some(before), Some(after)) = (before, self.after.template.resource(id)) else { continue };
            let Some(name) = fixed_name(before, after) else { continue };
            let message = format!("`{id}` {verb}, but its {name} stays, and a name exists only once");
            let notice = Notice::new(gravity, NoticeKind::NamedReplacement, id, message);
            self.notices
                .push(notice.hint(format!("change or remove {name}, so that the new one can stand beside the old")));
        }
    }

    pub(super) fn data_notices(&mut self, resources: &[ResourceChange]) {
        for change in resources {
            let id = &change.logical_id;
            let type_name = &change.type_name;
            let message = match (change.data, change.action) {
                (DataRisk::Lost, Action::Delete) => format!("`{id}` ({type_name}) holds data and is deleted with it"),
                (DataRisk::Lost, _) => format!("`{id}` ({type_name}) holds data and is replaced by an empty one"),
                (DataRisk::MayBeLost, _) if is_gated(change) => {
                    format!("`{id}` ({type_name}) holds data and is deleted where its condition no longer holds")
                }
                (DataRisk::MayBeLost, _) => {
                    format!("`{id}` ({type_name}) holds data and may be replaced by an empty one")
                }
                (_, Action::Retain) => {
                    let message = format!("`{id}` ({type_name}) leaves the stack and stays behind");
                    let notice = Notice::new(Gravity::Information, NoticeKind::LeftBehind, id, message);
                    self.notices
                        .push(notice.hint("it costs what it costs until it is deleted by hand or imported again"));
                    continue;
                }
                _ => continue,
            };
            let policy = if change.action == Action::Delete || is_gated(change) {
                "DeletionPolicy"
            } else {
                "UpdateReplacePolicy"
            };
            let hint = format!("to keep the data, set `{policy}: Retain` and deploy that first");
            self.notices.push(Notice::new(Gravity::Warning, NoticeKind::DataLoss, id, message).hint(hint));
        }
    }

    pub(super) fn macro_notice(&mut self, differs: bool) {
        let macros: Vec<&str> =
            self.after.template.transforms().filter(|name| *name != "AWS::LanguageExtensions").collect();
        if differs && !macros.is_empty() {
            let message = format!("what {} makes of the template is not known here", macros.join(", "));
            let notice = Notice::new(Gravity::Information, NoticeKind::Macro, &self.after.name, message);
            self.notices.push(Notice { subject: None, ..notice });
        }
    }
}

/// Whether the condition of a resource may be another one now.
fn is_gated(change: &ResourceChange) -> bool {
    change.causes.iter().any(|cause| cause.label == OWN_CONDITION)
}

/// The property by which a resource is known, when both templates fix it at the same text.
fn fixed_name(before: ResourceView<'_>, after: ResourceView<'_>) -> Option<&'static str> {
    let resource_type = after.type_name().and_then(resource_type)?;
    let mut names = resource_type.primary_identifier();
    let (name, None) = (names.next()?, names.next()) else { return None };
    let is_settable = !resource_type.read_only().any(|path| path == name);
    let (old, new) = (before.property(name)?, after.property(name)?);
    (is_settable && old == new && matches!(new, Value::String(_))).then_some(name)
}
