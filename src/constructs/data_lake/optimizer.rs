//! What keeps Iceberg tables small and fast.

use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_template::{Expression, ResourceId, Value};

use super::table::GlueTableHandle;
use crate::constructs::RoleHandle;
use crate::constructs::arn_parts::regional_arn;
use crate::core::{Attributes, Construct, Days, Grant, ResourceExt, Scope};
use crate::resources::glue::{self, table_optimizer};
use crate::resources::kind;

/// The optimizers of an Iceberg table, which Glue runs under a role: compaction of small files, expiry of old
/// snapshots, deletion of files that no snapshot holds.
///
/// The role trusts `glue.amazonaws.com` and needs [`GlueTableHandle::optimize`]; where Lake Formation guards the table, its
/// permissions too, which are made [before](Self::after).
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("buses");
/// let lake = stack.add("Lake", Bucket::new());
/// let database = stack.add("Database", GlueDatabase::named_after_stack());
/// let location = S3Location::new(lake.name(), "iceberg/sf_muni/");
/// let table = stack.add("Table", IcebergTable::new(&database, catalog_name!("sf_muni"), location).columns([("id", "string")]));
/// let role = stack.add("Optimizer", Role::for_service("glue.amazonaws.com").allow(table.optimize()));
/// let optimizers = TableOptimizers::new(&table, &role)
///     .compaction()
///     .expire_snapshots(days::<7>())
///     .delete_orphan_files(days::<3>());
/// stack.add("Optimizers", optimizers);
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TableOptimizers {
    table: GlueTableHandle,
    role: RoleHandle,
    compaction: bool,
    snapshots: Option<Value>,
    orphans: Option<Value>,
    after: Vec<ResourceId>,
}

/// A resource that was added, for its place in the order.
#[derive(Debug, Clone)]
struct Earlier(ResourceId);

impl Handle for Earlier {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

impl TableOptimizers {
    /// Optimizers of `table`, none yet, that run under `role`.
    pub fn new(table: &GlueTableHandle, role: &RoleHandle) -> Self {
        Self {
            table: table.clone(),
            role: role.clone(),
            compaction: false,
            snapshots: None,
            orphans: None,
            after: Vec::new(),
        }
    }

    /// Unites small files.
    pub fn compaction(mut self) -> Self {
        self.compaction = true;
        self
    }

    /// Forgets snapshots after so many days, all but the last one, and deletes the files that only they held.
    pub fn expire_snapshots(mut self, after: impl Arg<Days<1, 3_650>>) -> Self {
        self.snapshots = Some(after.into_value());
        self
    }

    /// Deletes files that no snapshot holds after so many days. Files of writers that are at work look so too: less than
    /// three days is not safe.
    pub fn delete_orphan_files(mut self, after: impl Arg<Days<3, 3_650>>) -> Self {
        self.orphans = Some(after.into_value());
        self
    }

    /// Makes the optimizers after `resource`, such as permissions that their role needs.
    pub fn after(mut self, resource: &impl Handle) -> Self {
        self.after.push(resource.id().clone());
        self
    }
}

impl Construct for TableOptimizers {
    type Handle = TableOptimizersHandle;

    fn build(self, scope: &mut Scope<'_>) -> TableOptimizersHandle {
        use table_optimizer::{
            CompactionConfiguration, IcebergCompactionConfiguration,
            IcebergCompactionConfigurationStrategy as Strategy, IcebergConfiguration, IcebergRetentionConfiguration,
            OrphanFileDeletionConfiguration, RetentionConfiguration, TableOptimizerConfiguration,
            TableOptimizerType as Type,
        };

        let role: Arn<kind::iam::Role> = self.role.arn();
        // Glue tries the role when an optimizer is made.
        let attributes = self.after.iter().fold(Attributes::new().after_grants_of(self.role.id()), |attributes, id| {
            attributes.depends_on(&Earlier(id.clone()))
        });
        let optimizer = |kind: Type, configuration: TableOptimizerConfiguration<_, _>| {
            glue::TableOptimizer::new()
                .catalog_id(Expression::account_id())
                .database_name(self.table.database.name())
                .table_name(self.table.name())
                .type_(kind)
                .table_optimizer_configuration(configuration)
                .with(attributes.clone())
        };
        let enabled = || TableOptimizerConfiguration::new().enabled(true).role_arn(&role);
        let compaction = self.compaction.then(|| {
            let strategy = IcebergCompactionConfiguration::new().strategy(Strategy::Binpack);
            let compaction = CompactionConfiguration::new().iceberg_configuration(strategy);
            scope.add("Compaction", optimizer(Type::Compaction, enabled().compaction_configuration(compaction)))
        });
        let retention = self.snapshots.map(|days| {
            let snapshots = IcebergRetentionConfiguration::new()
                .raw("SnapshotRetentionPeriodInDays", days)
                .number_of_snapshots_to_retain(1)
                .clean_expired_files(true);
            let retention = RetentionConfiguration::new().iceberg_configuration(snapshots);
            scope.add("Retention", optimizer(Type::Retention, enabled().retention_configuration(retention)))
        });
        let orphans = self.orphans.map(|days| {
            let files = IcebergConfiguration::new()
                .raw("OrphanFileRetentionPeriodInDays", days)
                .location(Expression::raw(self.table.location.url("")));
            let orphans = OrphanFileDeletionConfiguration::new().iceberg_configuration(files);
            let configuration = enabled().orphan_file_deletion_configuration(orphans);
            scope.add("OrphanFileDeletion", optimizer(Type::OrphanFileDeletion, configuration))
        });
        TableOptimizersHandle { compaction, retention, orphan_file_deletion: orphans }
    }
}

/// The handle of [`TableOptimizers`].
#[derive(Debug, Clone)]
pub struct TableOptimizersHandle {
    /// What unites small files.
    pub compaction: Option<glue::TableOptimizerRef>,
    /// What forgets snapshots.
    pub retention: Option<glue::TableOptimizerRef>,
    /// What deletes files that no snapshot holds.
    pub orphan_file_deletion: Option<glue::TableOptimizerRef>,
}

impl GlueTableHandle {
    /// Access to optimize an Iceberg table: its files, its entry in the catalogue, and the logs that the optimizers write.
    pub fn optimize(&self) -> Grant {
        let location = self.location();
        let files = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];
        let list = Grant::new(["s3:ListBucket"], [location.bucket_arn()], "list the files of the table");
        let list = match location.prefix() {
            "" => list,
            prefix => list.when("StringLike", "s3:prefix", format!("{prefix}*")),
        };
        Grant::new(files, [location.objects_arn()], "rewrite the files of the table")
            .and(list)
            .and(self.grant(["glue:GetTable", "glue:UpdateTable"]))
            .and(optimizer_logs())
    }
}

/// Access to write the logs of optimizers: part of [`GlueTableHandle::optimize`], for roles that are allowed the rest in
/// another way.
pub fn optimizer_logs() -> Grant {
    let logs = ["compaction", "retention", "orphan-file-deletion"]
        .map(|optimizer| regional_arn("logs", [format!("log-group:/aws-glue/iceberg-{optimizer}/logs:*").into()]));
    Grant::new(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], logs, "log the runs")
}
