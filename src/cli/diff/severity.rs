//! What makes `diff` fail, and with which exit code.

use clap::builder::PossibleValue;
use clap::{ArgMatches, ValueEnum};

use crate::diff::Changes;

/// The exit code when CloudFormation will refuse the deployment.
pub(super) const REFUSED: u8 = 7;

/// What makes the command fail, from harmless to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Any,
    Broadening,
    Destructive,
    DataLoss,
}

impl Severity {
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Any => 3,
            Self::Broadening => 4,
            Self::Destructive => 5,
            Self::DataLoss => 6,
        }
    }

    fn is_in(self, changes: &Changes) -> bool {
        match self {
            Self::Any => !changes.is_empty(),
            Self::Broadening => changes.is_broadening(),
            Self::Destructive => changes.is_destructive(),
            Self::DataLoss => changes.loses_data(),
        }
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Any, Self::Broadening, Self::Destructive, Self::DataLoss]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Any => PossibleValue::new("any").help("Anything that differs"),
            Self::Broadening => PossibleValue::new("broadening").help("More is allowed, reachable or public"),
            Self::Destructive => PossibleValue::new("destructive").help("A resource is deleted or replaced, or may be"),
            Self::DataLoss => PossibleValue::new("data-loss").help("Data is lost, or may be"),
        })
    }
}

/// The exit code for what differs: that of the gravest of what `--fail-on` names.
pub(super) fn exit_code(changes: &Changes, own: &ArgMatches) -> u8 {
    if changes.is_refused() {
        return REFUSED;
    }
    let named: Vec<Severity> = own.get_many("fail-on").into_iter().flatten().copied().collect();
    let all = Severity::value_variants().iter().rev();
    let counts = |severity: &&Severity| named.contains(&Severity::Any) || named.contains(severity);
    all.filter(counts).find(|severity| severity.is_in(changes)).map_or(0, |severity| severity.exit_code())
}
