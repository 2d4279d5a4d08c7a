//! The secret of the key.

use aws_sdk_secretsmanager::Client;
use handler_runtime::{code, failed};

use crate::services::{Secrets, ServiceError};

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
            // The latter is a secret that is scheduled for deletion.
            Err(error) if matches!(code(&error), Some("ResourceNotFoundException" | "InvalidRequestException")) => {
                Ok(None)
            }
            Err(error) => Err(failed(format!("secretsmanager:GetSecretValue `{}`", self.name))(error)),
        }
    }
}
