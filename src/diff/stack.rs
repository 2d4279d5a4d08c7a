//! Stacks: from two sets of templates to what differs.

use std::collections::HashMap;

use stackgen_template::{ResourceView, Section, Template};

use super::access::{self, AccessRule, Holder, NetworkRule};
use super::canonical::Renames;
use super::change_kind::ChangeKind;
use super::changes::{
    Action, Cause, Changes, DataRisk, Effect, Gravity, Notice, NoticeKind, ResourceChange, StackChange, StackChanges,
};
use super::resource::{self, Canonicalized, resource_type};
use super::stack_template::StackTemplate;
use super::{entries, exports, moves, ripple};

/// What differs between two sets of stacks, which are matched by name: in the order of `after`, with the stacks that are
/// only in `before` at the end.
pub fn diff(before: &[StackTemplate], after: &[StackTemplate]) -> Changes {
    let empty = StackTemplate::default();
    let find = |stacks: &'_ [StackTemplate], name: &str| stacks.iter().position(|stack| stack.name == name);
    let mut stacks = Vec::with_capacity(after.len());
    for new in after {
        stacks.push(match find(before, &new.name) {
            Some(index) => compare(&before[index], new),
            None => StackChanges { change: StackChange::Added, ..compare(&empty, new) },
        });
    }
    for old in before.iter().filter(|old| find(after, &old.name).is_none()) {
        let gone = StackTemplate::new(old.name.clone(), Template::new());
        stacks.push(StackChanges { change: StackChange::Removed, ..compare(old, &gone) });
    }
    exports::check(before, after, &mut stacks);
    for stack in &mut stacks {
        stack.notices.sort_by_key(|notice| notice.gravity);
    }
    Changes { stacks }
}

/// Two templates while they are compared.
pub(super) struct Comparison<'a> {
    pub(super) before: &'a StackTemplate,
    pub(super) after: &'a StackTemplate,
    renames: Renames<'a>,
    old: HashMap<&'a str, ResourceView<'a>>,
    pub(super) notices: Vec<Notice>,
    sides: Sides<'a>,
}

/// What is allowed on each side, by resources that differ, and by those that do not.
#[derive(Default)]
struct Sides<'a> {
    before: Side,
    after: Side,
    /// Resources that hold policies and do not differ.
    unchanged: Vec<ResourceView<'a>>,
    unblocked: Vec<access::Exposure>,
}

/// What is allowed by resources that differ.
#[derive(Default)]
struct Side {
    access: Vec<AccessRule>,
    network: Vec<NetworkRule>,
    exposures: Vec<(String, &'static str)>,
}

fn compare(before: &StackTemplate, after: &StackTemplate) -> StackChanges {
    let moved = moves::recorded(&before.template, &after.template, &after.moves);
    let renames = moved.renames;
    let mut notices = Vec::new();
    for record in moved.without_source {
        let message = format!("`{}` was moved to `{}`, but no resource fits the record", record.from, record.to);
        let notice = Notice::new(Gravity::Information, NoticeKind::MoveWithoutSource, &record.to, message);
        notices.push(notice.hint("remove the record once the move is deployed everywhere"));
    }
    let old = before.template.resources().map(|resource| (resource.logical_id, resource)).collect();
    let mut comparison = Comparison { before, after, renames, old, notices, sides: Sides::default() };
    let mut resources = comparison.resources();
    let entries = entries::changes(&before.template, &after.template, &comparison.renames);
    comparison.ripple(&mut resources, &entries);
    comparison.name_notices(&resources);
    comparison.data_notices(&resources);
    comparison.macro_notice(!resources.is_empty() || !entries.is_empty());
    let mut suggested_moves = moves::suggested(&before.template, &after.template, &comparison.renames);
    suggested_moves.sort_by(|one, other| one.from.cmp(&other.from));
    let Sides { before: old, after: new, unchanged, unblocked } = comparison.sides;
    let mut exposures = access::exposure_changes(&old.exposures, &new.exposures);
    exposures.extend(unblocked);
    StackChanges {
        name: after.name.clone(),
        change: StackChange::Compared,
        resources,
        entries,
        access: access_changes(&old.access, &new.access, &unchanged),
        network: access::network_changes(&old.network, &new.network),
        exposures,
        suggested_moves,
        notices: comparison.notices,
    }
}

/// What differs in what is allowed. Whether that broadens depends on what else is allowed.
fn access_changes(
    before: &[AccessRule],
    after: &[AccessRule],
    unchanged: &[ResourceView<'_>],
) -> Vec<access::AccessChange> {
    if before == after {
        return Vec::new();
    }
    let rules_of =
        |resource: &ResourceView<'_>| access::rules(holder(resource.logical_id, &Canonicalized::new(*resource, None)));
    let unchanged: Vec<AccessRule> = unchanged.iter().flat_map(rules_of).collect();
    access::access_changes(before, after, &unchanged)
}

impl<'a> Comparison<'a> {
    fn resources(&mut self) -> Vec<ResourceChange> {
        let old_names: HashMap<&str, &str> = self.renames.iter().map(|(old, new)| (*new, *old)).collect();
        let mut changes = Vec::new();
        for new in self.after.template.resources() {
            let old_id = old_names.get(new.logical_id).copied().unwrap_or(new.logical_id);
            match self.old.remove(old_id) {
                Some(old) => changes.extend(self.pair(old, new)),
                None => {
                    let mut change = resource::one_sided(new, ChangeKind::Added);
                    if self.after.imports.iter().any(|id| id == new.logical_id) {
                        change.action = Action::Import;
                    }
                    change.nested = self.nested(None, Some(new.logical_id));
                    self.gather(new, false);
                    changes.push(change);
                }
            }
        }
        let removed = self.before.template.resources().filter(|old| self.old.contains_key(old.logical_id));
        for old in removed.collect::<Vec<_>>() {
            let mut change = resource::one_sided(old, ChangeKind::Removed);
            // A stack that stays behind keeps all that it holds.
            if change.action != Action::Retain {
                change.nested = self.nested(Some(old.logical_id), None);
            }
            self.gather(old, true);
            changes.push(change);
        }
        changes
    }

    /// A resource that both templates hold; none when it is the same.
    fn pair(&mut self, old: ResourceView<'a>, new: ResourceView<'a>) -> Option<ResourceChange> {
        let is_moved = old.logical_id != new.logical_id;
        let nested = self.nested(Some(old.logical_id), Some(new.logical_id)).filter(|nested| !nested.is_empty());
        if old.body == new.body && self.renames.is_empty() && nested.is_none() {
            self.sides.unchanged.extend(is_policy_holder(new).then_some(new));
            return None;
        }
        let before = Canonicalized::new(old, Some(&self.renames));
        let after = Canonicalized::new(new, None);
        let previous_type = Some(before.type_name.clone()).filter(|name| *name != after.type_name);
        let properties = if previous_type.is_none() { resource::differences(&before, &after) } else { Vec::new() };
        if properties.is_empty() && previous_type.is_none() && !is_moved && nested.is_none() {
            self.sides.unchanged.extend(is_policy_holder(new).then_some(new));
            return None;
        }
        self.gather_form(new.logical_id, &before, true);
        self.gather_form(new.logical_id, &after, false);
        self.sides.unblocked.extend(access::unblocked(holder(new.logical_id, &before), holder(new.logical_id, &after)));
        let mut effect = properties.iter().map(|change| change.effect).max().unwrap_or(Effect::None);
        if nested.is_some() {
            effect = effect.max(Effect::InPlace);
        }
        let action = if previous_type.is_some() { Action::Replace } else { resource::action_of(effect) };
        // What is refused loses nothing.
        let data = if previous_type.is_some() { DataRisk::None } else { resource::risk_of(action, old, new) };
        let change = ResourceChange {
            logical_id: new.logical_id.to_owned(),
            moved_from: is_moved.then(|| old.logical_id.to_owned()),
            type_name: after.type_name.clone(),
            previous_type,
            kind: ChangeKind::Modified,
            action,
            data,
            properties,
            causes: Vec::new(),
            nested,
        };
        self.pair_notices(&change, new);
        Some(change)
    }

    /// What differs in a nested stack, when its template is known.
    fn nested(&self, old: Option<&str>, new: Option<&str>) -> Option<Box<StackChanges>> {
        let empty = StackTemplate::default();
        let old = old.and_then(|id| self.before.nested.get(id));
        let new = new.and_then(|id| self.after.nested.get(id).map(|nested| (id, nested)));
        let changes = match (old, new) {
            (None, None) => return None,
            (old, Some((id, new))) => {
                let change = if old.is_some() { StackChange::Compared } else { StackChange::Added };
                StackChanges { name: id.to_owned(), change, ..compare(old.unwrap_or(&empty), new) }
            }
            (Some(old), None) => {
                let gone = StackTemplate::new(old.name.clone(), Template::new());
                StackChanges { change: StackChange::Removed, ..compare(old, &gone) }
            }
        };
        Some(Box::new(changes))
    }

    /// Notes what a resource of one side allows.
    fn gather(&mut self, resource: ResourceView<'_>, is_before: bool) {
        let form = Canonicalized::new(resource, is_before.then_some(&self.renames));
        self.gather_form(resource.logical_id, &form, is_before);
    }

    fn gather_form(&mut self, logical_id: &str, form: &Canonicalized, is_before: bool) {
        let holder = holder(logical_id, form);
        let side = if is_before { &mut self.sides.before } else { &mut self.sides.after };
        side.access.extend(access::rules(holder));
        side.network.extend(access::network_rules(holder));
        side.exposures.extend(access::exposures(holder));
    }

    /// Adds what replacements, defaults of parameters, mappings and conditions reach.
    fn ripple(&mut self, resources: &mut Vec<ResourceChange>, entries: &[super::EntryChange]) {
        let mut sources = ripple::Sources::default();
        for change in resources.iter() {
            let effect = match change.action {
                Action::Replace => Effect::Replaces,
                Action::MayReplace => Effect::MayReplace,
                _ => continue,
            };
            sources.resources.insert(change.logical_id.clone(), effect);
        }
        for entry in entries.iter().filter(|entry| entry.kind == ChangeKind::Modified) {
            let name = entry.name.clone();
            match entry.section {
                Some(Section::Parameters) if entry.changes.iter().any(|change| change.label == "Default") => {
                    sources.parameters.insert(name);
                }
                Some(Section::Mappings) => {
                    sources.mappings.insert(name);
                }
                Some(Section::Conditions) => {
                    sources.conditions.insert(name);
                }
                _ => {}
            }
        }
        let template = &self.after.template;
        let mut reached = ripple::causes(template, &sources, resource_type);
        let old: HashMap<&str, ResourceView<'_>> =
            self.before.template.resources().map(|resource| (resource.logical_id, resource)).collect();
        let is_new = |change: &ResourceChange| change.kind == ChangeKind::Added;
        for change in resources.iter_mut().filter(|change| change.kind != ChangeKind::Removed) {
            let Some(causes) = reached.remove(&change.logical_id) else { continue };
            if is_new(change) {
                continue;
            }
            let strongest = causes.iter().map(|cause| cause.effect).max().unwrap_or(Effect::None);
            let own = change.action;
            change.action = own.max_of(resource::action_of(strongest));
            change.causes = causes;
            let before = change.moved_from.as_deref().unwrap_or(&change.logical_id);
            if let (Some(before), Some(after), None) =
                (old.get(before), template.resource(&change.logical_id), &change.previous_type)
            {
                change.data = risk(own, &change.causes, *before, after);
            }
        }
        let order: HashMap<&str, usize> =
            template.resources().enumerate().map(|(index, resource)| (resource.logical_id, index)).collect();
        for (logical_id, causes) in reached {
            let (Some(before), Some(after)) = (old.get(logical_id.as_str()), template.resource(&logical_id)) else {
                continue;
            };
            let strongest = causes.iter().map(|cause| cause.effect).max().unwrap_or(Effect::None);
            let action = resource::action_of(strongest);
            let change = ResourceChange {
                action,
                data: risk(Action::None, &causes, *before, after),
                causes,
                ..resource::one_sided(after, ChangeKind::Modified)
            };
            resources.push(change);
        }
        resources.sort_by_key(|change| match change.kind {
            ChangeKind::Removed => usize::MAX,
            _ => order.get(change.logical_id.as_str()).copied().unwrap_or(usize::MAX),
        });
    }
}

/// What becomes of the data of a resource to which `own` happens by itself, and more by `causes`. One whose condition no
/// longer holds is deleted, not replaced.
fn risk(own: Action, causes: &[Cause], before: ResourceView<'_>, after: ResourceView<'_>) -> DataRisk {
    let (gates, others): (Vec<&Cause>, Vec<&Cause>) =
        causes.iter().partition(|cause| cause.label == ripple::OWN_CONDITION);
    let strongest = others.iter().map(|cause| cause.effect).max().unwrap_or(Effect::None);
    let risk = resource::risk_of(own.max_of(resource::action_of(strongest)), before, after);
    let goes = !gates.is_empty() && resource::policy("DeletionPolicy", before) == "Delete";
    if goes && resource::is_stateful(before) { risk.max(DataRisk::MayBeLost) } else { risk }
}

impl Action {
    /// The stronger of two things that are done to a resource that stays in the template.
    fn max_of(self, other: Self) -> Self {
        if self == Self::Import { self } else { self.max(other) }
    }
}

fn holder<'a>(logical_id: &'a str, form: &'a Canonicalized) -> Holder<'a> {
    Holder { logical_id, type_name: &form.type_name, properties: &form.properties }
}

/// Whether a resource may hold a policy. The types that hold one most often are asked, not their properties.
fn is_policy_holder(resource: ResourceView<'_>) -> bool {
    resource.type_name().is_some_and(|name| {
        name.starts_with("AWS::IAM::")
            || name.ends_with("Policy")
            || name.ends_with("Permission")
            || name == "AWS::KMS::Key"
    })
}
