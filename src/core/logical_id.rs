//! Logical ids: the path of names, readable, hashed only where the length demands it.

/// CloudFormation's limit on the length of a logical id.
pub(super) const MAX_LENGTH: usize = 255;

/// The logical id below `prefix` for a construct called `name`: letters and digits only, `Default` adds nothing.
pub(super) fn join(prefix: &str, name: &str) -> String {
    if name == "Default" {
        return prefix.to_owned();
    }
    let mut id = String::with_capacity(prefix.len() + name.len());
    id.push_str(prefix);
    id.extend(name.chars().filter(char::is_ascii_alphanumeric));
    shorten(id)
}

/// An id within CloudFormation's length: the front of a longer one, and a hash of the whole.
fn shorten(id: String) -> String {
    if id.len() <= MAX_LENGTH {
        return id;
    }
    let hash = format!("{:016x}", fnv1a(id.as_bytes()));
    let mut short = id;
    short.truncate(MAX_LENGTH - hash.len());
    short.push_str(&hash);
    short
}

/// FNV-1a, 64 bits: a stable hash that needs no dependency. Ids only have to differ, nobody attacks them.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether `id` is a logical id that CloudFormation takes.
pub(super) fn is_valid(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_adds_nothing() {
        assert_eq!(join("Data", "Default"), "Data");
        assert_eq!(join("Data", "Policy"), "DataPolicy");
    }

    #[test]
    fn characters_that_cloudformation_refuses_are_left_out() {
        assert_eq!(join("", "my-queue_1 (é)"), "myqueue1");
        assert!(!is_valid(""));
        assert!(!is_valid("a-b"));
    }

    #[test]
    fn long_ids_keep_their_front_and_stay_distinct() {
        let one = join(&"A".repeat(250), "Something");
        let two = join(&"A".repeat(250), "SomethingElse");
        assert_eq!((one.len(), two.len()), (MAX_LENGTH, MAX_LENGTH));
        assert_ne!(one, two);
        assert!(one.starts_with(&"A".repeat(239)));
    }
}
