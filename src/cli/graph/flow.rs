//! From templates to a graph: which way data goes, told from properties and permissions.

use std::collections::{BTreeMap, BTreeSet};

use stackgen_template::{ResourceView, Value};

use crate::core::SynthesizedStack;

use super::index::{Index, ResourceKey};
use super::kind::Kind;
use super::model::{Edge, Graph, Node};
use super::role::{permissions, roles_of};

/// What a property says of the resources that it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Data goes to them.
    Gives,
    /// Data comes from them.
    Takes,
    /// Data comes from them, unless something else says how the two are connected.
    Uses,
    /// Failures go to them.
    Fails,
    /// Nothing that is drawn.
    Nothing,
}

/// The graph of all stacks.
pub(super) fn graph(stacks: &[SynthesizedStack]) -> Graph {
    let index = Index::of(stacks);
    let resources: Vec<(usize, ResourceView<'_>)> = stacks
        .iter()
        .enumerate()
        .flat_map(|(number, stack)| stack.template.resources().map(move |resource| (number, resource)))
        .collect();
    let mut drawing = Drawing { index: &index, graph: Graph::default(), nodes: BTreeMap::new() };
    drawing.add_nodes(stacks, &resources);
    for (stack, resource) in &resources {
        drawing.connect_part(*stack, *resource);
    }
    drawing.connect_by_permissions(&resources);
    let mut used = Vec::new();
    for (stack, resource) in &resources {
        drawing.connect_by_properties(*stack, *resource, &mut used);
    }
    for (from, to) in used {
        if !drawing.graph.are_connected(from, to) {
            drawing.graph.connect(from, to, Edge::Data);
        }
    }
    drawing.graph
}

struct Drawing<'a> {
    index: &'a Index<'a>,
    graph: Graph,
    /// The node of each resource that is drawn.
    nodes: BTreeMap<ResourceKey<'a>, usize>,
}

impl<'a> Drawing<'a> {
    fn add_nodes(&mut self, stacks: &[SynthesizedStack], resources: &[(usize, ResourceView<'a>)]) {
        let providers = providers(self.index, resources);
        let paths: Vec<BTreeMap<&str, &str>> = stacks
            .iter()
            .map(|stack| {
                stack.tree.iter().filter_map(|node| Some((node.logical_id.as_deref()?, &*node.path))).collect()
            })
            .collect();
        for (stack, resource) in resources {
            let key = (*stack, resource.logical_id);
            let type_name = resource.type_name().unwrap_or_default();
            let kind = Kind::of_type(type_name);
            if kind == Kind::Hidden || providers.contains(&key) {
                continue;
            }
            let path = paths[*stack].get(resource.logical_id).copied().unwrap_or(resource.logical_id);
            let mut path: Vec<String> = path.split('/').filter(|name| *name != "Default").map(str::to_owned).collect();
            if path.is_empty() {
                path.push(resource.logical_id.to_owned());
            }
            self.nodes.insert(key, self.graph.nodes.len());
            self.graph.nodes.push(Node {
                stack: stacks[*stack].name.clone(),
                logical_id: resource.logical_id.to_owned(),
                path,
                type_name: type_name.to_owned(),
                kind,
            });
        }
    }

    /// The nodes that a value refers to. A part stands for what it is a part of.
    fn nodes_of(&self, value: Option<&'a Value>, stack: usize) -> BTreeSet<usize> {
        let mut nodes = BTreeSet::new();
        let mut open: Vec<_> =
            value.map(|value| self.index.referred(value, stack)).unwrap_or_default().into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(key) = open.pop() {
            if !seen.insert(key) {
                continue;
            }
            if let Some(node) = self.nodes.get(&key) {
                nodes.insert(*node);
            } else if let Some(resource) = self.index.resource(key)
                && let Some(property) = resource.type_name().and_then(Kind::owner_property)
                && let Some(owner) = resource.property(property)
            {
                open.extend(self.index.referred(owner, key.0));
            }
        }
        nodes
    }

    fn connect_all(&mut self, from: &BTreeSet<usize>, to: &BTreeSet<usize>, edge: Edge) {
        for from in from {
            for to in to {
                self.graph.connect(*from, *to, edge);
            }
        }
    }

    /// Resources that only say how two others are connected.
    fn connect_part(&mut self, stack: usize, resource: ResourceView<'a>) {
        let nodes = |drawing: &Self, property: &str| drawing.nodes_of(resource.property(property), stack);
        let (from, to) = match resource.type_name() {
            Some("AWS::Lambda::EventSourceMapping") => (nodes(self, "EventSourceArn"), nodes(self, "FunctionName")),
            Some("AWS::Lambda::Permission") => (nodes(self, "SourceArn"), nodes(self, "FunctionName")),
            Some("AWS::SNS::Subscription") => (nodes(self, "TopicArn"), nodes(self, "Endpoint")),
            Some("AWS::ApiGatewayV2::Integration") => (nodes(self, "ApiId"), nodes(self, "IntegrationUri")),
            Some("AWS::ApiGateway::Method") => (nodes(self, "RestApiId"), nodes(self, "Integration")),
            Some("AWS::Lambda::EventInvokeConfig") => {
                let function = nodes(self, "FunctionName");
                let destinations = resource.property("DestinationConfig");
                let failed = self.nodes_of(destinations.and_then(|config| config.get("OnFailure")), stack);
                self.connect_all(&function, &failed, Edge::Failure);
                (function, self.nodes_of(destinations.and_then(|config| config.get("OnSuccess")), stack))
            }
            _ => return,
        };
        self.connect_all(&from, &to, Edge::Data);
    }

    /// Who acts under a role gives to and takes from what the role may write and read.
    fn connect_by_permissions(&mut self, resources: &[(usize, ResourceView<'a>)]) {
        let permissions = permissions(self.index, resources);
        for (stack, resource) in resources {
            let Some(actor) = self.nodes.get(&(*stack, resource.logical_id)).copied() else { continue };
            // Several schedules may share a role: where one names its target, its role says no more.
            if ["Target", "Targets"].iter().any(|name| !self.nodes_of(resource.property(name), *stack).is_empty()) {
                continue;
            }
            for role in roles_of(self.index, *stack, resource.properties()) {
                for (target, direction) in permissions.get(&role).into_iter().flatten() {
                    let Some(target) = self.nodes.get(target).copied() else { continue };
                    // What sends its failures to a queue is allowed to send to it: that is no data.
                    let is_failure = self.graph.edges.get(&(actor, target)) == Some(&Edge::Failure)
                        || self.sends_failures(*stack, *resource, target);
                    if direction.write {
                        self.graph.connect(actor, target, if is_failure { Edge::Failure } else { Edge::Data });
                    }
                    if direction.read {
                        self.graph.connect(target, actor, Edge::Data);
                    }
                }
            }
        }
    }

    fn sends_failures(&self, stack: usize, resource: ResourceView<'a>, target: usize) -> bool {
        let mut goals = Vec::new();
        for (name, value) in resource.properties().into_iter().flatten() {
            goals_of_failures(name, value, &mut goals);
        }
        goals.into_iter().any(|value| self.nodes_of(Some(value), stack).contains(&target))
    }

    fn connect_by_properties(&mut self, stack: usize, resource: ResourceView<'a>, used: &mut Vec<(usize, usize)>) {
        let Some(own) = self.nodes.get(&(stack, resource.logical_id)).copied() else { return };
        let type_name = resource.type_name().unwrap_or_default();
        for (name, value) in resource.properties().into_iter().flatten() {
            let meaning = meaning(type_name, name);
            self.connect_property(stack, own, name, value, meaning, used);
        }
    }

    fn connect_property(
        &mut self,
        stack: usize,
        own: usize,
        name: &'a str,
        value: &'a Value,
        meaning: Meaning,
        used: &mut Vec<(usize, usize)>,
    ) {
        let mut failures = Vec::new();
        goals_of_failures(name, value, &mut failures);
        let failed: BTreeSet<usize> = failures.iter().flat_map(|value| self.nodes_of(Some(value), stack)).collect();
        for other in &failed {
            self.graph.connect(own, *other, Edge::Failure);
        }
        for other in self.nodes_of(Some(value), stack) {
            if failed.contains(&other) {
                continue;
            }
            match meaning {
                Meaning::Gives => self.graph.connect(own, other, Edge::Data),
                Meaning::Takes => self.graph.connect(other, own, Edge::Data),
                Meaning::Fails => self.graph.connect(own, other, Edge::Failure),
                Meaning::Uses => used.push((other, own)),
                Meaning::Nothing => {}
            }
        }
    }
}

/// What a property of a type says of the resources that it refers to.
fn meaning(type_name: &str, property: &str) -> Meaning {
    match (type_name, property) {
        ("AWS::Events::Rule", "Targets")
        | ("AWS::Scheduler::Schedule" | "AWS::Pipes::Pipe", "Target")
        | ("AWS::S3::Bucket", "NotificationConfiguration" | "LoggingConfiguration" | "ReplicationConfiguration")
        | (
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm",
            "AlarmActions" | "OKActions" | "InsufficientDataActions",
        )
        | ("AWS::CloudFront::Distribution", "Logging")
        | ("AWS::StepFunctions::StateMachine", "LoggingConfiguration")
        | ("AWS::Athena::WorkGroup", "WorkGroupConfiguration" | "WorkGroupConfigurationUpdates")
        | ("AWS::ImageBuilder::DistributionConfiguration", "Distributions")
        | ("AWS::SNS::Topic", "Subscription") => Meaning::Gives,
        ("AWS::Events::Rule", "EventPattern")
        | ("AWS::CloudFront::Distribution", "DistributionConfig")
        | ("AWS::Pipes::Pipe", "Source")
        | ("AWS::CloudWatch::Alarm", "Dimensions" | "Metrics") => Meaning::Takes,
        ("AWS::StepFunctions::StateMachine", "Definition" | "DefinitionString" | "DefinitionSubstitutions") => {
            Meaning::Nothing
        }
        ("AWS::SQS::Queue", "RedrivePolicy") | ("AWS::Lambda::Function", "DeadLetterConfig") => Meaning::Fails,
        ("AWS::SQS::Queue", "RedriveAllowPolicy") | (_, "Tags") => Meaning::Nothing,
        _ => Meaning::Uses,
    }
}

/// The values below `value` that say where failures go.
fn goals_of_failures<'a>(name: &str, value: &'a Value, goals: &mut Vec<&'a Value>) {
    if ["DeadLetterConfig", "RedrivePolicy", "OnFailure"].contains(&name) {
        goals.push(value);
        return;
    }
    match value {
        Value::List(items) => items.iter().for_each(|item| goals_of_failures("", item, goals)),
        Value::Map(map) => map.iter().for_each(|(name, value)| goals_of_failures(name, value, goals)),
        _ => {}
    }
}

/// The functions behind custom resources: they work for the deployment, not for the system that is drawn.
fn providers<'a>(index: &Index<'a>, resources: &[(usize, ResourceView<'a>)]) -> BTreeSet<ResourceKey<'a>> {
    resources
        .iter()
        .filter_map(|(stack, resource)| Some((*stack, resource.property("ServiceToken")?)))
        .flat_map(|(stack, token)| index.referred(token, stack))
        .collect()
}
