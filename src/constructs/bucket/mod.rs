//! Buckets of S3.

mod cors;
mod handle;
mod lifecycle;
mod notification;
#[cfg(test)]
mod tests;

use stackgen_contract::support::empty_bucket;
use stackgen_resources::typed::{Arg, Arn, Handle, Tag, TagLike};
use stackgen_resources::{kind, s3};
use stackgen_template::{Map, Text, Value};

pub use cors::{BucketMethod, CorsRule};
pub use handle::BucketHandle;
pub use lifecycle::LifecycleRule;
pub use notification::{BucketEvent, BucketNotification, NotificationTarget};

use super::escape::{Settings, escape_hatch};
use super::support::{add_supported, support_function};
use super::tls_only::deny_plain_http;
use super::{BucketName, Outside};
use crate::core::{Attributes, Construct, PolicyTarget, Principal, Problem, RemovalPolicy, ResourceExt, Scope};

/// A bucket of S3: private, encrypted, reached over TLS only, and kept when it leaves its stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("review");
/// let data = stack.add(
///     "Data",
///     Bucket::new()
///         .versioned()
///         .notify_event_bridge()
///         .lifecycle(LifecycleRule::new().abort_incomplete_uploads(days::<7>())),
/// );
/// let access = data.read_prefix("samples/").and(data.grant_on_objects(["s3:GetObjectVersion"]));
/// stack.output("DataBucket", data.name());
/// assert!(!app.synthesize().has_errors());
/// ```
///
/// A name that S3 refuses does not compile:
///
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let bucket = Bucket::new().name(bucket_name!("My_Bucket"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a bucket exists only once it is added to a stack"]
pub struct Bucket {
    name: Option<Value>,
    key: Option<Arn<kind::kms::Key>>,
    lifecycle: Vec<LifecycleRule>,
    cors: Vec<CorsRule>,
    event_bridge: bool,
    notifications: Vec<BucketNotification>,
    removal: Removal,
    settings: Settings,
    attributes: Attributes,
}

/// What becomes of the bucket when it leaves the stack.
#[derive(Debug, Clone, Copy)]
enum Removal {
    Default,
    Policy(RemovalPolicy),
    /// It is emptied, then deleted.
    Empty,
}

escape_hatch!(Bucket);

impl Bucket {
    /// A bucket that only the account reaches, in the ways that grants allow.
    pub fn new() -> Self {
        Self {
            name: None,
            key: None,
            lifecycle: Vec::new(),
            cors: Vec::new(),
            event_bridge: false,
            notifications: Vec::new(),
            removal: Removal::Default,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// A bucket that no stack of the app holds.
    pub fn from_name(name: impl Arg<BucketName>) -> BucketHandle<Outside> {
        BucketHandle::outside(name.into_value())
    }

    /// Sets the name, unique in the partition. Without one CloudFormation makes one up.
    pub fn name(mut self, name: impl Arg<BucketName>) -> Self {
        self.name = Some(name.into_value());
        self
    }

    /// Keeps every version of an object that is overwritten or deleted.
    pub fn versioned(mut self) -> Self {
        self.settings.put("VersioningConfiguration", Value::single("Status", "Enabled"));
        self
    }

    /// Encrypts objects with a key of KMS, in place of the key that S3 manages. Grants of the bucket then allow the use
    /// of the key.
    pub fn encryption_key(mut self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        self.key = Some(Arn::from_value(key.into_value()));
        self
    }

    /// Adds a rule on what becomes of objects with time.
    pub fn lifecycle(mut self, rule: LifecycleRule) -> Self {
        self.lifecycle.push(rule);
        self
    }

    /// Adds a rule on requests from pages of other sites.
    pub fn cors(mut self, rule: CorsRule) -> Self {
        self.cors.push(rule);
        self
    }

    /// Tells EventBridge of every change to objects; rules then choose.
    pub fn notify_event_bridge(mut self) -> Self {
        self.event_bridge = true;
        self
    }

    /// Tells a queue, topic or function of changes to objects, and lets S3 do so.
    pub fn notify(mut self, notification: BucketNotification) -> Self {
        self.notifications.push(notification);
        self
    }

    /// What becomes of the bucket when it is removed from the stack or replaced: retained, when not set. A bucket that
    /// is not empty cannot be deleted.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.removal = Removal::Policy(policy);
        self
    }

    /// Deletes the bucket with all objects and versions when it is removed from the stack. For data that can be made
    /// again.
    ///
    /// The stack gets a function that empties the bucket just before it is deleted, and only when the bucket is tagged
    /// for it: taking this setting back takes the tag away first.
    pub fn empty_on_destroy(mut self) -> Self {
        self.removal = Removal::Empty;
        self
    }

    /// The properties that every bucket has.
    fn base(&self) -> s3::Bucket {
        let default = match &self.key {
            None => Map::from_iter([(Text::Borrowed("SSEAlgorithm"), "AES256".into())]),
            Some(key) => Map::from_iter([
                (Text::Borrowed("SSEAlgorithm"), "aws:kms".into()),
                (Text::Borrowed("KMSMasterKeyID"), key.into()),
            ]),
        };
        let mut rule = Map::from_iter([(Text::Borrowed("ServerSideEncryptionByDefault"), default.into())]);
        if self.key.is_some() {
            // One data key for many objects: far fewer requests to KMS.
            rule.push("BucketKeyEnabled", true);
        }
        let encryption = Value::single("ServerSideEncryptionConfiguration", Value::List(vec![rule.into()]));
        let ownership = Value::single("ObjectOwnership", "BucketOwnerEnforced");
        let public_access = s3::bucket::PublicAccessBlockConfiguration::new()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true);
        let mut bucket = s3::Bucket::new();
        if let Some(name) = &self.name {
            bucket = bucket.raw("BucketName", name.clone());
        }
        bucket
            .raw("BucketEncryption", encryption)
            .raw("OwnershipControls", Value::single("Rules", Value::List(vec![ownership])))
            .public_access_block_configuration(public_access)
    }
}

impl Default for Bucket {
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for Bucket {
    type Handle = BucketHandle;

    fn build(self, scope: &mut Scope<'_>) -> BucketHandle {
        let mut bucket = self.base();
        for fault in self.lifecycle.iter().filter_map(LifecycleRule::fault) {
            scope.report(Problem::error(fault).hint("see the rules of S3 on lifecycle configurations"));
        }
        if !self.lifecycle.is_empty() {
            let rules: Vec<Value> = self.lifecycle.into_iter().map(LifecycleRule::into_value).collect();
            bucket = bucket.raw("LifecycleConfiguration", Value::single("Rules", rules));
        }
        if !self.cors.is_empty() {
            let rules: Vec<Value> = self.cors.into_iter().map(CorsRule::into_value).collect();
            bucket = bucket.raw("CorsConfiguration", Value::single("CorsRules", rules));
        }
        let (notifications, attributes) =
            notification::configure(&self.notifications, self.event_bridge, self.name.as_ref(), self.attributes, scope);
        if let Some(notifications) = notifications {
            bucket = bucket.raw("NotificationConfiguration", notifications);
        }
        let is_emptied = matches!(self.removal, Removal::Empty);
        if is_emptied {
            let tag: Value = Arg::<TagLike>::into_value(Tag::new(empty_bucket::TAG_KEY, empty_bucket::TAG_VALUE));
            bucket = bucket.raw("Tags", Value::List(vec![tag]));
        }
        let told = match self.removal {
            Removal::Default => None,
            Removal::Policy(policy) => Some(policy),
            Removal::Empty => Some(RemovalPolicy::Delete),
        };
        let default = scope.app().default_removal().unwrap_or(RemovalPolicy::Retain);
        let is_silent = !self.event_bridge && self.settings.get("NotificationConfiguration").is_none();
        let bucket = self.settings.apply(bucket, s3::Bucket::raw);
        let resource = scope.add("Default", bucket.with(attributes.removal_or(told, default)));
        let mut handle = BucketHandle::from(resource.id().clone());
        handle.key = self.key;
        handle.is_silent = is_silent;
        let everything = [Value::from(handle.arn()), handle.objects_arn("").into()];
        scope.resource_policy(PolicyTarget::Bucket(handle.id().clone()), deny_plain_http(["s3:*"], everything));
        if is_emptied {
            empty_before_deletion(&handle, scope);
        }
        handle
    }
}

/// Adds the custom resource that empties the bucket when both are deleted.
///
/// The access stands in the bucket's own policy, which a bucket that is replaced keeps until it is deleted. Only what tells
/// whether the bucket is still to be emptied is allowed apart: it must work when this setting is taken back, and the
/// statements of the bucket's policy with it.
fn empty_before_deletion(bucket: &BucketHandle, scope: &mut Scope<'_>) {
    let tagging = bucket.grant(["s3:GetBucketTagging"]);
    let emptying = bucket
        .grant(["s3:GetBucketTagging", "s3:ListBucket", "s3:ListBucketVersions"])
        .and(bucket.grant_on_objects(["s3:DeleteObject", "s3:DeleteObjectVersion"]));
    let role = support_function(scope).role().arn();
    for statement in emptying.into_statements() {
        let statement = statement.principal(Principal::Aws(role.clone().into()));
        scope.resource_policy(PolicyTarget::Bucket(bucket.id().clone()), statement);
    }
    let properties = Map::from_iter([(Text::Borrowed(empty_bucket::BUCKET), bucket.name().into())]);
    let attributes = Attributes::new().after_grants_of(bucket.id());
    let mut scope = scope.scope("EmptyOnDestroy");
    add_supported(&mut scope, empty_bucket::RESOURCE_TYPE, properties, tagging, attributes);
}
