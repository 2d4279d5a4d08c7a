//! Ids of jobs.

use handler_runtime::ServiceError;

/// A new id of a job: a random UUID, which nobody guesses.
///
/// # Errors
/// When the system gives no random bytes.
pub(super) fn new_id() -> Result<String, ServiceError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ServiceError::new("a new id", error.to_string()))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
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
