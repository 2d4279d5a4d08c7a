//! Where an asset will be at deployment.

use stackgen_template::{Expression, Value};

/// Where an asset will be at deployment: the bucket and key that templates name.
#[derive(Debug, Clone)]
pub struct AssetLocation {
    /// The bucket, an expression: one of the account and region that are deployed to.
    pub bucket: Value,
    /// The key, a text that begins with the asset's hash.
    pub key: Value,
}

impl AssetLocation {
    /// The name of the bucket for assets, to be put into `Fn::Sub`. The first deployment creates it.
    pub const BUCKET: &'static str = "stackgen-assets-${AWS::AccountId}-${AWS::Region}";

    pub(super) fn of_key(key: String) -> Self {
        Self { bucket: Expression::sub(Self::BUCKET).into(), key: key.into() }
    }

    /// Stands for an asset that could not be hashed; the fault is reported on its own.
    pub fn missing() -> Self {
        Self { bucket: "missing".into(), key: "missing".into() }
    }
}
