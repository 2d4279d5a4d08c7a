//! From what was added to finished templates.

use std::collections::{BTreeMap, HashMap};
use std::panic::Location;

use stackgen_schema::{Code, Finding, Options, Suppression, validate, validate_app};
use stackgen_template::{Map, Path, ResourceId, Segment, StackId, Template, Text, Value};

use crate::assets::Asset;

use super::aspect::AspectResource;
use super::resolve::Resolver;
use super::stack::{Claim, ResourceEntry, StackState};
use super::{App, Attributes, Environment, Move, Problem, RemovalPolicy, Severity, TreeNode, tags};

/// What synthesis gives: the stacks in deployment order, and everything that is wrong.
#[derive(Debug)]
pub struct Synthesis {
    /// The stacks, each after those it depends on.
    pub stacks: Vec<SynthesizedStack>,
    /// All faults and findings, in the order of the stacks.
    pub problems: Vec<Problem>,
}

impl Synthesis {
    /// Whether anything keeps the templates from being deployed.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The stack called `name`.
    pub fn stack(&self, name: &str) -> Option<&SynthesizedStack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }
}

/// A stack with its finished template.
#[derive(Debug)]
pub struct SynthesizedStack {
    /// The name of the stack.
    pub name: String,
    /// The finished template.
    pub template: Template,
    /// Names of the stacks to be deployed before it.
    pub dependencies: Vec<String>,
    /// What the stack ships.
    pub assets: Vec<Asset>,
    /// Where it is deployed.
    pub environment: Environment,
    /// Tags of the stack itself.
    pub tags: Vec<(Text, Text)>,
    /// Whether it is protected against deletion.
    pub termination_protection: bool,
    /// Resources that were renamed on purpose.
    pub moves: Vec<Move>,
    /// The constructs, depth first.
    pub tree: Vec<TreeNode>,
    /// Where the user added each resource, by logical id.
    pub places: HashMap<String, &'static Location<'static>>,
}

impl Environment {
    /// The account, when it is fixed.
    pub fn account_id(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The region, when it is fixed.
    pub fn region_name(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

impl App {
    /// Turns what was added into finished, validated templates. Needs no network, credentials, clock or compiler, and
    /// gives the same bytes for the same input.
    pub fn synthesize(mut self) -> Synthesis {
        self.run_aspects();
        let mut resolver = Resolver::new(&self.stacks);
        let (validate_templates, suppressions) = (self.validate, std::mem::take(&mut self.suppressions));
        let mut problems = std::mem::take(&mut self.problems);
        let mut built: Vec<SynthesizedStack> = Vec::with_capacity(self.stacks.len());
        for (index, state) in self.stacks.into_iter().enumerate() {
            let id = StackId(u32::try_from(index).unwrap_or(u32::MAX));
            built.push(build(state, id, &mut resolver, &mut problems));
        }
        for (index, stack) in built.iter_mut().enumerate() {
            let shared: Map = resolver.outputs_of(index).map(|(name, output)| (name.into(), output)).collect();
            if !shared.is_empty() {
                let outputs = stack.template.root_mut().entry_or_insert_with("Outputs", || Value::Map(Map::new()));
                if let Value::Map(outputs) = outputs {
                    for (name, output) in shared {
                        outputs.insert(name, output);
                    }
                }
            }
            stack.dependencies = resolver.dependencies[index].iter().map(|other| resolver.name(*other)).collect();
        }
        for (stack, message, hint) in &resolver.faults {
            problems.push(Problem::error(message.clone()).in_stack(resolver.name(*stack)).hint(*hint));
        }
        let stacks = in_order(built, &resolver, &mut problems);
        if validate_templates {
            find(&stacks, &suppressions, &mut problems);
        }
        Synthesis { stacks, problems }
    }

    fn run_aspects(&mut self) {
        let mut aspects = std::mem::take(&mut self.aspects);
        let mut found = Vec::new();
        for aspect in &mut aspects {
            for stack in &mut self.stacks {
                for entry in &mut stack.resources {
                    let mut said = Vec::new();
                    aspect(&mut AspectResource {
                        stack: &stack.name,
                        path: &entry.path,
                        logical_id: &entry.logical_id,
                        type_name: &entry.type_name,
                        properties: &mut entry.properties,
                        attributes: &mut entry.attributes,
                        tags: &mut entry.tags,
                        problems: &mut said,
                    });
                    for (is_error, message) in said {
                        let problem = if is_error { Problem::error(message) } else { Problem::warning(message) };
                        let mut problem = problem.in_stack(&stack.name).path(&entry.path);
                        problem.place = entry.place;
                        found.push(problem);
                    }
                }
            }
        }
        self.problems.append(&mut found);
    }
}

/// One stack: policies become resources, references are written, sections put in order.
fn build(mut state: StackState, id: StackId, resolver: &mut Resolver, problems: &mut Vec<Problem>) -> SynthesizedStack {
    let policies = add_policies(&mut state, problems);
    check_moves(&state, problems);

    let mut resources = Map::with_capacity(state.resources.len());
    let mut places = HashMap::with_capacity(state.resources.len());
    for mut entry in state.resources {
        tags::apply(&entry.type_name, &mut entry.properties, &entry.tags);
        if let Some(place) = entry.place {
            places.insert(entry.logical_id.to_string(), place);
        }
        let logical_id = Text::Owned(entry.logical_id.to_string());
        resources.push(logical_id, write_resource(entry, id, &policies, resolver));
    }

    let mut template = Template::new();
    let metadata = if state.metadata.is_empty() { None } else { Some(Value::Map(state.metadata)) };
    let transform = match state.transforms.len() {
        0 => None,
        1 => state.transforms.pop().map(Value::from),
        _ => Some(Value::from(state.transforms)),
    };
    let scalars =
        [("Description", state.description.map(Value::from)), ("Metadata", metadata), ("Transform", transform)];
    for (name, value) in scalars {
        if let Some(value) = value {
            template.root_mut().push(name, value);
        }
    }
    let sections = [
        ("Parameters", state.parameters),
        ("Rules", state.rules),
        ("Mappings", state.mappings),
        ("Conditions", state.conditions),
        ("Resources", resources),
        ("Outputs", state.outputs),
    ];
    for (name, mut section) in sections {
        if !section.is_empty() || name == "Resources" {
            resolver.resolve_map(&mut section, id);
            template.root_mut().push(name, section);
        }
    }
    SynthesizedStack {
        name: state.name,
        template,
        dependencies: Vec::new(),
        assets: state.assets,
        environment: state.environment,
        tags: state.tags,
        termination_protection: state.termination_protection,
        moves: state.moves,
        tree: state.tree,
        places,
    }
}

/// Adds the resources of collected policies, and gives their logical ids by owner.
fn add_policies(state: &mut StackState, problems: &mut Vec<Problem>) -> BTreeMap<ResourceId, Vec<String>> {
    let mut by_owner: BTreeMap<ResourceId, Vec<String>> = BTreeMap::new();
    for policy in std::mem::take(&mut state.policies).into_resources() {
        let owner_path = state
            .resources
            .iter()
            .find(|entry| &*entry.logical_id == policy.owner.logical_id())
            .map_or_else(String::new, |entry| entry.path.clone());
        let path = format!("{owner_path}/Policy");
        if let Some(Claim { path: other, .. }) = state.claims.get(policy.logical_id.as_str()) {
            let message =
                format!("the policy of `{owner_path}` and `{other}` have the same logical id `{}`", policy.logical_id);
            let mut problem = Problem::error(message).in_stack(&state.name).hint("give the construct another name");
            problem.place = policy.place;
            problems.push(problem);
        }
        by_owner.entry(policy.owner).or_default().push(policy.logical_id.clone());
        state.tree.push(TreeNode {
            path: path.clone(),
            type_name: Some(policy.type_name.into()),
            logical_id: Some(policy.logical_id.clone()),
        });
        state.resources.push(ResourceEntry {
            logical_id: policy.logical_id.into(),
            path,
            type_name: policy.type_name.into(),
            properties: policy.properties,
            attributes: Attributes::default(),
            tags: Vec::new(),
            place: policy.place,
        });
    }
    by_owner
}

fn check_moves(state: &StackState, problems: &mut Vec<Problem>) {
    let exists = |id: &str| state.resources.iter().any(|entry| entry.logical_id.starts_with(id));
    for Move { from, to } in &state.moves {
        let mut problem = if !exists(to) {
            Problem::error(format!("`{to}` was moved from `{from}`, but does not exist"))
                .hint("the second path of `moved` is the new one, as `stackgen tree` prints it")
        } else if state.resources.iter().any(|entry| &*entry.logical_id == from.as_str()) {
            Problem::error(format!("`{from}` was moved to `{to}`, but still exists"))
                .hint("remove the record of the move, or the construct at the old path")
        } else {
            continue;
        };
        problem.place = state.place;
        problems.push(problem.in_stack(&state.name));
    }
}

fn write_resource(
    entry: ResourceEntry,
    stack: StackId,
    policies: &BTreeMap<ResourceId, Vec<String>>,
    resolver: &mut Resolver,
) -> Map {
    let Attributes {
        depends_on,
        after_grants_of,
        condition,
        removal,
        creation_policy,
        update_policy,
        mut metadata,
        suppressions,
    } = entry.attributes;
    let mut resource = Map::with_capacity(4);
    resource.push("Type", entry.type_name);
    if let Some(condition) = condition {
        resource.push("Condition", condition);
    }
    if !entry.properties.is_empty() {
        resource.push("Properties", entry.properties);
    }
    let mut before: Vec<String> = Vec::new();
    for other in &depends_on {
        if other.stack() == stack {
            before.push(other.logical_id().to_owned());
        } else {
            resolver.dependencies[stack.0 as usize].insert(other.stack().0 as usize);
        }
    }
    before.extend(after_grants_of.iter().filter_map(|role| policies.get(role)).flatten().cloned());
    before.sort();
    before.dedup();
    match before.len() {
        0 => {}
        1 => resource.push("DependsOn", before.remove(0)),
        _ => resource.push("DependsOn", before),
    }
    if let Some(policy) = creation_policy {
        resource.push("CreationPolicy", policy);
    }
    if let Some(policy) = update_policy {
        resource.push("UpdatePolicy", policy);
    }
    if let Some(removal) = removal {
        resource.push("DeletionPolicy", removal.as_str());
        if removal != RemovalPolicy::Delete {
            resource.push("UpdateReplacePolicy", removal.as_str());
        }
    }
    if !suppressions.is_empty() {
        let list = suppressions
            .into_iter()
            .map(|(code, reason)| {
                Map::from_iter([("code".into(), code.as_str().into()), ("reason".into(), reason.into())])
            })
            .map(Value::Map)
            .collect();
        metadata.insert("stackgen", Value::single("suppress", Value::List(list)));
    }
    if !metadata.is_empty() {
        resource.push("Metadata", metadata);
    }
    resource
}

fn in_order(built: Vec<SynthesizedStack>, resolver: &Resolver, problems: &mut Vec<Problem>) -> Vec<SynthesizedStack> {
    match resolver.order() {
        Ok(order) => {
            let mut slots: Vec<_> = built.into_iter().map(Some).collect();
            order.into_iter().filter_map(|index| slots[index].take()).collect()
        }
        Err(circle) => {
            let message = format!("stacks depend on each other in a circle: {}", circle.join(" -> "));
            problems.push(
                Problem::error(message).hint("move what both need to a stack of its own, or make one reference weak"),
            );
            built
        }
    }
}

/// Validates all templates, and says of each finding where the user added the resource.
fn find(stacks: &[SynthesizedStack], suppressions: &[(Code, Text)], problems: &mut Vec<Problem>) {
    let mut options = Options::default();
    for (code, reason) in suppressions {
        options = options.suppress(Suppression::everywhere(*code, reason.as_ref()));
    }
    for stack in stacks {
        let options = match &stack.environment.region {
            Some(region) => options.clone().regions([region.as_str()]),
            None => options.clone(),
        };
        let findings = validate(&stack.template, &options);
        problems.extend(findings.into_iter().map(|finding| problem_of(stack, finding)));
    }
    let templates: Vec<_> = stacks.iter().map(|stack| &stack.template).collect();
    for (index, finding) in validate_app(&templates) {
        problems.push(problem_of(&stacks[index], finding));
    }
}

fn problem_of(stack: &SynthesizedStack, finding: Finding) -> Problem {
    let place = logical_id_of(&finding.path).and_then(|id| stack.places.get(id)).copied();
    Problem {
        severity: finding.severity,
        code: Some(finding.code.as_str()),
        stack: Some(stack.name.clone()),
        path: Some(finding.path.to_string()),
        message: finding.message,
        place,
        hint: finding.hint,
    }
}

/// The resource that a path of a template leads into.
fn logical_id_of(path: &Path) -> Option<&str> {
    match path.segments() {
        [Segment::Key(section), Segment::Key(id), ..] if section == "Resources" => Some(id),
        _ => None,
    }
}
