//! The keys of feeds.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use handler_runtime::memory::open;
use handler_runtime::{ServiceError, failed};

use crate::feeds::{SecretName, SecretStore};

/// How long a key is kept without asking again.
const KEPT: Duration = Duration::from_mins(5);

/// The keys of feeds, from the services that keep them. Neither the debug form nor an error tells one.
#[derive(Debug)]
pub struct Keys {
    secrets: aws_sdk_secretsmanager::Client,
    parameters: aws_sdk_ssm::Client,
    known: Mutex<HashMap<SecretName, Known>>,
}

struct Known {
    key: String,
    since: Instant,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Known").finish_non_exhaustive()
    }
}

impl Keys {
    /// No key is known yet.
    pub fn new(secrets: aws_sdk_secretsmanager::Client, parameters: aws_sdk_ssm::Client) -> Self {
        Self { secrets, parameters, known: Mutex::default() }
    }

    /// The key of a feed, at most five minutes old.
    pub async fn get(&self, name: &SecretName) -> Result<String, ServiceError> {
        let recent = open(&self.known).get(name).filter(|known| known.since.elapsed() < KEPT).map(|it| it.key.clone());
        match recent {
            Some(key) => Ok(key),
            None => self.read(name).await,
        }
    }

    /// The key of a feed as it is now.
    pub async fn read(&self, name: &SecretName) -> Result<String, ServiceError> {
        let id = &name.name;
        let (what, key) = match name.store {
            SecretStore::Secretsmanager => {
                let what = format!("secretsmanager:GetSecretValue `{id}`");
                let answer = self.secrets.get_secret_value().secret_id(id).send().await;
                (what.clone(), answer.map_err(failed(what))?.secret_string)
            }
            SecretStore::Ssm => {
                let what = format!("ssm:GetParameter `{id}`");
                let answer = self.parameters.get_parameter().name(id).with_decryption(true).send().await;
                (what.clone(), answer.map_err(failed(what))?.parameter.and_then(|parameter| parameter.value))
            }
        };
        // Who stores a key from a file stores the end of its line as well.
        let key = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| ServiceError::new(what, "there is no text, which must be the key"))?;
        open(&self.known).insert(name.clone(), Known { key: key.clone(), since: Instant::now() });
        Ok(key)
    }
}
