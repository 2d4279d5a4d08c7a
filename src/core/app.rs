//! The app: all stacks, and what they share.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;
use std::path::{Path, PathBuf};

use stackgen_schema::Code;
use stackgen_template::{StackId, Text};

use crate::assets::{Architecture, Asset, AssetError, AssetHasher, AssetSource};

use super::stack::StackState;
use super::{AspectResource, Environment, Problem, RemovalPolicy, Scope};

/// A function over every resource of the app.
type Aspect = Box<dyn FnMut(&mut AspectResource<'_>)>;

/// An app: stacks, and the settings that all their constructs share.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("photos");
/// let photos = stack.add("Photos", Bucket::new());
/// stack.output("Bucket", photos.name());
///
/// let synthesis = app.synthesize();
/// assert!(synthesis.problems.is_empty(), "{:?}", synthesis.problems);
/// assert_eq!(synthesis.stacks[0].name, "photos");
/// ```
pub struct App {
    pub(super) stacks: Vec<StackState>,
    pub(super) problems: Vec<Problem>,
    pub(super) aspects: Vec<Aspect>,
    pub(super) suppressions: Vec<(Code, Text)>,
    context: BTreeMap<String, String>,
    tags: Vec<(Text, Text)>,
    environment: Environment,
    removal: Option<RemovalPolicy>,
    root: PathBuf,
    architecture: Architecture,
    assets: AssetHasher,
    pub(super) validate: bool,
}

impl App {
    /// An app without stacks. Paths of assets are taken from the current folder.
    pub fn new() -> Self {
        Self {
            stacks: Vec::new(),
            problems: Vec::new(),
            aspects: Vec::new(),
            suppressions: Vec::new(),
            context: BTreeMap::new(),
            tags: Vec::new(),
            environment: Environment::default(),
            removal: None,
            root: PathBuf::from("."),
            architecture: Architecture::default(),
            assets: AssetHasher::new("."),
            validate: true,
        }
    }

    /// Takes the paths of assets from `root`: the folder with the workspace's `Cargo.lock`.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = root.into();
        self.assets = AssetHasher::new(&self.root);
        self.assets.set_architecture(self.architecture);
        self
    }

    /// Sets a context value, as `-c key=value` does. The key `architecture` sets what functions are built for.
    pub fn set_context(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        if key == "architecture" {
            match value.parse() {
                Ok(architecture) => {
                    self.architecture = architecture;
                    self.assets.set_architecture(architecture);
                }
                Err(error) => self.report(Problem::error(format!("context `architecture`: {error}"))),
            }
        }
        self.context.insert(key, value);
    }

    /// What functions are built for: the context value `architecture`, or x86_64.
    pub fn architecture(&self) -> Architecture {
        self.architecture
    }

    /// A context value.
    pub fn context(&self, key: &str) -> Option<&str> {
        self.context.get(key).map(String::as_str)
    }

    /// Sets the environment of stacks that do not say their own.
    pub fn set_environment(&mut self, environment: Environment) {
        self.environment = environment;
    }

    /// Sets what becomes of resources that hold data, in place of each construct's own default.
    ///
    /// An app for tests would say [`RemovalPolicy::Delete`]. Constructs that were told a policy keep it.
    pub fn set_default_removal(&mut self, policy: RemovalPolicy) {
        self.removal = Some(policy);
    }

    /// What becomes of resources that hold data, when the app says so: see [`App::set_default_removal`].
    pub fn default_removal(&self) -> Option<RemovalPolicy> {
        self.removal
    }

    /// Tags all that is added to the app from now on, where its type has tags.
    pub fn tag(&mut self, key: impl Into<Text>, value: impl Into<Text>) {
        self.tags.push((key.into(), value.into()));
    }

    /// Adds a function that sees every resource at synthesis, and may change it or report on it. Aspects run in the
    /// order in which they were added.
    ///
    /// ```
    /// use stackgen::prelude::*;
    ///
    /// let mut app = App::new();
    /// app.aspect(|resource| {
    ///     if resource.type_name == "AWS::SQS::Queue" && resource.properties.get("KmsMasterKeyId").is_none() {
    ///         resource.warn("queues of this app are encrypted with a key of our own");
    ///     }
    /// });
    /// ```
    pub fn aspect(&mut self, aspect: impl FnMut(&mut AspectResource<'_>) + 'static) {
        self.aspects.push(Box::new(aspect));
    }

    /// Accepts a finding of validation everywhere in the app, and says why.
    pub fn suppress(&mut self, code: Code, reason: impl Into<Text>) {
        self.suppressions.push((code, reason.into()));
    }

    /// Leaves out the validation at synthesis. For measuring; templates that were not validated may not deploy.
    pub fn set_validation(&mut self, validate: bool) {
        self.validate = validate;
    }

    /// Adds a stack, and gives it to add constructs to.
    #[track_caller]
    pub fn stack(&mut self, name: impl Into<String>) -> Scope<'_> {
        let place = Location::caller();
        let name = name.into();
        if !is_stack_name(&name) {
            let problem = Problem::error(format!("`{name}` is not a stack name"))
                .at(place)
                .hint("a stack name begins with a letter, has letters, digits and hyphens, and at most 128 of them");
            self.report(problem);
        }
        if self.stacks.iter().any(|stack| stack.name == name) {
            self.report(Problem::error(format!("the stack `{name}` is added twice")).at(place));
        }
        let id = StackId(u32::try_from(self.stacks.len()).unwrap_or(u32::MAX));
        self.stacks.push(StackState {
            name,
            place: Some(place),
            environment: self.environment.clone(),
            tags: self.tags.clone(),
            ..StackState::default()
        });
        Scope::root(self, id, Some(place))
    }

    /// A stack that was added before, to add more to it.
    #[track_caller]
    pub fn stack_again(&mut self, id: StackId) -> Scope<'_> {
        Scope::root(self, id, Some(Location::caller()))
    }

    /// The folder that paths of assets are taken from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reports a fault; synthesis gives it back with all others.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Hashes what a stack ships.
    pub(super) fn asset(&mut self, source: AssetSource) -> Result<Asset, AssetError> {
        self.assets.asset(source)
    }

    /// The stack of `id`; none when a handle of another app was given.
    pub(super) fn state(&mut self, id: StackId) -> Option<&mut StackState> {
        self.stacks.get_mut(id.0 as usize)
    }

    pub(super) fn stack_name(&self, id: StackId) -> &str {
        self.stacks.get(id.0 as usize).map_or("", |stack| &stack.name)
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stacks: Vec<_> = self.stacks.iter().map(|stack| &stack.name).collect();
        formatter.debug_struct("App").field("stacks", &stacks).field("context", &self.context).finish_non_exhaustive()
    }
}

fn is_stack_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
