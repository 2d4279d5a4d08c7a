//! The words that all renderers share.

use stackgen_template::Value;

use super::super::access::{AccessChange, AccessRule, Exposure, NetworkChange, RuleEffect, Traffic};
use super::super::change_kind::ChangeKind;
use super::super::changes::{
    Action, Cause, CauseSource, DataRisk, Effect, EntryChange, PropertyChange, ResourceChange, StackChange,
    StackChanges,
};
use super::super::readable::readable;
use super::super::ripple::OWN_CONDITION;

/// How something that differs is marked, without colours.
pub(super) const fn sign(kind: ChangeKind) -> char {
    match kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Modified => '~',
    }
}

/// How a resource is marked.
pub(super) fn resource_sign(resource: &ResourceChange) -> char {
    match resource.action {
        Action::Replace | Action::MayReplace => '!',
        Action::None if resource.moved_from.is_some() => '>',
        _ => sign(resource.kind),
    }
}

/// Whether the condition of a resource may be another one now.
fn may_come_or_go(resource: &ResourceChange) -> bool {
    resource.causes.iter().any(|cause| cause.label == OWN_CONDITION)
}

/// What happens to a resource, in a few words.
pub(super) fn action(resource: &ResourceChange) -> String {
    let what = match resource.action {
        Action::None if resource.moved_from.is_some() => "stays as it is",
        Action::None => "no update",
        Action::Create => "created",
        Action::Import => "imported",
        Action::Update => "updated in place",
        Action::MayReplace if may_come_or_go(resource) => "may be created or deleted",
        Action::MayReplace => "may be replaced",
        Action::Replace => "replaced",
        Action::Retain => "left behind",
        Action::Snapshot => "deleted after a snapshot",
        Action::Delete => "deleted",
    };
    let data = match (resource.data, resource.action) {
        (DataRisk::Lost, _) => ", its data is lost",
        (DataRisk::MayBeLost, _) => ", its data may be lost",
        (DataRisk::Kept, Action::Replace | Action::MayReplace) => ", the old one is kept",
        _ => "",
    };
    let moved = resource.moved_from.as_ref().map(|from| format!("moved from {from}, ")).unwrap_or_default();
    format!("{moved}{what}{data}")
}

/// What a property's change does, where it is worth saying.
pub(super) const fn effect(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::None | Effect::InPlace => None,
        Effect::MayReplace => Some("may replace"),
        Effect::Replaces => Some("replaces"),
    }
}

/// Why a resource is reached.
pub(super) fn cause(cause: &Cause) -> String {
    let name = cause.source.name();
    let what = match &cause.source {
        CauseSource::Resource(_) if cause.is_certain => format!("{name} is replaced"),
        CauseSource::Resource(_) => format!("{name} may be replaced"),
        CauseSource::Parameter(_) => format!("the default of the parameter {name} differs"),
        CauseSource::Mapping(_) => format!("the mapping {name} differs"),
        CauseSource::Condition(_) => format!("the condition {name} differs"),
    };
    format!("{}: because {what}", label(&cause.label))
}

/// Counts of what happens: `2 created, 1 replaced`.
pub(super) fn tally(stack: &StackChanges) -> String {
    let mut counts: Vec<(usize, &str)> = Vec::new();
    let mut add = |number: usize, what: &'static str| {
        if number > 0 {
            counts.push((number, what));
        }
    };
    let actions = |action: Action| stack.resources.iter().filter(|resource| resource.action == action).count();
    add(actions(Action::Create), "created");
    add(actions(Action::Import), "imported");
    add(actions(Action::Update), "updated");
    add(actions(Action::MayReplace), "maybe replaced");
    add(actions(Action::Replace), "replaced");
    add(actions(Action::Delete) + actions(Action::Snapshot), "deleted");
    add(actions(Action::Retain), "left behind");
    add(stack.resources.iter().filter(|resource| resource.moved_from.is_some()).count(), "moved");
    let is_kept = |resource: &&ResourceChange| resource.action == Action::None && resource.moved_from.is_none();
    let others = stack.entries.len() + stack.resources.iter().filter(is_kept).count();
    add(others, if others == 1 { "other change" } else { "other changes" });
    let counts: Vec<String> = counts.into_iter().map(|(number, what)| format!("{number} {what}")).collect();
    let counts = if counts.is_empty() { "no differences".to_owned() } else { counts.join(", ") };
    match stack.change {
        StackChange::Added => format!("new stack, {counts}"),
        StackChange::Removed => format!("removed stack, {counts}"),
        StackChange::Compared => counts,
    }
}

/// An access rule as a sentence: `${Role} may s3:GetObject on ${Bucket.Arn}, when …`.
pub(super) fn rule(rule: &AccessRule) -> String {
    without_hashes(&full_rule(rule))
}

fn full_rule(rule: &AccessRule) -> String {
    let who = match rule.who.as_str() {
        "*" => "everyone",
        other => other,
    };
    let verb = match rule.effect {
        RuleEffect::Allow => "may",
        RuleEffect::Deny => "must not",
    };
    let mut text = format!("{who} {verb} {}", rule.actions.join(", "));
    if !rule.resources.is_empty() {
        text.push_str(" on ");
        text.push_str(
            &rule
                .resources
                .iter()
                .map(|name| if name == "*" { "everything" } else { name })
                .collect::<Vec<_>>()
                .join(", "),
        );
    }
    if !rule.conditions.is_empty() {
        text.push_str(", when ");
        text.push_str(&rule.conditions.join(" and "));
    }
    text
}

/// What an access change is, beside its rule.
pub(super) fn access_note(change: &AccessChange) -> Option<&'static str> {
    match (change.kind, change.is_broadening) {
        _ if change.is_public() => Some("public"),
        (ChangeKind::Modified, true) => Some("broader"),
        (ChangeKind::Modified, false) => Some("not broader"),
        (ChangeKind::Added, false) if change.after.as_ref().is_some_and(|rule| rule.effect == RuleEffect::Allow) => {
            Some("allowed before by another rule")
        }
        (ChangeKind::Removed, true) => Some("no longer denied"),
        _ => None,
    }
}

/// A network rule as a sentence.
pub(super) fn network(change: &NetworkChange) -> String {
    let rule = &change.rule;
    let peer = if rule.is_anywhere() { format!("anywhere ({})", rule.peer) } else { rule.peer.clone() };
    match rule.traffic {
        Traffic::Ingress => format!("{} lets in {} from {peer}", rule.group, rule.ports),
        Traffic::Egress => format!("{} lets out {} to {peer}", rule.group, rule.ports),
    }
}

/// The title of the entries of a section.
pub(super) fn section(entry: &EntryChange) -> &'static str {
    use stackgen_template::Section;
    match entry.section {
        Some(Section::Resources) => "Loops",
        Some(section) => section.key(),
        None => "Unknown sections",
    }
}

/// A value on one line, as in [`value`], with hashes cut short.
pub(super) fn short(changed: Option<&Value>) -> String {
    without_hashes(&value(changed))
}

/// A text with hashes cut short: nobody reads 64 digits.
fn without_hashes(text: &str) -> String {
    with_hashes_cut(text, 12)
}

/// A text with `digits` left of each hash.
fn with_hashes_cut(text: &str, digits: usize) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_hexdigit()) {
        let run = &rest[start..];
        let length = run.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(run.len());
        let shown = if length >= HASH_DIGITS { digits } else { length };
        short.push_str(&rest[..start + shown]);
        if shown < length {
            short.push('…');
        }
        rest = &run[length..];
    }
    short + rest
}

/// Whether two values differ in nothing but a hash: what is shipped is built of other sources.
fn is_other_hash(before: Option<&Value>, after: Option<&Value>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    with_hashes_cut(&value(Some(before)), 0) == with_hashes_cut(&value(Some(after)), 0)
}

/// Whether a resource is updated for nothing but what it ships: code, or files.
pub(super) fn only_ships_anew(change: &ResourceChange) -> bool {
    let is_hash = |property: &PropertyChange| is_other_hash(property.before.as_ref(), property.after.as_ref());
    change.action == Action::Update
        && change.moved_from.is_none()
        && change.causes.is_empty()
        && change.nested.is_none()
        && change.properties.iter().all(is_hash)
}

/// Whether a rule speaks of what is shipped, and only of other files than before.
pub(super) fn only_names_anew(change: &AccessChange) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
    let (before, after) = (full_rule(before), full_rule(after));
    !change.is_broadening && with_hashes_cut(&before, 0) == with_hashes_cut(&after, 0)
}

/// That many hexadecimal digits in a row are a hash.
const HASH_DIGITS: usize = 40;

/// A value on one line, with text told from what is absent.
pub(super) fn value(value: Option<&Value>) -> String {
    match value {
        None => "(absent)".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "(empty)".to_owned(),
        Some(value) => readable(value),
    }
}

/// What becomes public, or no longer is.
pub(super) fn exposure(exposure: &Exposure) -> String {
    let verb = if exposure.kind == ChangeKind::Added { "" } else { "no longer: " };
    format!("{} {}: {verb}{}", sign(exposure.kind), exposure.logical_id, exposure.what)
}

/// The label of a property without what goes without saying.
pub(super) fn label(label: &str) -> &str {
    label.strip_prefix("Properties.").unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_cut_short() {
        let hash = "66ca6629e39c6787174f4e6b3ea65c5cb2dc6bcb55f8f7e50d350353a071b720";
        let text = Value::from(format!("s3://a/{hash}.zip#cafe"));
        assert_eq!(short(Some(&text)), "s3://a/66ca6629e39c….zip#cafe");
    }
}
