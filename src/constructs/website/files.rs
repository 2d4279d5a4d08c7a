//! The files of a site.

use stackgen_resources::typed::{Arg, List};
use stackgen_template::{Text, Value};

use super::WebsiteHandle;
use crate::assets::AssetSource;
use crate::constructs::{BucketObjects, BucketObjectsHandle};
use crate::core::{Attributes, Construct, Scope};

/// For files whose names have a hash of their content: they never change.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The files of a [`Website`]: what a build made, and files with values of the stack in them.
///
/// Files that are no longer among them are deleted, and the distribution fetches everything again after a change. Browsers
/// ask whether a file has changed before they show it again, but for those [with a hash](Self::hashed) in their names.
///
/// ```
/// use stackgen::assets::AssetSource;
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("dashboard");
/// let site = stack.add("Site", Website::new());
/// let files = WebsiteFiles::of(&site)
///     .built(AssetSource::Folder("sites/dashboard/dist".into()))
///     .hashed("assets/*")
///     .json_file("config.json", Map::from_iter([("site".into(), site.url().into())]));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct WebsiteFiles {
    objects: BucketObjects,
}

impl WebsiteFiles {
    /// No files yet, for `site`.
    pub fn of(site: &WebsiteHandle) -> Self {
        Self { objects: BucketObjects::to(site.bucket()).prune().invalidate(site.distribution_id()) }
    }

    /// Puts what a site's build made, or a folder.
    pub fn built(mut self, source: AssetSource) -> Self {
        self.objects = self.objects.asset(source);
        self
    }

    /// Says which files have a hash of their content in their names, such as `assets/*`: browsers keep them for a year.
    pub fn hashed(mut self, pattern: impl Into<Text>) -> Self {
        self.objects = self.objects.cache_control(pattern, FOREVER);
        self
    }

    /// Puts a file of JSON that may have values of the stack in it.
    pub fn json_file(mut self, path: impl Into<Text>, content: impl Into<Value>) -> Self {
        self.objects = self.objects.json_file(path, content);
        self
    }

    /// Puts a file with a text that may have values of the stack in it.
    pub fn file(mut self, path: impl Into<Text>, content: impl Arg<String>) -> Self {
        self.objects = self.objects.file(path, content);
        self
    }

    /// Sets `Content-Type` of files whose path matches, where the one known by the ending is wrong.
    pub fn content_type(mut self, pattern: impl Into<Text>, value: impl Arg<String>) -> Self {
        self.objects = self.objects.content_type(pattern, value);
        self
    }

    /// Has the distribution fetch only some paths again: `/*` when not said.
    pub fn invalidation_paths(mut self, paths: impl Arg<List<String>>) -> Self {
        self.objects = self.objects.invalidation_paths(paths);
        self
    }

    /// Gives the custom resource that puts the files its attributes.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.objects = self.objects.with(attributes);
        self
    }

    /// Sets a property of the custom resource that puts the files.
    pub fn raw(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.objects = self.objects.raw(name, value);
        self
    }
}

impl Construct for WebsiteFiles {
    type Handle = BucketObjectsHandle;

    fn build(self, scope: &mut Scope<'_>) -> BucketObjectsHandle {
        // Last, because the first pattern that matches holds.
        self.objects.cache_control("*", "no-cache").build(scope)
    }
}
