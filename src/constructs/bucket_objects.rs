//! Objects that a deployment puts into a bucket.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use stackgen_contract::support::bucket_objects as contract;
use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Arn, Attribute, Handle, Id, List};
use stackgen_template::{Expression, Map, Reference, ResourceId, Text, Value};

use super::BucketHandle;
use super::arn_parts::concatenate;
use super::encryption::grant_with_key;
use super::json_text::json_text;
use super::support::add_supported;
use crate::assets::{AssetLocation, AssetSource};
use crate::core::{Attributes, Construct, Grant, Problem, Scope};

/// Objects that a deployment puts into a bucket: the files of a folder, and files whose text the template makes.
///
/// Only what changed is uploaded. Nothing is ever deleted, neither by an update nor when the objects leave the stack,
/// unless [`prune`](Self::prune) is set.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("shop");
/// let site = stack.add("Site", Bucket::new());
/// let jobs = stack.add("Jobs", Queue::new());
/// let config = Map::from_iter([("queueUrl".into(), jobs.url().into())]);
/// stack.add(
///     "Config",
///     BucketObjects::to(&site).json_file("config.json", config).cache_control("*", "no-cache"),
/// );
/// ```
#[derive(Debug, Clone)]
#[must_use = "objects are uploaded only once they are added to a stack"]
pub struct BucketObjects {
    bucket: Id<kind::s3::Bucket>,
    list: Grant,
    /// Access to the objects below the prefix, which is not known until all is set.
    objects: ObjectAccess,
    prefix: Text,
    source: Option<AssetSource>,
    files: Vec<(Text, Value)>,
    cache_control: Vec<Value>,
    content_types: Vec<Value>,
    prune: bool,
    distribution: Option<Value>,
    invalidation_paths: Option<Value>,
    properties: Map,
    attributes: Attributes,
}

/// The bucket as the grants need it, whether it is of the app or not.
#[derive(Debug, Clone)]
struct ObjectAccess {
    arn: Arn<kind::s3::Bucket>,
    key: Option<Arn<kind::kms::Key>>,
}

impl BucketObjects {
    /// No objects yet, for `bucket`.
    pub fn to<R>(bucket: &BucketHandle<R>) -> Self {
        Self {
            bucket: bucket.name(),
            list: bucket.list(),
            objects: ObjectAccess { arn: bucket.arn(), key: bucket.key.clone() },
            prefix: Text::Borrowed(""),
            source: None,
            files: Vec::new(),
            cache_control: Vec::new(),
            content_types: Vec::new(),
            prune: false,
            distribution: None,
            invalidation_paths: None,
            properties: Map::new(),
            attributes: Attributes::new(),
        }
    }

    /// Puts all files of a folder, which is named from the root of the app.
    pub fn folder(self, folder: impl Into<PathBuf>) -> Self {
        self.asset(AssetSource::Folder(folder.into()))
    }

    /// Puts all files of an asset that is a zip file: a folder, or a site that is built first.
    pub fn asset(mut self, source: AssetSource) -> Self {
        self.source = Some(source);
        self
    }

    /// Puts the files below a prefix of keys, such as `samples/`. A `/` is added at its end where it has none.
    pub fn prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.prefix = prefix.into();
        if !self.prefix.is_empty() && !self.prefix.ends_with('/') {
            self.prefix.to_mut().push('/');
        }
        self
    }

    /// Puts a file with a text that may have values of the stack in it. It replaces the folder's file of that path.
    pub fn file(mut self, path: impl Into<Text>, content: impl Arg<String>) -> Self {
        self.files.push((path.into(), content.into_value()));
        self
    }

    /// Puts a file of JSON that may have values of the stack in it, as strings. Such a value must need no escapes in
    /// JSON, as names, ARNs and URLs need none.
    pub fn json_file(mut self, path: impl Into<Text>, content: impl Into<Value>) -> Self {
        self.files.push((path.into(), json_text(&content.into())));
        self
    }

    /// Sets `Cache-Control` of files whose path below the prefix matches, `*` standing for any characters. The first
    /// pattern that matches holds.
    pub fn cache_control(mut self, pattern: impl Into<Text>, value: impl Arg<String>) -> Self {
        self.cache_control.push(rule(pattern.into(), value.into_value()));
        self
    }

    /// Sets `Content-Type` of files whose path below the prefix matches, where the one known by the ending is wrong.
    pub fn content_type(mut self, pattern: impl Into<Text>, value: impl Arg<String>) -> Self {
        self.content_types.push(rule(pattern.into(), value.into_value()));
        self
    }

    /// Deletes what is below the prefix and not in the new set, and deletes the set when it leaves the stack.
    pub fn prune(mut self) -> Self {
        self.prune = true;
        self
    }

    /// Makes a distribution of CloudFront fetch changed objects again.
    pub fn invalidate(mut self, distribution: impl Arg<Id<kind::cloudfront::Distribution>>) -> Self {
        self.distribution = Some(distribution.into_value());
        self
    }

    /// Which paths of the distribution are fetched again: `/*`, when not set.
    pub fn invalidation_paths(mut self, paths: impl Arg<List<String>>) -> Self {
        self.invalidation_paths = Some(paths.into_value());
        self
    }

    /// Sets the attributes of the resource, such as what it comes after.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the custom resource.
    pub fn raw(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.properties.insert(name, value);
        self
    }

    /// What the support function needs to put the objects.
    fn access(&self, source: Option<&AssetLocation>) -> Grant {
        let mut actions = vec!["s3:GetObject", "s3:PutObject"];
        if self.prune {
            actions.push("s3:DeleteObject");
        }
        let ObjectAccess { arn, key } = &self.objects;
        let objects = concatenate([arn.into(), format!("/{}*", self.prefix).into()]);
        let mut access = self.list.clone().and(grant_with_key(actions, [objects], "puts the objects", key.as_ref()));
        if let Some(AssetLocation { bucket, key, .. }) = source {
            let object = concatenate([
                "arn:".into(),
                Expression::partition().into(),
                ":s3:::".into(),
                bucket.clone(),
                "/".into(),
                key.clone(),
            ]);
            access = access.and(Grant::new(["s3:GetObject"], [object], "reads the asset"));
        }
        if let Some(distribution) = &self.distribution {
            let distribution = concatenate([
                "arn:".into(),
                Expression::partition().into(),
                ":cloudfront::".into(),
                Expression::account_id().into(),
                ":distribution/".into(),
                distribution.clone(),
            ]);
            access =
                access.and(Grant::new(["cloudfront:CreateInvalidation"], [distribution], "has objects fetched again"));
        }
        access
    }

    /// Reports what cannot be put.
    fn check(&self, scope: &mut Scope<'_>) {
        if self.source.is_none() && self.files.is_empty() {
            let problem = Problem::error("there are no objects to put");
            scope.report(problem.hint("give a `.folder(…)`, an `.asset(…)` or a `.file(…)`"));
        }
        if self.prefix.starts_with('/') {
            let problem = Problem::error(format!("the prefix `{}` begins with `/`, which keys do not", self.prefix));
            scope.report(problem.hint("leave the `/` at the start out"));
        }
        for (index, (path, _)) in self.files.iter().enumerate() {
            if path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
                let problem = Problem::error(format!("`{path}` cannot be the path of a file"));
                scope.report(problem.hint("name the file from the prefix on, without `/` at its start or end"));
            }
            if self.files[..index].iter().any(|(earlier, _)| earlier == path) {
                scope.report(Problem::error(format!("the file `{path}` is given twice")));
            }
        }
    }
}

fn rule(pattern: Text, value: Value) -> Value {
    Map::from_iter([
        (Text::Borrowed(contract::RULE_PATTERN), pattern.into()),
        (Text::Borrowed(contract::RULE_VALUE), value),
    ])
    .into()
}

impl Construct for BucketObjects {
    type Handle = BucketObjectsHandle;

    fn build(self, scope: &mut Scope<'_>) -> BucketObjectsHandle {
        self.check(scope);
        let source = self.source.clone().map(|source| scope.asset(source));
        let access = self.access(source.as_ref());
        let mut properties = Map::new();
        if let Some(source) = source {
            properties.push(contract::SOURCE_BUCKET, source.bucket);
            properties.push(contract::SOURCE_KEY, source.key);
        }
        properties.push(contract::DESTINATION_BUCKET, self.bucket);
        if !self.prefix.is_empty() {
            properties.push(contract::DESTINATION_PREFIX, self.prefix);
        }
        properties.push(contract::PRUNE, if self.prune { "true" } else { "false" });
        if !self.files.is_empty() {
            let file = |(path, content): (Text, Value)| {
                Value::Map(Map::from_iter([
                    (Text::Borrowed(contract::FILE_PATH), path.into()),
                    (Text::Borrowed(contract::FILE_CONTENT), content),
                ]))
            };
            properties.push(contract::FILES, self.files.into_iter().map(file).collect::<Vec<Value>>());
        }
        for (name, rules) in
            [(contract::CACHE_CONTROL, self.cache_control), (contract::CONTENT_TYPES, self.content_types)]
        {
            if !rules.is_empty() {
                properties.push(name, rules);
            }
        }
        if let Some(distribution) = self.distribution {
            properties.push(contract::DISTRIBUTION_ID, distribution);
        }
        if let Some(paths) = self.invalidation_paths {
            properties.push(contract::INVALIDATION_PATHS, paths);
        }
        properties.extend(self.properties);
        BucketObjectsHandle(add_supported(scope, contract::RESOURCE_TYPE, properties, access, self.attributes))
    }
}

/// Objects that were put: for what must come after them.
#[derive(Debug, Clone)]
pub struct BucketObjectsHandle(ResourceId);

impl BucketObjectsHandle {
    /// The name of the bucket, known once the objects are there.
    pub fn bucket(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.0.clone(), contract::ATTRIBUTE_BUCKET))
    }

    /// How many files were put.
    pub fn file_count(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.0.clone(), contract::ATTRIBUTE_FILES))
    }
}

impl Handle for BucketObjectsHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}
