//! Folders of buckets.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Id};
use stackgen_template::{Expression, Text, Value};

use crate::constructs::arn_parts::concatenate;

/// The objects of a bucket whose keys begin with a prefix.
///
/// ```
/// use stackgen::prelude::*;
///
/// let rows = S3Location::new(literal("my-lake"), "curated");
/// assert_eq!(rows.prefix(), "curated/");
/// ```
#[derive(Debug, Clone)]
pub struct S3Location {
    bucket: Value,
    prefix: Text,
}

impl S3Location {
    /// The objects below `prefix`, such as `lake/`; all of the bucket when it is empty. A slash at the start is left out, one
    /// at the end is added.
    pub fn new(bucket: impl Arg<Id<kind::s3::Bucket>>, prefix: impl Into<Text>) -> Self {
        let mut prefix = prefix.into();
        if prefix.starts_with('/') {
            prefix = prefix.trim_start_matches('/').to_owned().into();
        }
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.to_mut().push('/');
        }
        Self { bucket: bucket.into_value(), prefix }
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

#[cfg(test)]
mod tests {
    use stackgen_resources::typed::literal;

    use super::*;

    #[test]
    fn folders_end_with_a_slash() {
        for (given, prefix) in [("", ""), ("/", ""), ("lake", "lake/"), ("/lake/", "lake/"), ("a/b", "a/b/")] {
            let location = S3Location::new(literal("my-bucket"), given);
            assert_eq!(location.prefix(), prefix, "{given}");
            assert_eq!(location.url("x"), Value::from(format!("s3://my-bucket/{prefix}x")));
        }
        let all = S3Location::new(literal("my-bucket"), "");
        assert_eq!(all.folder_arn(), all.bucket_arn());
    }
}
