//! What becomes of a resource's data.

use crate::Value;

macro_rules! policy {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// The policy in the words of CloudFormation.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }

            /// The policy of a text; none when CloudFormation knows no such policy.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $(stringify!($variant) => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl From<$name> for Value {
            fn from(policy: $name) -> Self {
                policy.as_str().into()
            }
        }
    };
}

policy! {
    /// What becomes of a resource when it leaves the stack, or the stack is deleted.
    DeletionPolicy {
        /// It is deleted.
        Delete,
        /// It stays, outside of any stack.
        Retain,
        /// It stays, unless the operation that created it is rolled back.
        RetainExceptOnCreate,
        /// It is deleted after a snapshot was taken. Only types that have snapshots know this policy.
        Snapshot,
    }
}

policy! {
    /// What becomes of the old resource when an update replaces it by a new one.
    UpdateReplacePolicy {
        /// It is deleted.
        Delete,
        /// It stays, outside of any stack.
        Retain,
        /// It is deleted after a snapshot was taken. Only types that have snapshots know this policy.
        Snapshot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_back() {
        for policy in [
            DeletionPolicy::Delete,
            DeletionPolicy::Retain,
            DeletionPolicy::RetainExceptOnCreate,
            DeletionPolicy::Snapshot,
        ] {
            assert_eq!(DeletionPolicy::parse(policy.as_str()), Some(policy));
        }
        assert_eq!(UpdateReplacePolicy::parse("RetainExceptOnCreate"), None);
    }
}
