//! What a deployment tells while it runs.

use std::time::Duration;

use super::ResourceEvent;

/// Something that happened. Each belongs to a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The stack.
    pub stack: String,
    /// What happened.
    pub kind: EventKind,
}

/// What happened to a stack.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// Its turn came.
    Started,
    /// An operation that someone else, or an earlier run, began is under way and is waited for.
    Following {
        /// The state of the stack.
        status: String,
        /// Who began it, when that is known.
        by: Option<String>,
    },
    /// The stack is brought to a state from which it can be changed.
    Recovering {
        /// The state that it is in.
        status: String,
        /// What is done about it.
        action: &'static str,
    },
    /// Resources that the app moved get their new logical ids, and stay the same ones.
    Renaming {
        /// Their number.
        resources: usize,
    },
    /// CloudFormation said what it would do.
    Planned {
        /// The name of the change set.
        change_set: String,
        /// The number of resources that it touches.
        changes: usize,
    },
    /// The changes are being made.
    Executing {
        /// The number of resources that will be touched.
        changes: usize,
    },
    /// A resource changed its state.
    Resource(ResourceEvent),
    /// The stack is as it shall be.
    Finished {
        /// How it came to be so.
        outcome: Outcome,
        /// How long it took.
        duration: Duration,
    },
    /// The stack is not as it shall be. The error is in the result of the deployment.
    Failed {
        /// How long it took.
        duration: Duration,
    },
    /// A stack that it needs failed, so its turn never comes.
    Skipped {
        /// The stack that failed.
        because_of: String,
    },
}

/// How a stack came to be as it shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was as it shall be.
    Unchanged,
    /// It was deleted.
    Deleted,
    /// What would be done is known, and nothing was done.
    Prepared,
}

impl Outcome {
    /// A short stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Deleted => "deleted",
            Self::Prepared => "prepared",
        }
    }
}

/// Who is told.
pub type Listener<'a> = &'a (dyn Fn(Event) + 'a);
