//! The services that deployment talks to, for one account and region.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::config::Credentials;
use tokio::sync::OnceCell;

use super::DeployError;

/// How often a request is tried. With pauses of up to 20 s that is several minutes: throttling and faults of a service end
/// by themselves.
const ATTEMPTS: u32 = 12;

/// Where to deploy, and as whom. What is not said comes from the environment and the files of the AWS tools.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The region.
    pub region: Option<String>,
    /// The profile of the shared configuration files.
    pub profile: Option<String>,
    /// Another endpoint than AWS, for all services.
    pub endpoint: Option<String>,
    /// Id and secret of an access key, instead of those of the environment. For endpoints other than AWS.
    pub access_key: Option<(String, String)>,
    /// How long an answer may keep silent before the request is sent again; else a minute.
    pub patience: Option<Duration>,
}

/// The services, for one account and region.
#[derive(Debug)]
pub struct Aws {
    pub(super) config: SdkConfig,
    region: String,
    account: OnceCell<String>,
    pub(super) cloudformation: aws_sdk_cloudformation::Client,
    pub(super) s3: aws_sdk_s3::Client,
}

impl Aws {
    /// Finds region and credentials. Nothing is sent yet.
    pub async fn connect(connection: &Connection) -> Result<Self, DeployError> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_max_backoff(Duration::from_secs(20)))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(10))
                    .read_timeout(connection.patience.unwrap_or(Duration::from_mins(1)))
                    .build(),
            );
        if let Some(region) = &connection.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &connection.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &connection.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some((id, secret)) = &connection.access_key {
            loader = loader.credentials_provider(Credentials::new(id, secret, None, None, "given"));
        }
        let config = loader.load().await;
        let region = config.region().map(ToString::to_string).ok_or_else(|| {
            DeployError::refused("no region is set")
                .hint("set one with `--region`, or in the environment as `AWS_REGION`")
        })?;
        Ok(Self::of(config, region))
    }

    fn of(config: SdkConfig, region: String) -> Self {
        Self {
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            s3: aws_sdk_s3::Client::new(&config),
            account: OnceCell::new(),
            region,
            config,
        }
    }

    /// The same account in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let config = self.config.clone().into_builder().region(Region::new(region.to_owned())).build();
        Self::of(config, region.to_owned())
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The endpoint, when it is another than AWS.
    pub fn endpoint(&self) -> Option<&str> {
        self.config.endpoint_url()
    }

    /// The id of the account, twelve digits. It is asked for once.
    pub async fn account(&self) -> Result<&str, DeployError> {
        let account = self.account.get_or_try_init(|| async {
            let sts = aws_sdk_sts::Client::new(&self.config);
            let identity = sts.get_caller_identity().send().await;
            let identity =
                identity.map_err(|error| DeployError::service("find out whose credentials these are", error))?;
            identity.account.ok_or_else(|| DeployError::local("the credentials are of no account"))
        });
        account.await.map(String::as_str)
    }
}
