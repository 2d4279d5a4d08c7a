//! Folders of buckets.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Id};
use stackgen_template::{Expression, Text, Value};

use crate::constructs::arn_parts::concatenate;

/// The objects of a bucket whose keys begin with a prefix.
#[derive(Debug, Clone)]
pub struct S3Location {
    bucket: Value,
    prefix: Text,
}

impl S3Location {
    /// The objects below `prefix`, such as `lake/`; all of the bucket when it is empty.
    pub fn new(bucket: impl Arg<Id<kind::s3::Bucket>>, prefix: impl Into<Text>) -> Self {
        Self { bucket: bucket.into_value(), prefix: prefix.into() }
    }

    /// The name of the bucket.
    pub fn bucket(&self) -> Id<kind::s3::Bucket> {
        Id::from_value(self.bucket.clone())
    }

    /// What the keys begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// `s3://bucket/prefix` with `rest` behind it.
    pub(super) fn url(&self, rest: &str) -> Value {
        concatenate(["s3://".into(), self.bucket.clone(), format!("/{}{rest}", self.prefix).into()])
    }

    /// The ARN of the bucket.
    pub(super) fn bucket_arn(&self) -> Value {
        self.arn("")
    }

    /// The ARN of the folder itself, without a slash at its end: how Lake Formation knows it.
    pub(super) fn folder_arn(&self) -> Value {
        match self.prefix.trim_end_matches('/') {
            "" => self.bucket_arn(),
            folder => self.arn(&format!("/{folder}")),
        }
    }

    /// The ARN of all objects.
    pub(super) fn objects_arn(&self) -> Value {
        self.arn(&format!("/{}*", self.prefix))
    }

    fn arn(&self, rest: &str) -> Value {
        let start = ["arn:".into(), Expression::partition().into(), ":s3:::".into()];
        concatenate(start.into_iter().chain([self.bucket.clone(), rest.to_owned().into()]))
    }
}
