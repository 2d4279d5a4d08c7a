//! Ids of jobs.

use handler_runtime::ServiceError;

/// A new id of a job: a random UUID, which nobody guesses.
///
/// # Errors
/// When the system gives no random bytes.
pub(super) fn new_id() -> Result<String, ServiceError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ServiceError::new("a new id", error.to_string()))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(format!("{a}-{b}-{c}-{d}-{e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::api::is_job_id;

    #[test]
    fn ids_are_random_uuids() {
        let [one, other] = [new_id(), new_id()].map(|id| id.expect("random bytes"));
        assert!(is_job_id(&one) && is_job_id(&other) && one != other);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]));
    }
}
