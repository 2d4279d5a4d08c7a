//! The pinned packages that generated code and data come from, fetched, verified and read.

mod fetch;
mod lock;
mod packages;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

pub(crate) use lock::{Lock, Package};

/// Everything that the generators know about CloudFormation.
pub(crate) struct Sources {
    /// What was read, for the header of generated files.
    pub(crate) lock: Lock,
    /// The registry schema of each resource type, with the corrections that cfn-lint applies.
    pub(crate) schemas: BTreeMap<String, Value>,
    /// The resource types of each region; the pseudo region `sam` holds those of the serverless transform.
    pub(crate) regions: BTreeMap<String, BTreeSet<String>>,
    /// Rules across properties: for each resource type the rules by name, as JSON schemas.
    pub(crate) extensions: BTreeMap<String, BTreeMap<String, Value>>,
    /// Schemas of what is no resource, by path without extension: `iam/policy`, `functions/sub`, `template/configuration`.
    pub(crate) other: BTreeMap<String, Value>,
    /// IAM actions and resources by service prefix.
    pub(crate) iam_actions: Value,
    /// Lambda runtimes with the dates from which they are deprecated and blocked.
    pub(crate) lambda_runtimes: Value,
    /// The resource types that hold data.
    pub(crate) stateful: Value,
    /// The entity database of `@aws-cdk/aws-service-spec`, as it is in the package.
    pub(crate) service_spec: Value,
}

impl Sources {
    /// Reads the packages that `schema.lock` pins: from `offline` or else from the cache, which is filled by the ordinary
    /// clients `pip` and `npm`. A package whose hash differs is an error.
    pub(crate) fn load(offline: Option<&Path>) -> Result<Self> {
        let lock = Lock::read()?;
        let wheel = fetch::package(&lock.cfn_lint, offline)?;
        let tarball = fetch::package(&lock.service_spec, offline)?;
        let cfn_lint = packages::read_cfn_lint(&wheel)?;
        Ok(Self {
            lock,
            schemas: cfn_lint.schemas,
            regions: cfn_lint.regions,
            extensions: cfn_lint.extensions,
            other: cfn_lint.other,
            iam_actions: cfn_lint.iam_actions,
            lambda_runtimes: cfn_lint.lambda_runtimes,
            stateful: cfn_lint.stateful,
            service_spec: packages::read_service_spec(&tarball)?,
        })
    }
}
