//! Resources that a function of one's own makes.

use stackgen_resources::typed::{Arg, Attribute, Handle};
use stackgen_template::{Map, Reference, ResourceId, Text, Value};

use super::FunctionHandle;
use crate::core::{Attributes, Construct, Period, Problem, RawResource, RemovalPolicy, Scope};

/// A resource that a function makes, changes and deletes, when CloudFormation calls it to.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("search");
/// let code = "def handler(event, context):\n    pass\n";
/// let maker = stack.add("IndexMaker", Function::inline(Runtime::Python313, "index.handler", code));
/// let index = stack.add("Index", CustomResource::new("SearchIndex", &maker).property("Name", "papers"));
/// stack.output("Endpoint", index.attribute("Endpoint"));
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
///
/// It is made after the policies that hold what was allowed to the function, and deleted before them.
#[derive(Debug, Clone)]
#[must_use = "a custom resource exists only once it is added to a stack"]
pub struct CustomResource {
    name: Text,
    function: FunctionHandle,
    properties: Map,
    attributes: Attributes,
}

impl CustomResource {
    /// A resource of the type `Custom::<name>`: letters, digits and `_@-`, at most 60.
    pub fn new(name: impl Into<Text>, function: &FunctionHandle) -> Self {
        Self { name: name.into(), function: function.clone(), properties: Map::new(), attributes: Attributes::new() }
    }

    /// Gives the function a property of the resource. Numbers and truth values reach it as text.
    pub fn property(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.properties.insert(name, value);
        self
    }

    /// Gives the function all of `properties`.
    pub fn properties(mut self, properties: Map) -> Self {
        for (name, value) in properties {
            self.properties.insert(name, value);
        }
        self
    }

    /// How long CloudFormation waits for the function's answer: 1 second to 1 hour, which it waits when not set.
    pub fn timeout(self, timeout: impl Arg<Period<1, 3_600>>) -> Self {
        self.property("ServiceTimeout", timeout.into_value())
    }

    /// What becomes of the resource when it is removed from the stack: deleted, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }

    /// Sets the attributes of the resource, such as what it comes after.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the resource: the same as [`property`](Self::property).
    pub fn raw(self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.property(name, value)
    }
}

impl Construct for CustomResource {
    type Handle = CustomResourceHandle;

    fn build(self, scope: &mut Scope<'_>) -> CustomResourceHandle {
        check_name(&self.name, scope);
        let attributes = self.attributes.after_grants_of(self.function.role().id());
        let mut resource = RawResource::new(format!("Custom::{}", self.name)).set("ServiceToken", self.function.arn());
        for (name, value) in self.properties {
            resource = resource.set(name, value);
        }
        CustomResourceHandle(scope.add("Default", resource.with(attributes)).id().clone())
    }
}

fn check_name(name: &str, scope: &mut Scope<'_>) {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_@-".contains(&byte);
    if name.is_empty() || name.len() > 60 || !name.bytes().all(good) {
        let problem = Problem::error(format!("`{name}` cannot be the name of a custom resource's type"));
        scope.report(problem.hint("use 1 to 60 letters, digits, `_`, `@` and `-`; `Custom::` is put before it"));
    }
}

/// A custom resource that was added: what its function answered.
#[derive(Debug, Clone)]
pub struct CustomResourceHandle(ResourceId);

impl CustomResourceHandle {
    /// The physical id that the function gave the resource.
    pub fn reference(&self) -> Attribute {
        Attribute::of(Reference::to(self.0.clone()))
    }

    /// A value of `Data` in the function's answer.
    pub fn attribute(&self, name: impl Into<Text>) -> Attribute {
        Attribute::of(Reference::attribute(self.0.clone(), name))
    }
}

impl Handle for CustomResourceHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::{problems_of, template_of};
    use crate::constructs::{Function, Queue, Runtime};

    fn maker() -> Function {
        Function::inline(Runtime::Python313, "index.handler", "def handler(event, context):\n    pass\n")
    }

    #[test]
    fn a_custom_resource_comes_after_what_its_function_is_allowed() {
        insta::assert_snapshot!(template_of(|stack| {
            let jobs = stack.add("Jobs", Queue::new());
            let maker = stack.add("Maker", maker().allow(jobs.send()));
            let index = stack.add("Index", CustomResource::new("SearchIndex", &maker).property("Jobs", jobs.url()));
            stack.output("Endpoint", index.attribute("Endpoint"));
        }));
    }

    #[test]
    fn names_of_types_are_checked() {
        let problems = problems_of(|stack| {
            let maker = stack.add("Maker", maker());
            stack.add("Index", CustomResource::new("Search Index", &maker));
        });
        assert!(problems.iter().any(|problem| problem.contains("`Search Index`")), "{problems:?}");
    }
}
