//! Which pages of other sites may use a bucket.

use stackgen_resources::typed::{Arg, Int, List};
use stackgen_template::{Map, Text, Value};

pub use stackgen_resources::s3::bucket::AllowedMethod as BucketMethod;

/// Which requests a browser may send to a bucket from pages of other sites.
///
/// ```
/// use stackgen::prelude::*;
///
/// let upload = CorsRule::new([BucketMethod::Put], ["https://genome.example.org"]).allowed_headers(["content-type"]);
/// let genome = Bucket::new().cors(upload);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule does nothing until it is given to a bucket"]
pub struct CorsRule {
    rule: Map,
}

impl CorsRule {
    /// Allows requests of certain methods from pages of certain origins, such as `https://example.org`.
    pub fn new(methods: impl Arg<List<BucketMethod>>, origins: impl Arg<List<String>>) -> Self {
        let rule = Map::from_iter([
            (Text::Borrowed("AllowedMethods"), methods.into_value()),
            (Text::Borrowed("AllowedOrigins"), origins.into_value()),
        ]);
        Self { rule }
    }

    /// Which headers a request may have, beside those that every request may.
    pub fn allowed_headers(mut self, headers: impl Arg<List<String>>) -> Self {
        self.rule.insert("AllowedHeaders", headers.into_value());
        self
    }

    /// Which headers of the answer a page may see, such as `ETag`.
    pub fn exposed_headers(mut self, headers: impl Arg<List<String>>) -> Self {
        self.rule.insert("ExposedHeaders", headers.into_value());
        self
    }

    /// For how many seconds a browser need not ask again.
    pub fn max_age_seconds(mut self, seconds: impl Arg<Int<0, 86_400>>) -> Self {
        self.rule.insert("MaxAge", seconds.into_value());
        self
    }

    /// The rule as it stands in a bucket's properties.
    pub(super) fn into_value(self) -> Value {
        self.rule.into()
    }
}
