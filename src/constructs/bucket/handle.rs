//! What others need of a bucket.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Arn, Attribute, Handle, Id};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::super::Outside;
use super::super::arn_parts::concatenate;
use super::super::encryption::grant_with_key;
use crate::core::Grant;

/// A bucket, to read, to write and to refer to. `R` is [`Outside`] for a bucket that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct BucketHandle<R = ResourceId> {
    resource: R,
    name: Id<kind::s3::Bucket>,
    arn: Arn<kind::s3::Bucket>,
    pub(in crate::constructs) key: Option<Arn<kind::kms::Key>>,
    /// Whether the bucket is known to tell EventBridge of nothing.
    pub(in crate::constructs) is_silent: bool,
}

impl From<ResourceId> for BucketHandle {
    fn from(id: ResourceId) -> Self {
        Self {
            name: Id::of(Reference::to(id.clone())),
            arn: Arn::of(Reference::attribute(id.clone(), "Arn")),
            key: None,
            is_silent: false,
            resource: id,
        }
    }
}

impl BucketHandle<Outside> {
    pub(super) fn outside(name: Value) -> Self {
        let arn = concatenate(["arn:".into(), Expression::partition().into(), ":s3:::".into(), name.clone()]);
        Self { resource: Outside, name: Id::from_value(name), arn: Arn::from_value(arn), key: None, is_silent: false }
    }
}

impl Handle for BucketHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl BucketHandle {
    /// The name in the DNS by which CloudFront and others in every region reach the bucket.
    pub fn regional_domain_name(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.resource.clone(), "RegionalDomainName"))
    }
}

impl<R> BucketHandle<R> {
    /// The name.
    pub fn name(&self) -> Id<kind::s3::Bucket> {
        self.name.clone()
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::s3::Bucket> {
        self.arn.clone()
    }

    /// The ARN that stands for all objects whose keys begin with `prefix`.
    pub fn objects_arn(&self, prefix: impl Into<Text>) -> Expression {
        let prefix = format!("/{}*", prefix.into());
        Expression::raw(concatenate([self.arn().into(), prefix.into()]))
    }

    /// The address of a key or prefix as Athena and Glue write it: `s3://<bucket>/<key>`.
    pub fn s3_url(&self, key: impl Into<Text>) -> Expression {
        let key = format!("/{}", key.into());
        Expression::raw(concatenate(["s3://".into(), self.name().into(), key.into()]))
    }

    /// Access to get objects.
    pub fn get(&self) -> Grant {
        self.get_prefix("")
    }

    /// Access to get objects whose keys begin with `prefix`, such as `raw/`.
    pub fn get_prefix(&self, prefix: impl Into<Text>) -> Grant {
        self.grant_on_prefix(["s3:GetObject"], prefix)
    }

    /// Access to list keys. With it, getting an object that is not there gives "not found", without it "forbidden".
    pub fn list(&self) -> Grant {
        self.grant(["s3:ListBucket"])
    }

    /// Access to list keys that begin with `prefix`. Only requests that name the prefix are allowed by it, so getting an
    /// object that is not there gives "forbidden".
    pub fn list_prefix(&self, prefix: impl Into<Text>) -> Grant {
        self.list().when("StringLike", "s3:prefix", format!("{}*", prefix.into()))
    }

    /// Access to list keys and to get objects.
    pub fn read(&self) -> Grant {
        self.get().and(self.list())
    }

    /// Access to list keys that begin with `prefix`, and to get those objects.
    pub fn read_prefix(&self, prefix: impl Into<Text>) -> Grant {
        let prefix = prefix.into();
        self.get_prefix(prefix.clone()).and(self.list_prefix(prefix))
    }

    /// Access to put objects.
    pub fn put(&self) -> Grant {
        self.put_prefix("")
    }

    /// Access to put objects whose keys begin with `prefix`.
    pub fn put_prefix(&self, prefix: impl Into<Text>) -> Grant {
        self.grant_on_prefix(["s3:PutObject"], prefix)
    }

    /// Access to delete objects. In a versioned bucket older versions stay.
    pub fn delete(&self) -> Grant {
        self.delete_prefix("")
    }

    /// Access to delete objects whose keys begin with `prefix`.
    pub fn delete_prefix(&self, prefix: impl Into<Text>) -> Grant {
        self.grant_on_prefix(["s3:DeleteObject"], prefix)
    }

    /// Access to put and to delete objects.
    pub fn write(&self) -> Grant {
        self.put().and(self.delete())
    }

    /// Access to put and to delete objects whose keys begin with `prefix`.
    pub fn write_prefix(&self, prefix: impl Into<Text>) -> Grant {
        let prefix = prefix.into();
        self.put_prefix(prefix.clone()).and(self.delete_prefix(prefix))
    }

    /// Access to do just `actions` on the bucket itself, such as `s3:ListBucketVersions`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "uses the bucket")
    }

    /// Access to do just `actions` on objects, such as `s3:GetObjectVersion`.
    pub fn grant_on_objects<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        self.grant_on_prefix(actions, "")
    }

    /// Access to do just `actions` on objects whose keys begin with `prefix`.
    pub fn grant_on_prefix<A: Into<Text>>(
        &self,
        actions: impl IntoIterator<Item = A>,
        prefix: impl Into<Text>,
    ) -> Grant {
        grant_with_key(actions, [self.objects_arn(prefix)], "uses objects of the bucket", self.key.as_ref())
    }
}

impl<R> Arg<Id<kind::s3::Bucket>> for &BucketHandle<R> {
    fn into_value(self) -> Value {
        self.name().into()
    }
}

impl<R> Arg<Arn<kind::s3::Bucket>> for &BucketHandle<R> {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}
