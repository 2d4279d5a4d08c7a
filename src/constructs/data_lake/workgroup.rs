//! Athena workgroups.

use std::fmt;

use stackgen_resources::typed::{Arg, Handle, Id};
use stackgen_template::{Expression, ResourceId, Value};

use super::location::S3Location;
use crate::constructs::WorkgroupName;
use crate::constructs::arn_parts::regional_arn;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, ResourceExt, Scope, Volume};
use crate::resources::athena::{self, work_group};
use crate::resources::kind;

/// The least that Athena can limit a query to, in bytes.
const LEAST_SCAN: i64 = 10_000_000;

/// A workgroup of Athena: where results go and how much a query may read, whatever a client asks for.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("weather-ingest");
/// let curated = stack.add("Curated", Bucket::new());
/// let results = S3Location::new(curated.name(), "athena-results/");
/// let workgroup = stack.add("Workgroup", AthenaWorkgroup::new(results).scan_limit(gib::<1>()));
/// stack.output("Workgroup", workgroup.name());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct AthenaWorkgroup {
    name: Option<Value>,
    results: S3Location,
    limit: Option<ScanLimit>,
    deletes_queries: bool,
    settings: Settings,
    attributes: Attributes,
}

/// What a query may read at most: 10,000,000 bytes or more.
///
/// `gib::<10>()` and the like; [`ScanLimit::try_from`] a number of bytes at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimit(i64);

impl<const N: i64, const UNIT: i64> From<Volume<N, UNIT>> for ScanLimit {
    fn from(_: Volume<N, UNIT>) -> Self {
        const BYTES_IN_MIB: i64 = 1_048_576;
        const { assert!(N * UNIT * BYTES_IN_MIB >= LEAST_SCAN, "Athena limits a query to 10,000,000 bytes or more") };
        Self(N * UNIT * BYTES_IN_MIB)
    }
}

impl TryFrom<i64> for ScanLimit {
    type Error = ScanLimitError;

    /// A limit of `bytes` bytes.
    fn try_from(bytes: i64) -> Result<Self, ScanLimitError> {
        if bytes >= LEAST_SCAN { Ok(Self(bytes)) } else { Err(ScanLimitError(bytes)) }
    }
}

/// A number of bytes is less than Athena can limit a query to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimitError(i64);

impl fmt::Display for ScanLimitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Athena limits a query to {LEAST_SCAN} bytes or more, not to {}", self.0)
    }
}

impl std::error::Error for ScanLimitError {}

escape_hatch!(AthenaWorkgroup);

impl AthenaWorkgroup {
    /// A workgroup whose results go to `results`. It is named after the stack and the construct.
    pub fn new(results: S3Location) -> Self {
        Self {
            name: None,
            results,
            limit: None,
            deletes_queries: false,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Gives the workgroup a name of one's own.
    pub fn name(mut self, name: impl Arg<WorkgroupName>) -> Self {
        self.name = Some(name.into_value());
        self
    }

    /// Stops queries that read more.
    pub fn scan_limit(mut self, limit: impl Into<ScanLimit>) -> Self {
        self.limit = Some(limit.into());
        self
    }

    /// Deletes queries that people saved in the workgroup together with it. Without this it is not deleted while it has
    /// some.
    pub fn delete_with_saved_queries(mut self) -> Self {
        self.deletes_queries = true;
        self
    }

    /// Describes the workgroup, at most 1,024 characters.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }
}

impl Construct for AthenaWorkgroup {
    type Handle = AthenaWorkgroupHandle;

    fn build(self, scope: &mut Scope<'_>) -> AthenaWorkgroupHandle {
        use work_group::{
            EncryptionConfiguration, EncryptionOption, EngineVersion, ResultConfiguration, WorkGroupConfiguration,
        };

        let name = self.name.unwrap_or_else(|| {
            let path: String = scope
                .path()
                .chars()
                .map(|character| if character.is_ascii_alphanumeric() { character } else { '-' })
                .collect();
            Expression::sub(format!("${{AWS::StackName}}-{path}")).into()
        });
        let results = ResultConfiguration::new()
            .output_location(Expression::raw(self.results.url("")))
            .encryption_configuration(EncryptionConfiguration::new().encryption_option(EncryptionOption::SseS3));
        let mut configuration = WorkGroupConfiguration::new()
            .enforce_work_group_configuration(true)
            .engine_version(EngineVersion::new().selected_engine_version("Athena engine version 3"))
            .publish_cloud_watch_metrics_enabled(true)
            .result_configuration(results);
        if let Some(ScanLimit(bytes)) = self.limit {
            configuration = configuration.raw("BytesScannedCutoffPerQuery", bytes);
        }
        let mut workgroup =
            athena::WorkGroup::new().name(Expression::raw(name)).work_group_configuration(configuration);
        if self.deletes_queries {
            workgroup = workgroup.recursive_delete_option(true);
        }
        let workgroup = self.settings.apply(workgroup, athena::WorkGroup::raw);
        let workgroup = scope.add("Default", workgroup.with(self.attributes));
        AthenaWorkgroupHandle { workgroup, results: self.results }
    }
}

/// The handle of an [`AthenaWorkgroup`].
#[derive(Debug, Clone)]
pub struct AthenaWorkgroupHandle {
    workgroup: athena::WorkGroupRef,
    results: S3Location,
}

impl AthenaWorkgroupHandle {
    /// The name.
    pub fn name(&self) -> Id<kind::athena::WorkGroup> {
        self.workgroup.reference()
    }

    /// The ARN, for policies.
    pub fn arn(&self) -> Value {
        regional_arn("athena", ["workgroup/".into(), self.name().into()])
    }

    /// Where the results go.
    pub fn results(&self) -> &S3Location {
        &self.results
    }

    /// Access to run queries in the workgroup and to read and write their results, which Athena does in the name of who
    /// asks. What the queries read needs grants of the tables.
    pub fn query(&self) -> Grant {
        let actions = [
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
        ];
        let objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
        let bucket = [self.results.bucket_arn()];
        Grant::new(actions, [self.arn()], "run queries")
            .and(Grant::new(["s3:GetBucketLocation"], bucket, "find the results of queries"))
            .and(Grant::new(objects, [self.results.objects_arn()], "write and read the results of queries"))
    }
}

impl Handle for AthenaWorkgroupHandle {
    fn id(&self) -> &ResourceId {
        self.workgroup.id()
    }
}

#[cfg(test)]
mod tests {
    use stackgen_resources::typed::literal;

    use super::*;
    use crate::constructs::Role;
    use crate::constructs::testing::template_of;
    use crate::constructs::workgroup_name;
    use crate::core::gib;

    #[test]
    fn a_workgroup_keeps_clients_to_its_rules() {
        let template = template_of(|stack| {
            let results = S3Location::new(literal("results-of-queries"), "athena/");
            let workgroup = AthenaWorkgroup::new(results.clone()).scan_limit(gib::<10>()).delete_with_saved_queries();
            let workgroup = stack.add("Workgroup", workgroup);
            stack.add("Named", AthenaWorkgroup::new(results).name(workgroup_name!("people")).description("for people"));
            let role = stack.add("Analyst", Role::for_service("lambda.amazonaws.com"));
            stack.allow(&role, workgroup.query());
        });
        for expected in [
            r#""EnforceWorkGroupConfiguration": true"#,
            r#""EncryptionOption": "SSE_S3""#,
            r#""BytesScannedCutoffPerQuery": 10737418240"#,
            r#""SelectedEngineVersion": "Athena engine version 3""#,
        ] {
            assert!(template.contains(expected), "{expected} is not in {template}");
        }
        insta::assert_snapshot!(template);
    }

    #[test]
    fn limits_are_in_bytes() {
        assert_eq!(ScanLimit::from(gib::<10>()), ScanLimit(10_737_418_240));
        assert!(ScanLimit::try_from(9_999_999).is_err());
        assert_eq!(ScanLimit::try_from(10_000_000), Ok(ScanLimit(10_000_000)));
    }
}
