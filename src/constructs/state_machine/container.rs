//! States that hold flows of their own.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::{Text, Value};

use super::flow::Workflow;
use super::parameters::Parameters;
use super::path::JsonPath;
use super::state::{StateBody, state_methods};
use crate::constructs::json_text::number;

/// Runs branches side by side. Its result is the list of their results, in their order.
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on: `.next(&state)` or `.end()`"]
pub struct Parallel(StateBody);

impl Parallel {
    /// Runs these branches, one or more.
    pub fn of(branches: impl IntoIterator<Item = Workflow>) -> Self {
        let mut body = StateBody::new("Parallel");
        for branch in branches {
            let branch = branch.within(&mut body, stackgen_template::Map::new());
            body.push("Branches", branch);
        }
        if body.fields.get("Branches").is_none() {
            body.faults.push("a parallel state has no branches".to_owned());
        }
        Self(body)
    }

    /// Makes the input of all branches.
    pub fn parameters(mut self, parameters: Parameters) -> Self {
        self.0.set("Parameters", parameters);
        self
    }

    state_methods!(all);
    state_methods!(result);
    state_methods!(call);
    state_methods!(transition);
}

/// Runs a flow for each item of a list. Its result is the list of the results, in the order of the items.
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on: `.next(&state)` or `.end()`"]
pub struct Map(StateBody);

impl Map {
    /// Runs `workflow` for each item of the list at a path.
    pub fn over(items: JsonPath, workflow: Workflow) -> Self {
        let mut body = StateBody::new("Map");
        body.set_reference("ItemsPath", items);
        let configuration = (Text::Borrowed("ProcessorConfig"), Value::single("Mode", "INLINE"));
        let processor = workflow.within(&mut body, stackgen_template::Map::from_iter([configuration]));
        body.set("ItemProcessor", processor);
        Self(body)
    }

    /// How many items are worked on at once, up to 40; 40 when not said.
    pub fn max_concurrency(mut self, items: impl Arg<Int<1, 40>>) -> Self {
        self.0.set("MaxConcurrency", number(items.into_value()));
        self
    }

    /// Makes the input of each run, in which `$$.Map.Item.Value` is the item.
    pub fn item_selector(mut self, selector: Parameters) -> Self {
        self.0.set("ItemSelector", selector);
        self
    }

    state_methods!(all);
    state_methods!(result);
    state_methods!(call);
    state_methods!(transition);
}
