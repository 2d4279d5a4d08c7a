//! What becomes of a resource that leaves its stack.

/// What CloudFormation does with a resource that is removed from the stack or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RemovalPolicy {
    /// Deletes it.
    #[default]
    Delete,
    /// Leaves it in the account, outside any stack.
    Retain,
    /// Takes a snapshot, then deletes it. Only for types that have snapshots, such as volumes and databases.
    Snapshot,
}

impl RemovalPolicy {
    /// The value of `DeletionPolicy` and `UpdateReplacePolicy`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::Snapshot => "Snapshot",
        }
    }
}
