//! A place in a stack where constructs are added.

use std::panic::Location;
use std::sync::Arc;

use stackgen_resources::typed::Handle;
use stackgen_template::{Map, Reference, ResourceId, StackId, Text, Value};

use crate::assets::{AssetLocation, AssetSource};

use super::stack::{Claim, ResourceEntry, StackState, TreeNode};
use super::{
    App, Attributes, ConditionHandle, Construct, Environment, Grant, Grantee, Identifier, Move, ParameterHandle,
    PolicyTarget, Problem, Statement, logical_id,
};

/// A stack, or a scope nested in one: where constructs are added.
///
/// Adding never fails: what is wrong is collected with the caller's file and line, and reported together by synthesis.
#[derive(Debug)]
pub struct Scope<'a> {
    app: &'a mut App,
    stack: StackId,
    /// Names from the stack down, with `/` between them.
    path: String,
    /// What logical ids begin with.
    prefix: String,
    place: Option<&'static Location<'static>>,
}

impl<'a> Scope<'a> {
    pub(super) fn root(app: &'a mut App, stack: StackId, place: Option<&'static Location<'static>>) -> Self {
        Self { app, stack, path: String::new(), prefix: String::new(), place }
    }

    /// Adds a construct under `id` and gives its handle.
    #[track_caller]
    pub fn add<C: Construct>(&mut self, id: impl Into<Identifier>, construct: C) -> C::Handle {
        let place = self.place_of(Location::caller());
        let mut inner = self.nested(id.into(), place);
        construct.build(&mut inner)
    }

    /// A scope below this one: its name comes before those of what is added to it.
    #[track_caller]
    pub fn scope(&mut self, id: impl Into<Identifier>) -> Scope<'_> {
        let place = self.place_of(Location::caller());
        self.nested(id.into(), place)
    }

    /// The construct that the whole stack shares under `id`: added to the stack itself at the first call, and given
    /// again at every later one, from whichever scope.
    ///
    /// ```
    /// use stackgen::prelude::*;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("jobs");
    /// let dead = || RawResource::new("AWS::SQS::Queue");
    /// stack.scope("One").singleton("DeadLetters", dead);
    /// stack.scope("Two").singleton("DeadLetters", dead);
    /// assert_eq!(app.synthesize().stacks[0].template.resources().count(), 1);
    /// ```
    #[track_caller]
    pub fn singleton<C>(&mut self, id: &'static str, construct: impl FnOnce() -> C) -> C::Handle
    where
        C: Construct,
        C::Handle: Clone + 'static,
    {
        let place = self.place_of(Location::caller());
        let state = self.state();
        if let Some(handle) = state.singletons.get(id).and_then(|handle| handle.downcast_ref::<C::Handle>()) {
            return handle.clone();
        }
        let nodes = state.tree.len();
        let stack = self.stack;
        let handle = construct().build(&mut Scope::root(self.app, stack, None).nested(id.into(), place));
        let top = self.path.split('/').next().unwrap_or_default().to_owned();
        let state = self.state();
        state.singletons.insert(id, Box::new(handle.clone()));
        // In the tree it stands before the construct that first needed it, not among that one's parts.
        let added = state.tree.split_off(nodes);
        let index = state.tree.iter().position(|node| node.path == top).unwrap_or(nodes);
        state.tree.splice(index..index, added);
        handle
    }

    fn nested(&mut self, id: Identifier, place: &'static Location<'static>) -> Scope<'_> {
        let path = if self.path.is_empty() { id.name.to_string() } else { format!("{}/{}", self.path, id.name) };
        if id.name.is_empty() || id.name.contains('/') {
            let problem = Problem::error(format!("`{}` cannot be the name of a construct", id.name))
                .at(place)
                .hint("a name has at least one letter or digit, and no `/`");
            self.report(problem);
        }
        let prefix = match id.logical_id {
            Some(logical_id) => logical_id,
            None => logical_id::join(&self.prefix, &id.name),
        };
        if id.name != "Default" {
            self.state().tree.push(TreeNode { path: path.clone(), type_name: None, logical_id: None });
        }
        Scope { stack: self.stack, path, prefix, place: Some(place), app: self.app }
    }

    /// Constructs of this library say where the user added them, not where the library adds their parts.
    fn place_of(&self, caller: &'static Location<'static>) -> &'static Location<'static> {
        match self.place {
            Some(place) if crate::constructs::is_own_source(caller.file()) => place,
            _ => caller,
        }
    }

    /// Adds the resource that this scope stands for. Constructs call [`Scope::add`] with a typed or raw resource instead.
    pub(super) fn insert_resource(
        &mut self,
        type_name: impl Into<Text>,
        properties: Map,
        attributes: Attributes,
    ) -> ResourceId {
        let type_name = type_name.into();
        let logical_id: Arc<str> = self.prefix.as_str().into();
        self.claim(&logical_id);
        let (path, place) = (self.path.clone(), self.place);
        let state = self.state();
        let node = TreeNode {
            path: path.clone(),
            type_name: Some(type_name.clone()),
            logical_id: Some(logical_id.to_string()),
        };
        match state.tree.last_mut() {
            Some(last) if last.path == path && last.type_name.is_none() => *last = node,
            _ => state.tree.push(node),
        }
        let tags = state.tags.clone();
        state.resources.push(ResourceEntry {
            logical_id: logical_id.clone(),
            path,
            type_name,
            properties,
            attributes,
            tags,
            place,
        });
        ResourceId::new(self.stack, logical_id)
    }

    /// Takes a logical id, or reports that it is taken.
    fn claim(&mut self, logical_id: &Arc<str>) {
        if !logical_id::is_valid(logical_id) {
            let problem = Problem::error(format!("`{logical_id}` is not a logical id"))
                .hint("a logical id has letters and digits only, at least one and at most 255");
            self.report(problem);
            return;
        }
        let claim = Claim { path: self.path.clone(), place: self.place };
        let previous = self.state().claims.insert(logical_id.clone(), claim);
        if let Some(previous) = previous {
            let earlier = previous
                .place
                .map(|place| format!(" at {}:{}:{}", place.file(), place.line(), place.column()))
                .unwrap_or_default();
            let message = if previous.path == self.path {
                format!("`{}` is added twice: first{earlier}", self.path)
            } else {
                format!(
                    "`{}` and `{}` have the same logical id `{logical_id}`: the first is added{earlier}",
                    previous.path, self.path
                )
            };
            self.report(Problem::error(message).hint("give one of them another name"));
            self.state().claims.insert(logical_id.clone(), previous);
        }
    }

    /// Adds a parameter of the stack, called `name` whatever the scope. `definition` is a
    /// [`Parameter`](stackgen_template::Parameter).
    #[track_caller]
    pub fn parameter(&mut self, name: impl Into<Text>, definition: impl Into<Value>) -> ParameterHandle {
        let name = name.into();
        self.claim_name(&name, Location::caller());
        self.state().parameters.insert(name.clone(), definition.into());
        ParameterHandle(ResourceId::new(self.stack, &*name))
    }

    /// Adds a condition of the stack, called `name` whatever the scope.
    #[track_caller]
    pub fn condition(&mut self, name: impl Into<Text>, condition: impl Into<Value>) -> ConditionHandle {
        let name = name.into();
        self.claim_name(&name, Location::caller());
        self.state().conditions.insert(name.clone(), condition.into());
        ConditionHandle(name)
    }

    /// Adds a mapping of the stack: two levels of keys, to be read with
    /// [`Expression::find_in_map`](stackgen_template::Expression::find_in_map).
    #[track_caller]
    pub fn mapping(&mut self, name: impl Into<Text>, mapping: impl Into<Value>) {
        let name = name.into();
        self.claim_name(&name, Location::caller());
        self.state().mappings.insert(name, mapping.into());
    }

    /// Adds a rule of the stack, which checks parameters before a deployment.
    pub fn rule(&mut self, name: impl Into<Text>, rule: impl Into<Value>) {
        self.state().rules.insert(name, rule.into());
    }

    fn claim_name(&mut self, name: &Text, caller: &'static Location<'static>) {
        let (path, place) = (std::mem::take(&mut self.path), self.place);
        self.path = name.to_string();
        self.place = Some(self.place_of(caller));
        self.claim(&Arc::from(&**name));
        self.path = path;
        self.place = place;
    }

    /// Adds an output of the stack: a value that `stackgen outputs` prints after a deployment.
    #[track_caller]
    pub fn output(&mut self, name: impl Into<Text>, value: impl Into<Value>) {
        let place = self.place_of(Location::caller());
        let name = name.into();
        let definition = Map::from_iter([(Text::Borrowed("Value"), value.into())]);
        self.insert_output(&name, definition.into(), place);
    }

    /// Adds an output with a description, a condition or an export of its own name.
    #[track_caller]
    pub fn output_with(&mut self, name: impl Into<Text>, definition: impl Into<Value>) {
        let place = self.place_of(Location::caller());
        self.insert_output(&name.into(), definition.into(), place);
    }

    fn insert_output(&mut self, name: &Text, definition: Value, place: &'static Location<'static>) {
        let replaced = self.state().outputs.insert(name.clone(), definition);
        if replaced.is_some() {
            self.report(Problem::error(format!("the output `{name}` is added twice")).at(place));
        }
    }

    /// Gives access to whoever has a role: `stack.allow(&function, bucket.read())`.
    #[track_caller]
    pub fn allow(&mut self, grantee: &impl Grantee, grant: Grant) {
        let place = self.place_of(Location::caller());
        self.allow_role_at(grantee.role_id(), grant, place);
    }

    /// Gives access to a role.
    #[track_caller]
    pub fn allow_role(&mut self, role: &impl Handle, grant: Grant) {
        let place = self.place_of(Location::caller());
        self.allow_role_at(role.id(), grant, place);
    }

    fn allow_role_at(&mut self, role: &ResourceId, grant: Grant, place: &'static Location<'static>) {
        // The policy stands beside the role, wherever the grant was written.
        let Some(state) = self.app.state(role.stack()) else {
            return self.report(foreign(role).at(place));
        };
        let policy = state.policies.role(role, Some(place));
        for statement in grant.statements {
            policy.push(statement);
        }
    }

    /// Adds a statement to the policy of a bucket, queue or topic.
    #[track_caller]
    pub fn resource_policy(&mut self, target: PolicyTarget, statement: Statement) {
        let place = self.place_of(Location::caller());
        match self.app.state(target.resource().stack()) {
            Some(state) => state.policies.target(target, Some(place)).push(statement),
            None => self.report(foreign(target.resource()).at(place)),
        }
    }

    /// Changes a resource that was added before: the escape hatch of every construct.
    ///
    /// ```
    /// use stackgen::prelude::*;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("jobs");
    /// let queue = stack.add("Jobs", RawResource::new("AWS::SQS::Queue"));
    /// stack.modify(&queue, |properties, _| {
    ///     properties.insert("DelaySeconds", 5);
    /// });
    /// ```
    pub fn modify(&mut self, resource: &impl Handle, change: impl FnOnce(&mut Map, &mut Attributes)) {
        let id = resource.id();
        let Some(state) = self.app.state(id.stack()) else {
            return self.report(foreign(id));
        };
        if let Some(entry) = state.resources.iter_mut().rev().find(|entry| &*entry.logical_id == id.logical_id()) {
            let mut attributes = std::mem::take(&mut entry.attributes);
            change(&mut entry.properties, &mut attributes);
            entry.attributes = attributes;
        }
    }

    /// Tags what is added to the stack from now on, where its type has tags.
    pub fn tag(&mut self, key: impl Into<Text>, value: impl Into<Text>) {
        let tag = (key.into(), value.into());
        self.state().tags.push(tag);
    }

    /// Describes the stack, at most 1,024 bytes.
    pub fn description(&mut self, description: impl Into<Text>) {
        self.state().description = Some(description.into());
    }

    /// Fixes the account or region that the stack is deployed to.
    pub fn environment(&mut self, environment: Environment) {
        self.state().environment = environment;
    }

    /// Protects the stack against being deleted.
    pub fn termination_protection(&mut self) {
        self.state().termination_protection = true;
    }

    /// Adds a transform that CloudFormation applies to the template, such as `AWS::LanguageExtensions`.
    pub fn transform(&mut self, name: impl Into<Text>) {
        let name = name.into();
        let state = self.state();
        if !state.transforms.contains(&name) {
            state.transforms.push(name);
        }
    }

    /// Adds an entry to the `Metadata` of the template.
    pub fn metadata(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.state().metadata.insert(key, value);
    }

    /// Records that a resource was moved or renamed on purpose: paths from the stack down, as `stackgen tree` prints them.
    ///
    /// The new path must exist and the old one must not: synthesis checks it. Diff and deploy then keep the resource.
    pub fn moved(&mut self, from: &str, to: &str) {
        let id = |path: &str| path.split('/').fold(String::new(), |prefix, name| logical_id::join(&prefix, name));
        let record = Move { from: id(from), to: id(to) };
        self.state().moves.push(record);
    }

    /// Ships a file, folder or function with the stack, and says where it will be.
    #[track_caller]
    pub fn asset(&mut self, source: AssetSource) -> AssetLocation {
        let place = self.place_of(Location::caller());
        match self.app.asset(source) {
            Ok(asset) => {
                let location = asset.location();
                let state = self.state();
                if !state.assets.contains(&asset) {
                    state.assets.push(asset);
                }
                location
            }
            Err(error) => {
                let hint = error.hint().map(str::to_owned);
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
                let mut problem = Problem::error(format!("{error}{cause}")).at(place);
                problem.hint = hint;
                self.report(problem);
                AssetLocation::missing()
            }
        }
    }

    /// A context value of the app: what `-c key=value` gave.
    pub fn context(&self, key: &str) -> Option<&str> {
        self.app.context(key)
    }

    /// Reports a fault of the construct that is being added. The place is where the user added it, unless the problem
    /// says another.
    pub fn report(&mut self, mut problem: Problem) {
        problem.place = problem.place.or(self.place);
        let path = self.path.clone();
        if problem.stack.is_none() {
            problem.stack = Some(self.stack_name().to_owned());
        }
        if problem.path.is_none() && !path.is_empty() {
            problem.path = Some(path);
        }
        self.app.report(problem);
    }

    /// The name of the stack.
    pub fn stack_name(&self) -> &str {
        self.app.stack_name(self.stack)
    }

    /// Which stack this is.
    pub fn stack_id(&self) -> StackId {
        self.stack
    }

    /// The path of names from the stack down; empty for the stack itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The app, for settings that all constructs share.
    pub fn app(&self) -> &App {
        self.app
    }

    /// Makes this stack deploy after another, beyond what references demand.
    pub fn deploy_after(&mut self, other: StackId) {
        let index = other.0 as usize;
        let state = self.state();
        if !state.dependencies.contains(&index) {
            state.dependencies.push(index);
        }
    }

    /// The `Ref` of a resource or parameter of any stack of the app.
    pub fn reference(&self, id: &ResourceId) -> Value {
        Reference::to(id.clone()).into()
    }

    fn state(&mut self) -> &mut StackState {
        self.app.state(self.stack).expect("a scope is only made for a stack of its own app")
    }
}

/// A handle that another app gave: its stack may have the number of one of ours, or none.
fn foreign(id: &ResourceId) -> Problem {
    Problem::error(format!("`{}` is a resource of another app", id.logical_id()))
        .hint("use handles only in the app whose stack gave them")
}
