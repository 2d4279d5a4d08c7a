//! The custom resources of the library: names that the constructs write and their handler reads.
//!
//! One function, the binary [`BINARY`] of the crate [`PACKAGE`], serves both resource types. It is told apart by
//! `ResourceType`, and reads what to do from the properties named here. CloudFormation hands every property over as
//! text, so a boolean is `"true"` or `"false"`.

/// The crate that holds the handler.
pub const PACKAGE: &str = "stack-support";
/// The binary of the handler.
pub const BINARY: &str = "stack-support";
/// The longest that the function should be let run, in seconds: emptying a large bucket takes it all, and then goes on
/// in the retries of the asynchronous invocation, of which there must be two.
pub const TIMEOUT_SECONDS: u32 = 900;
/// The memory of the function in MiB. An asset is held in memory while its files are copied.
pub const MEMORY_MIB: u32 = 512;

/// Copies the files of an asset into a bucket: `Custom::BucketObjects`.
///
/// Actions that the function needs: `s3:GetObject` on the asset; on the destination `s3:ListBucket`, `s3:GetObject`,
/// `s3:PutObject` below the prefix, with [`PRUNE`](bucket_objects::PRUNE) also `s3:DeleteObject`; with
/// [`DISTRIBUTION_ID`](bucket_objects::DISTRIBUTION_ID) `cloudfront:CreateInvalidation` on it.
pub mod bucket_objects {
    /// The resource type.
    pub const RESOURCE_TYPE: &str = "Custom::BucketObjects";

    /// Bucket of the zip file; absent when there are only generated [`FILES`].
    pub const SOURCE_BUCKET: &str = "SourceBucket";
    /// Key of the zip file; goes with [`SOURCE_BUCKET`]. It must change when the content does: a hash is in it.
    pub const SOURCE_KEY: &str = "SourceKey";
    /// Bucket that gets the files. Required.
    pub const DESTINATION_BUCKET: &str = "DestinationBucket";
    /// What every key begins with: empty (default), or with a `/` at its end.
    pub const DESTINATION_PREFIX: &str = "DestinationPrefix";
    /// Boolean, default `false`: nothing is ever deleted. `true`: an update deletes what is below the prefix and not in
    /// the new set, and deleting the resource deletes what it deployed.
    pub const PRUNE: &str = "Prune";
    /// Generated files, as a list of mappings with [`FILE_PATH`] and [`FILE_CONTENT`]. They replace files of the asset.
    pub const FILES: &str = "Files";
    /// Path of a generated file below the prefix.
    pub const FILE_PATH: &str = "Path";
    /// Text of a generated file, in which the template may use intrinsic functions.
    pub const FILE_CONTENT: &str = "Content";
    /// `Cache-Control` by path, as a list of mappings with [`RULE_PATTERN`] and [`RULE_VALUE`]; the first that matches
    /// holds.
    pub const CACHE_CONTROL: &str = "CacheControl";
    /// `Content-Type` by path, in the same form, before the types that are known by the file's ending.
    pub const CONTENT_TYPES: &str = "ContentTypes";
    /// Path of files below the prefix: `*` stands for any characters, `/` too.
    pub const RULE_PATTERN: &str = "Pattern";
    /// Value of the header.
    pub const RULE_VALUE: &str = "Value";
    /// CloudFront distribution whose cache is invalidated after a change.
    pub const DISTRIBUTION_ID: &str = "DistributionId";
    /// Paths to invalidate, as a list; default `["/*"]`.
    pub const INVALIDATION_PATHS: &str = "InvalidationPaths";

    /// Attribute: the bucket that got the files, known once they are there.
    pub const ATTRIBUTE_BUCKET: &str = "Bucket";
    /// Attribute: the number of files, as text.
    pub const ATTRIBUTE_FILES: &str = "FileCount";
}

/// Empties a bucket, with all versions, before it is deleted: `Custom::EmptyBucket`.
///
/// It does so only when the resource is deleted while the bucket has the tag [`TAG_KEY`](empty_bucket::TAG_KEY): so
/// taking the option out of a stack whose bucket stays removes the tag first, and the data stays too.
///
/// Actions that the function needs: on the bucket `s3:ListBucket`, `s3:ListBucketVersions`, `s3:GetBucketTagging`; on
/// its objects `s3:DeleteObject`, `s3:DeleteObjectVersion`. A policy of the bucket must allow them for as long as the
/// resource is there.
pub mod empty_bucket {
    /// The resource type.
    pub const RESOURCE_TYPE: &str = "Custom::EmptyBucket";

    /// Bucket to empty. Required.
    pub const BUCKET: &str = "Bucket";

    /// Key of the tag that the bucket must have.
    pub const TAG_KEY: &str = "stackgen:empty-on-delete";
    /// Value of that tag.
    pub const TAG_VALUE: &str = "true";
}
