//! The properties of the two resource types, checked.

use std::fmt;

use serde_json::{Map, Value};
use stackgen_contract::support::{bucket_objects as names, empty_bucket};

use crate::archive::is_plain_path;

/// What `Custom::BucketObjects` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketObjects {
    /// Bucket and key of the asset; none when all files are generated.
    pub source: Option<(String, String)>,
    /// Bucket that gets the files.
    pub bucket: String,
    /// What every key begins with: empty, or with a `/` at its end.
    pub prefix: String,
    /// Whether files that are not in the set are deleted.
    pub prune: bool,
    /// Files beside those of the asset.
    pub files: Vec<GeneratedFile>,
    /// `Cache-Control` by path; the first that matches holds.
    pub cache_control: Vec<Rule>,
    /// `Content-Type` by path; the first that matches holds.
    pub content_types: Vec<Rule>,
    /// Distribution whose cache is invalidated.
    pub distribution: Option<String>,
    /// Paths to invalidate.
    pub invalidation_paths: Vec<String>,
}

/// A file whose content is in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path below the prefix.
    pub path: String,
    /// Its content.
    pub content: String,
}

/// A header for the paths of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The pattern, in which `*` stands for any characters.
    pub pattern: String,
    /// The value of the header.
    pub value: String,
}

/// What `Custom::EmptyBucket` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyBucket {
    /// The bucket.
    pub bucket: String,
}

impl BucketObjects {
    /// Reads the properties of a request.
    ///
    /// # Errors
    /// Every property that is missing, unknown or wrong.
    pub fn read(properties: &Map<String, Value>) -> Result<Self, PropertyErrors> {
        let mut reader = Reader { properties, errors: Vec::new() };
        reader.known(&[
            names::SOURCE_BUCKET,
            names::SOURCE_KEY,
            names::DESTINATION_BUCKET,
            names::DESTINATION_PREFIX,
            names::PRUNE,
            names::FILES,
            names::CACHE_CONTROL,
            names::CONTENT_TYPES,
            names::DISTRIBUTION_ID,
            names::INVALIDATION_PATHS,
        ]);
        let source = match (reader.text(names::SOURCE_BUCKET), reader.text(names::SOURCE_KEY)) {
            (Some(bucket), Some(key)) => Some((bucket, key)),
            (None, None) => None,
            _ => {
                reader.error(format!("`{}` and `{}` go together", names::SOURCE_BUCKET, names::SOURCE_KEY));
                None
            }
        };
        let bucket = reader.required(names::DESTINATION_BUCKET);
        let prefix = reader.text(names::DESTINATION_PREFIX).unwrap_or_default();
        // Without the slash, pruning `site` would take `site-archive/…` for its own.
        if !(prefix.is_empty() || prefix.strip_suffix('/').is_some_and(is_plain_path)) {
            reader.error(format!("`{}` must be a plain path with a `/` at its end", names::DESTINATION_PREFIX));
        }
        let prune = reader.boolean(names::PRUNE);
        let files: Vec<_> = reader
            .pairs(names::FILES, names::FILE_PATH, names::FILE_CONTENT)
            .into_iter()
            .map(|(path, content)| GeneratedFile { path, content })
            .collect();
        if let Some(file) = files.iter().find(|file| !is_plain_path(&file.path)) {
            reader.error(format!("`{}`: `{}` is no plain relative path", names::FILES, file.path));
        }
        if source.is_none() && files.is_empty() {
            reader.error(format!(
                "there is nothing to copy: neither `{}` nor `{}`",
                names::SOURCE_BUCKET,
                names::FILES
            ));
        }
        let cache_control = reader.rules(names::CACHE_CONTROL);
        let content_types = reader.rules(names::CONTENT_TYPES);
        let distribution = reader.text(names::DISTRIBUTION_ID);
        let mut invalidation_paths = reader.texts(names::INVALIDATION_PATHS);
        if let Some(path) = invalidation_paths.iter().find(|path| !path.starts_with('/')) {
            reader.error(format!("`{}`: `{path}` must begin with a `/`", names::INVALIDATION_PATHS));
        }
        if invalidation_paths.is_empty() {
            invalidation_paths.push("/*".to_owned());
        }
        reader.finish(Self {
            source,
            bucket,
            prefix,
            prune,
            files,
            cache_control,
            content_types,
            distribution,
            invalidation_paths,
        })
    }
}

impl EmptyBucket {
    /// Reads the properties of a request.
    ///
    /// # Errors
    /// Every property that is missing, unknown or wrong.
    pub fn read(properties: &Map<String, Value>) -> Result<Self, PropertyErrors> {
        let mut reader = Reader { properties, errors: Vec::new() };
        reader.known(&[empty_bucket::BUCKET]);
        let bucket = reader.required(empty_bucket::BUCKET);
        reader.finish(Self { bucket })
    }
}

/// Everything wrong with the properties of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyErrors(Vec<String>);

impl fmt::Display for PropertyErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "wrong properties: {}", self.0.join("; "))
    }
}

impl std::error::Error for PropertyErrors {}

struct Reader<'a> {
    properties: &'a Map<String, Value>,
    errors: Vec<String>,
}

impl Reader<'_> {
    fn error(&mut self, message: String) {
        self.errors.push(message);
    }

    fn known(&mut self, names: &[&str]) {
        // CloudFormation adds these two itself.
        let added = ["ServiceToken", "ServiceTimeout"];
        for name in self.properties.keys() {
            if !names.contains(&name.as_str()) && !added.contains(&name.as_str()) {
                self.errors.push(format!("`{name}` is unknown"));
            }
        }
    }

    /// A text that is not empty, if it is there.
    fn text(&mut self, name: &str) -> Option<String> {
        match self.properties.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            _ => {
                self.error(format!("`{name}` must be text"));
                None
            }
        }
    }

    fn required(&mut self, name: &str) -> String {
        let before = self.errors.len();
        let text = self.text(name);
        if text.is_none() && self.errors.len() == before {
            self.error(format!("`{name}` is missing"));
        }
        text.unwrap_or_default()
    }

    /// CloudFormation hands a boolean over as text; one that is called by hand may have it as it is.
    fn boolean(&mut self, name: &str) -> bool {
        match self.properties.get(name) {
            None => false,
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) if text == "true" => true,
            Some(Value::String(text)) if text == "false" => false,
            Some(_) => {
                self.error(format!("`{name}` must be `true` or `false`"));
                false
            }
        }
    }

    fn list(&mut self, name: &str) -> Vec<Value> {
        match self.properties.get(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            Some(_) => {
                self.error(format!("`{name}` must be a list"));
                Vec::new()
            }
        }
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        let items = self.list(name);
        let texts: Vec<_> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
        if texts.len() < items.len() {
            self.error(format!("`{name}` must be a list of texts"));
        }
        texts
    }

    /// A list of mappings with two texts each.
    fn pairs(&mut self, name: &str, first: &str, second: &str) -> Vec<(String, String)> {
        let items = self.list(name);
        let text = |item: &Value, key| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let pairs: Vec<_> = items.iter().filter_map(|item| Some((text(item, first)?, text(item, second)?))).collect();
        if pairs.len() < items.len() {
            self.error(format!("`{name}` must be a list of mappings with the texts `{first}` and `{second}`"));
        }
        pairs
    }

    fn rules(&mut self, name: &str) -> Vec<Rule> {
        let pairs = self.pairs(name, names::RULE_PATTERN, names::RULE_VALUE);
        pairs.into_iter().map(|(pattern, value)| Rule { pattern, value }).collect()
    }

    fn finish<T>(self, properties: T) -> Result<T, PropertyErrors> {
        if self.errors.is_empty() { Ok(properties) } else { Err(PropertyErrors(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn read(properties: Value) -> Result<BucketObjects, String> {
        let Value::Object(properties) = properties else { panic!("not an object") };
        BucketObjects::read(&properties).map_err(|errors| errors.to_string())
    }

    #[test]
    fn all_properties_are_read() {
        let properties = read(json!({
            "ServiceToken": "arn", "SourceBucket": "assets", "SourceKey": "k.zip", "DestinationBucket": "site",
            "DestinationPrefix": "a/b/", "Prune": "true", "Files": [{"Path": "config.json", "Content": "{}"}],
            "CacheControl": [{"Pattern": "*", "Value": "no-cache"}], "ContentTypes": [], "DistributionId": "E1",
            "InvalidationPaths": ["/x"],
        }))
        .unwrap();
        assert_eq!(properties.source, Some(("assets".into(), "k.zip".into())));
        assert_eq!((properties.prefix.as_str(), properties.prune), ("a/b/", true));
        assert_eq!(properties.cache_control, [Rule { pattern: "*".into(), value: "no-cache".into() }]);
        assert_eq!(properties.invalidation_paths, ["/x"]);
    }

    #[test]
    fn little_is_required() {
        let properties = read(json!({"SourceBucket": "a", "SourceKey": "k", "DestinationBucket": "b"})).unwrap();
        assert!(!properties.prune && properties.prefix.is_empty() && properties.distribution.is_none());
        assert_eq!(properties.invalidation_paths, ["/*"]);
    }

    #[test]
    fn all_errors_come_at_once() {
        let error = read(json!({
            "SourceKey": "k", "DestinationPrefix": "site", "Prune": "yes", "Files": [{"Path": "a"}], "CacheControl": "x",
            "InvalidationPaths": ["x"], "Purge": "true",
        }))
        .unwrap_err();
        assert_eq!(
            error,
            "wrong properties: `Purge` is unknown; `SourceBucket` and `SourceKey` go together; `DestinationBucket` is missing; \
             `DestinationPrefix` must be a plain path with a `/` at its end; `Prune` must be `true` or `false`; `Files` must be \
             a list of mappings with the texts `Path` and `Content`; there is nothing to copy: neither `SourceBucket` nor \
             `Files`; `CacheControl` must be a list; `InvalidationPaths`: `x` must begin with a `/`"
        );
        let error = read(json!({"DestinationBucket": 7, "Files": [{"Path": "../a", "Content": ""}]})).unwrap_err();
        assert_eq!(
            error,
            "wrong properties: `DestinationBucket` must be text; `Files`: `../a` is no plain relative path"
        );
    }
}
