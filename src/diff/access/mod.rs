//! What a change opens and closes: permissions, network rules, and what is public.

mod collect;
mod network;
mod public;
mod rule;

use super::change_kind::ChangeKind;

pub(super) use collect::{Holder, rules};
pub use network::{NetworkChange, NetworkRule, Traffic};
pub(super) use network::{changes as network_changes, rules as network_rules};
pub use public::Exposure;
pub(super) use public::{changes as exposure_changes, exposures, unblocked};
pub(super) use rule::changes as access_changes;
pub use rule::{AccessRule, RuleEffect};

/// A permission that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessChange {
    /// Whether it is new, gone, or another one than before: then `before` is what it was.
    pub kind: ChangeKind,
    /// Whether somebody may do something that nobody of them could before.
    pub is_broadening: bool,
    /// What it was; none when it is new.
    pub before: Option<AccessRule>,
    /// What it is; none when it is gone.
    pub after: Option<AccessRule>,
}

impl AccessChange {
    /// What it is, or was.
    pub fn rule(&self) -> Option<&AccessRule> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Whether it lets everyone do something, without a condition.
    pub fn is_public(&self) -> bool {
        self.after.as_ref().is_some_and(AccessRule::is_public)
    }
}
