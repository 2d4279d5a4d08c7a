//! Where a stack is deployed.

/// The account and region of a stack. What is not said is that of whoever deploys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
}

impl Environment {
    /// The environment of whoever deploys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fixes the account, 12 digits.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Fixes the region, such as `eu-west-1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }
}
