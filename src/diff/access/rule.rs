//! Permissions, taken apart so far that two sets of them can be compared whatever statements they were written in.

use std::collections::{BTreeMap, BTreeSet};

use stackgen_template::wildcard;

use super::super::change_kind::ChangeKind;
use super::AccessChange;

/// Whether a rule allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleEffect {
    /// Gives access.
    Allow,
    /// Takes access.
    Deny,
}

/// Who may, or may not, do what with what, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessRule {
    /// Whether it allows or denies.
    pub effect: RuleEffect,
    /// Who: a role of the stack as `${Role}`, or a principal such as `events.amazonaws.com`; `*` is everyone.
    pub who: String,
    /// The actions, in order; `all but …` stands for `NotAction`, `policy …` for an attached managed policy.
    pub actions: Vec<String>,
    /// With what, as ARNs or patterns of them; empty for a trust policy.
    pub resources: Vec<String>,
    /// When: each condition as text, in order.
    pub conditions: Vec<String>,
}

impl AccessRule {
    /// Whether it lets everyone do something, without a condition.
    pub fn is_public(&self) -> bool {
        self.effect == RuleEffect::Allow && self.who == "*" && self.conditions.is_empty()
    }
}

/// A rule of one action and one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Atom {
    effect: RuleEffect,
    who: String,
    conditions: Vec<String>,
    resource: String,
    action: String,
}

impl Atom {
    /// Whether both speak of the same but for a hash in the name of the resource: whoever may read a shipped file may read its
    /// next version, which has another hash.
    fn is_next_version_of(&self, other: &Self) -> bool {
        self.resource != other.resource
            && (self.effect, &self.who, &self.action, &self.conditions)
                == (other.effect, &other.who, &other.action, &other.conditions)
            && without_hashes(&self.resource) == without_hashes(&other.resource)
    }

    /// Whether everything that `other` speaks of, this one speaks of too.
    fn covers(&self, other: &Self) -> bool {
        self.effect == other.effect
            && (self.who == other.who || self.who == "*")
            && pattern_covers(&self.action.to_ascii_lowercase(), &other.action.to_ascii_lowercase())
            && pattern_covers(&self.resource, &other.resource)
            && self.conditions.iter().all(|condition| other.conditions.contains(condition))
    }
}

/// A text with every hash, which is 40 hexadecimal digits or more, left out.
fn without_hashes(text: &str) -> String {
    const DIGITS: usize = 40;
    let is_digit = |letter: char| letter.is_ascii_hexdigit();
    let mut rest = text;
    let mut left = String::with_capacity(text.len());
    while let Some(start) = rest.find(is_digit) {
        let length = rest[start..].find(|letter| !is_digit(letter)).unwrap_or(rest.len() - start);
        left.push_str(if length >= DIGITS { &rest[..start] } else { &rest[..start + length] });
        rest = &rest[start + length..];
    }
    left + rest
}

/// Whether `*` and `?` in `pattern` stand for what `text` has, in which they are letters like any.
fn pattern_covers(pattern: &str, text: &str) -> bool {
    if pattern == text || pattern == "*" {
        return true;
    }
    wildcard::covers(pattern.as_bytes(), text.as_bytes())
}

/// What differs between two sets of rules. `unchanged` are rules of what is in both templates as it was.
pub(in super::super) fn changes(
    before: &[AccessRule],
    after: &[AccessRule],
    unchanged: &[AccessRule],
) -> Vec<AccessChange> {
    let (old, new) = (atoms(before), atoms(after));
    let same = atoms(unchanged);
    let removed: Vec<&Atom> = old.difference(&new).filter(|atom| !same.contains(*atom)).collect();
    let added: Vec<&Atom> = new.difference(&old).filter(|atom| !same.contains(*atom)).collect();
    let kept: Vec<&Atom> = old.intersection(&new).chain(&same).collect();

    let mut matched = BTreeSet::new();
    let mut found = Vec::new();
    let mut plain = Vec::new();
    for atom in added {
        // What was allowed before and is not any more: was it widened to this, or narrowed?
        let partner = removed
            .iter()
            .find(|other| !matched.contains(**other) && atom.is_next_version_of(other))
            .or_else(|| removed.iter().find(|other| !matched.contains(**other) && atom.covers(other)))
            .or_else(|| removed.iter().find(|other| !matched.contains(**other) && other.covers(atom)));
        let covered = kept.iter().chain(&removed).any(|other| other.covers(atom));
        let broadening = match atom.effect {
            RuleEffect::Allow => !covered && !partner.is_some_and(|other| atom.is_next_version_of(other)),
            RuleEffect::Deny => partner.is_some_and(|other| !atom.covers(other)),
        };
        match partner {
            Some(other) => {
                matched.insert(*other);
                // Others that the new one covers are part of the same change.
                found.push((broadening, Some(*other), Some(atom)));
                for other in removed.iter().filter(|other| atom.covers(other)) {
                    if matched.insert(*other) {
                        found.push((broadening, Some(*other), Some(atom)));
                    }
                }
            }
            None => plain.push((broadening, None, Some(atom))),
        }
    }
    found.extend(plain);
    for atom in removed.iter().filter(|atom| !matched.contains(**atom)) {
        let still = kept.iter().any(|other| other.covers(atom));
        found.push((atom.effect == RuleEffect::Deny && !still, Some(*atom), None));
    }
    group(&found)
}

/// What must be equal to be told together: the rank of the kind, whether it does not broaden, and both sides.
type Shell = (u8, bool, Option<Atom>, Option<Atom>);

/// Whether it broadens, and both sides.
type Pair<'a> = (bool, Option<&'a Atom>, Option<&'a Atom>);

/// Puts atoms together again that differ only in their actions, then those that differ only in their resources.
fn group(pairs: &[Pair<'_>]) -> Vec<AccessChange> {
    let shell = |atom: &Atom| Atom { action: String::new(), ..atom.clone() };
    let mut by_shell: BTreeMap<Shell, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for (broadening, before, after) in pairs {
        let rank = u8::from(before.is_some()) + 2 * u8::from(after.is_none());
        let key = (rank, !*broadening, before.map(shell), after.map(shell));
        let (old, new) = by_shell.entry(key).or_default();
        old.extend(before.map(|atom| atom.action.as_str()));
        new.extend(after.map(|atom| atom.action.as_str()));
    }
    let mut changes: Vec<AccessChange> = Vec::new();
    for ((_, narrow, before, after), (old, new)) in by_shell {
        let before = before.map(|atom| rule(atom, old));
        let after = after.map(|atom| rule(atom, new));
        let kind = ChangeKind::of(before.as_ref(), after.as_ref());
        let change = AccessChange { kind, is_broadening: !narrow, before, after };
        match changes.iter_mut().find(|known| differs_in_resources(known, &change)) {
            Some(known) => {
                let pairs = [(&mut known.before, change.before), (&mut known.after, change.after)];
                for (known, new) in pairs {
                    if let (Some(known), Some(new)) = (known, new) {
                        known.resources.extend(new.resources);
                        known.resources.sort();
                        known.resources.dedup();
                    }
                }
            }
            None => changes.push(change),
        }
    }
    changes.sort_by_key(|change| !change.is_broadening);
    changes
}

fn differs_in_resources(one: &AccessChange, other: &AccessChange) -> bool {
    let alike = |one: &Option<AccessRule>, other: &Option<AccessRule>| match (one, other) {
        (Some(one), Some(other)) => {
            (one.effect, &one.who, &one.actions, &one.conditions)
                == (other.effect, &other.who, &other.actions, &other.conditions)
        }
        (None, None) => true,
        _ => false,
    };
    one.kind != ChangeKind::Modified
        && (one.kind, one.is_broadening) == (other.kind, other.is_broadening)
        && alike(&one.before, &other.before)
        && alike(&one.after, &other.after)
}

fn rule(shell: Atom, actions: BTreeSet<&str>) -> AccessRule {
    AccessRule {
        effect: shell.effect,
        who: shell.who,
        actions: actions.into_iter().map(str::to_owned).collect(),
        resources: Some(shell.resource).filter(|resource| !resource.is_empty()).into_iter().collect(),
        conditions: shell.conditions,
    }
}

fn atoms(rules: &[AccessRule]) -> BTreeSet<Atom> {
    let mut atoms = BTreeSet::new();
    for rule in rules {
        let nothing = [String::new()];
        let resources = if rule.resources.is_empty() { &nothing[..] } else { &rule.resources };
        for resource in resources {
            for action in &rule.actions {
                atoms.insert(Atom {
                    effect: rule.effect,
                    who: rule.who.clone(),
                    conditions: rule.conditions.clone(),
                    resource: resource.clone(),
                    action: action.clone(),
                });
            }
        }
    }
    atoms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(who: &str, actions: &[&str], resources: &[&str], conditions: &[&str]) -> AccessRule {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        AccessRule {
            effect: RuleEffect::Allow,
            who: who.to_owned(),
            actions: owned(actions),
            resources: owned(resources),
            conditions: owned(conditions),
        }
    }

    fn deny(rule: AccessRule) -> AccessRule {
        AccessRule { effect: RuleEffect::Deny, ..rule }
    }

    #[test]
    fn how_statements_are_cut_means_nothing() {
        let one = [allow("r", &["s3:Get", "s3:Put"], &["a", "b"], &[])];
        let other = [
            allow("r", &["s3:Get"], &["a", "b"], &[]),
            allow("r", &["s3:Put"], &["a"], &[]),
            allow("r", &["s3:Put"], &["b"], &[]),
        ];
        assert_eq!(changes(&one, &other, &[]), []);
    }

    #[test]
    fn what_is_new_is_told_alone() {
        let found = changes(
            &[allow("r", &["s3:Get"], &["a", "b"], &[])],
            &[allow("r", &["s3:Get", "s3:Put", "s3:Tag"], &["a", "b"], &[])],
            &[],
        );
        let expected = allow("r", &["s3:Put", "s3:Tag"], &["a", "b"], &[]);
        assert_eq!(
            found,
            [AccessChange { kind: ChangeKind::Added, is_broadening: true, before: None, after: Some(expected) }]
        );
    }

    #[test]
    fn a_wildcard_in_place_of_an_action_broadens() {
        let found = changes(&[allow("r", &["s3:GetObject"], &["a"], &[])], &[allow("r", &["s3:*"], &["a"], &[])], &[]);
        assert_eq!(found.len(), 1);
        assert!(found[0].is_broadening && found[0].kind == ChangeKind::Modified);
        let back = changes(&[allow("r", &["s3:*"], &["a"], &[])], &[allow("r", &["s3:GetObject"], &["a"], &[])], &[]);
        assert_eq!(back.len(), 1);
        assert!(!back[0].is_broadening);
    }

    #[test]
    fn fewer_conditions_broaden_and_more_narrow() {
        let (open, closed) =
            ([allow("r", &["s3:Get"], &["a"], &[])], [allow("r", &["s3:Get"], &["a"], &["Bool x is y"])]);
        assert!(changes(&closed, &open, &[])[0].is_broadening);
        assert!(!changes(&open, &closed, &[])[0].is_broadening);
    }

    #[test]
    fn what_is_denied_counts_the_other_way() {
        let rule = || deny(allow("*", &["s3:*"], &["a"], &[]));
        assert!(changes(&[rule()], &[], &[])[0].is_broadening);
        assert!(!changes(&[], &[rule()], &[])[0].is_broadening);
    }

    #[test]
    fn what_was_allowed_elsewhere_does_not_broaden() {
        let found = changes(&[], &[allow("r", &["s3:Get"], &["a"], &[])], &[allow("r", &["s3:*"], &["*"], &[])]);
        assert!(!found[0].is_broadening);
        assert_eq!(changes(&[], &[allow("r", &["s3:Get"], &["a"], &[])], &[allow("r", &["s3:Get"], &["a"], &[])]), []);
    }

    #[test]
    fn the_next_version_of_a_shipped_file_is_not_more_access() {
        let file = |digit: &str, end: &str| format!("arn:aws:s3:::assets/{}{end}", digit.repeat(64));
        let read = |file: &str| [allow("r", &["s3:GetObject"], &[file], &[])];
        let found = changes(&read(&file("a", ".zip")), &read(&file("b", ".zip")), &[]);
        assert_eq!((found.len(), found[0].kind, found[0].is_broadening), (1, ChangeKind::Modified, false));
        assert!(changes(&read(&file("a", ".zip")), &read(&file("b", ".key")), &[])[0].is_broadening);
    }

    #[test]
    fn everyone_is_public() {
        assert!(allow("*", &["s3:Get"], &["a"], &[]).is_public());
        assert!(!allow("*", &["s3:Get"], &["a"], &["x"]).is_public());
    }
}
