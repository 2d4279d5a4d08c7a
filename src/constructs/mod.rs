//! Constructs made by hand: secure by default, with grants, one concept a file.

mod alarm;
mod ami_builder;
mod arn_parts;
mod bucket;
mod bucket_objects;
mod cors;
mod custom_resource;
mod data_lake;
mod domain;
mod encryption;
mod escape;
mod event_pattern;
mod event_source;
mod function;
mod http_api;
mod instance;
mod instance_profile;
mod json_text;
mod launch_template;
mod log_group;
mod machine_image;
mod message_order;
mod metric;
mod names;
mod outside;
mod queue;
mod role;
mod rule;
mod schedule;
mod schedule_expression;
mod secret;
mod ssm_parameter;
mod state_machine;
mod subscription;
mod support;
mod table;
mod target_input;
#[cfg(test)]
mod testing;
mod tls_only;
mod topic;
mod volume;
mod vpc;
mod website;

pub use alarm::{Alarm, AlarmHandle, Measure, MissingData};
pub use ami_builder::{AmiBuilder, AmiBuilderHandle, CHECKSUM_SUFFIX, ImageComponent, ImageProgram, ImageStep};
pub use bucket::{
    Bucket, BucketEvent, BucketHandle, BucketMethod, BucketNotification, CorsRule, LifecycleRule, NotificationTarget,
};
pub use bucket_objects::{BucketObjects, BucketObjectsHandle};
pub use cors::{Cors, Method};
pub use custom_resource::{CustomResource, CustomResourceHandle};
pub use data_lake::{
    AthenaWorkgroup, AthenaWorkgroupHandle, Column, ColumnType, DatabasePermission, DateFormat, GlueDatabase,
    GlueDatabaseHandle, GlueTable, GlueTableHandle, IcebergTable, LakeAdministrators, LakeLocation, LakeLocationHandle,
    LakePermissions, PartitionKey, S3Location, ScanLimit, ScanLimitError, TableFormat, TableOptimizers,
    TableOptimizersHandle, TablePermission, lake_data_access, optimizer_logs,
};
pub use domain::{AliasRecords, AliasRecordsHandle, AliasTarget, Certificate, CertificateHandle, HostedZone};
pub use event_pattern::{EventPattern, Matcher};
pub use event_source::{
    EventSourceHandle, QueueEvents, RecordDestination, StartingPosition, StreamEvents, TakesRecords,
};
pub use function::{
    DeadLetters, Destination, Function, FunctionHandle, FunctionUrl, FunctionUrlHandle, InvokePermission, Runtime,
};
pub use http_api::{ApiDomain, Authorization, HttpApi, HttpApiHandle, RouteKey, RouteKeyError};
pub use instance::{Instance, InstanceHandle};
pub use instance_profile::{InstanceProfile, InstanceProfileHandle};
pub use launch_template::{LaunchTemplate, LaunchTemplateHandle, ShutdownBehavior};
pub use log_group::{LogGroup, LogGroupHandle, LogRetention, LogRetentionError};
pub use machine_image::MachineImage;
pub use message_order::{Fifo, MessageOrder, Standard};
pub use metric::{Metric, MetricMath, MetricPeriod, MetricPeriodError, Statistic};
pub use names::*;
pub use outside::Outside;
pub use queue::{Queue, QueueHandle};
pub use role::{Role, RoleHandle};
pub use rule::{Rule, RuleHandle, Target};
pub use schedule::{Schedule, ScheduleHandle, ScheduleTarget};
pub use schedule_expression::{At, Cron, Rate, RecurringExpression, ScheduleExpression, ScheduleExpressionError};
pub use secret::{Empty, Generated, Secret, SecretHandle};
pub use ssm_parameter::{ParameterTier, SsmParameter, SsmParameterHandle};
pub use state_machine::{LogLevel, StateMachine, StateMachineHandle, states};
pub use subscription::{Subscription, SubscriptionHandle};
pub use table::{Index, Key, StreamViewType, Table, TableHandle};
pub use target_input::Activation;
pub use topic::{Topic, TopicHandle};
pub use volume::EbsVolume;
pub use vpc::{
    FlowTraffic, GatewayService, Ipv4Block, Ipv4BlockError, Peer, Ports, PrivateEgress, SecurityGroup,
    SecurityGroupHandle, SubnetHandle, Vpc, VpcHandle, ZoneCount, ZoneCountError, ipv4_block,
};
pub use website::{ContentSecurityPolicy, PriceClass, WebOrigin, Website, WebsiteFiles, WebsiteHandle};

/// Whether `file`, as `#[track_caller]` names it, is a file of this room: then the place that matters to the user is
/// the one where the construct around it was added.
pub(crate) fn is_own_source(file: &str) -> bool {
    const DIRECTORY: &str = {
        let file = file!();
        // The folder of this file: everything but `mod.rs`.
        file.split_at(file.len() - "mod.rs".len()).0
    };
    file.starts_with(DIRECTORY)
}
