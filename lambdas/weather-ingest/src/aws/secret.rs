//! The secret of the key.

use aws_sdk_secretsmanager::Client;
use handler_runtime::{code, failed};

use crate::services::{Secrets, ServiceError};

/// What is answered when there is no secret, when it is scheduled for deletion, and when there is none where a policy names
/// it with its suffix: what does not exist has none, and is denied.
const MISSING: [&str; 3] = ["ResourceNotFoundException", "InvalidRequestException", "AccessDeniedException"];

/// The secret of the key.
#[derive(Debug, Clone)]
pub struct KeySecret {
    client: Client,
    name: String,
}

impl KeySecret {
    /// The secret called `name`.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}

impl Secrets for KeySecret {
    async fn secret(&self) -> Result<Option<String>, ServiceError> {
        match self.client.get_secret_value().secret_id(&self.name).send().await {
            Ok(secret) => Ok(secret.secret_string),
            Err(error) => {
                let is_missing = code(&error).is_some_and(|code| MISSING.contains(&code));
                let error = failed(format!("secretsmanager:GetSecretValue `{}`", self.name))(error);
                if !is_missing {
                    return Err(error);
                }
                tracing::warn!(%error, "no secret");
                Ok(None)
            }
        }
    }
}
