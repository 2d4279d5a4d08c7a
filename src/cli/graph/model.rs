//! The graph: nodes, and edges in the direction in which data flows.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::Kind;

/// The resources of an app that are drawn, and how data flows between them.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Between indexes of nodes.
    pub(super) edges: BTreeMap<(usize, usize), Edge>,
}

/// A resource that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) stack: String,
    pub(super) logical_id: String,
    /// The names of the constructs around it and its own.
    pub(super) path: Vec<String>,
    pub(super) type_name: String,
    pub(super) kind: Kind,
}

/// How data flows from one node to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edge {
    /// Only what failed goes this way.
    Failure,
    /// Data goes this way.
    Data,
    /// Data goes both ways; there is no edge back.
    Both,
}

impl Graph {
    /// Adds an edge. Data in both directions becomes one edge, and what fails is not drawn beside what flows.
    pub(super) fn connect(&mut self, from: usize, to: usize, edge: Edge) {
        if from == to {
            return;
        }
        let back = self.edges.get(&(to, from)).copied();
        if back == Some(Edge::Both) {
            return;
        }
        if edge == Edge::Data && back == Some(Edge::Data) {
            self.edges.insert((to, from), Edge::Both);
            return;
        }
        if edge == Edge::Data && back == Some(Edge::Failure) {
            self.edges.remove(&(to, from));
        }
        let known = self.edges.entry((from, to)).or_insert(edge);
        *known = (*known).max(edge);
    }

    /// Whether the nodes are connected in either direction.
    pub(super) fn are_connected(&self, one: usize, other: usize) -> bool {
        self.edges.contains_key(&(one, other)) || self.edges.contains_key(&(other, one))
    }

    /// The graph of some of the stacks.
    #[must_use]
    pub(super) fn keep(self, is_kept: impl Fn(&str) -> bool) -> Self {
        self.retain(|_, node| is_kept(&node.stack))
    }

    /// The graph of some of the nodes, and the edges between them.
    #[must_use]
    pub(super) fn retain(self, is_kept: impl Fn(usize, &Node) -> bool) -> Self {
        let mut places = BTreeMap::new();
        let mut nodes = Vec::new();
        for (index, node) in self.nodes.into_iter().enumerate() {
            if is_kept(index, &node) {
                places.insert(index, nodes.len());
                nodes.push(node);
            }
        }
        let edges = self
            .edges
            .into_iter()
            .filter_map(|((from, to), edge)| Some(((*places.get(&from)?, *places.get(&to)?), edge)))
            .collect();
        Self { nodes, edges }
    }

    /// The stacks, each with its clusters and nodes.
    pub(super) fn clusters(&self) -> Vec<Cluster> {
        let mut stacks: Vec<Cluster> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let position = stacks.iter().position(|stack| stack.name == node.stack).unwrap_or_else(|| {
                stacks.push(Cluster { id: node.stack.clone(), name: node.stack.clone(), ..Cluster::default() });
                stacks.len() - 1
            });
            stacks[position].place(&node.path, index);
        }
        for stack in &mut stacks {
            stack.dissolve_small();
        }
        stacks
    }

    /// What a node is called within its cluster.
    pub(super) fn label(&self, node: usize, cluster: &Cluster) -> String {
        let path = &self.nodes[node].path;
        let own = &path[cluster.depth.min(path.len().saturating_sub(1))..];
        own.join(" ")
    }
}

/// A frame of the drawing: a stack, or a construct that holds several nodes.
#[derive(Debug, Clone, Default)]
pub(super) struct Cluster {
    /// The stack and the path, for identifiers.
    pub(super) id: String,
    pub(super) name: String,
    /// How many names of a path lead to it.
    pub(super) depth: usize,
    pub(super) nodes: BTreeSet<usize>,
    pub(super) clusters: Vec<Cluster>,
}

impl Cluster {
    fn place(&mut self, path: &[String], node: usize) {
        let Some(name) = path.get(self.depth) else {
            self.nodes.insert(node);
            return;
        };
        let position = self.clusters.iter().position(|cluster| cluster.name == *name).unwrap_or_else(|| {
            let (id, depth) = (format!("{}/{name}", self.id), self.depth + 1);
            self.clusters.push(Cluster { id, name: name.clone(), depth, ..Cluster::default() });
            self.clusters.len() - 1
        });
        self.clusters[position].place(path, node);
    }

    /// Takes the nodes of clusters of fewer than two nodes to this one.
    fn dissolve_small(&mut self) {
        let mut kept = Vec::new();
        for mut cluster in std::mem::take(&mut self.clusters) {
            cluster.dissolve_small();
            if cluster.size() < 2 {
                self.nodes.append(&mut cluster.nodes);
                kept.append(&mut cluster.clusters);
            } else if cluster.nodes.is_empty() && cluster.clusters.len() == 1 {
                // A frame around a frame says nothing.
                kept.append(&mut cluster.clusters);
            } else {
                kept.push(cluster);
            }
        }
        self.clusters = kept;
    }

    fn size(&self) -> usize {
        self.nodes.len() + self.clusters.iter().map(Self::size).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(paths: &[&str]) -> Graph {
        let nodes = paths
            .iter()
            .map(|path| Node {
                stack: "app".to_owned(),
                logical_id: path.replace('/', ""),
                path: path.split('/').map(str::to_owned).collect(),
                type_name: "AWS::SQS::Queue".to_owned(),
                kind: Kind::Channel,
            })
            .collect();
        Graph { nodes, ..Graph::default() }
    }

    #[test]
    fn data_both_ways_is_one_edge() {
        let mut graph = graph(&["A", "B"]);
        graph.connect(0, 1, Edge::Failure);
        graph.connect(0, 1, Edge::Data);
        graph.connect(1, 0, Edge::Data);
        graph.connect(1, 0, Edge::Data);
        graph.connect(1, 1, Edge::Data);
        assert_eq!(graph.edges, BTreeMap::from([((0, 1), Edge::Both)]));
    }

    #[test]
    fn frames_hold_at_least_two_nodes() {
        let graph = graph(&["Alone/Queue", "Jobs", "Jobs/DeadLetters", "Out/In/One", "Out/In/Two"]);
        let [stack] = &*graph.clusters() else { panic!("one stack") };
        assert_eq!(stack.nodes, BTreeSet::from([0]));
        let names: Vec<_> = stack.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster.nodes.len())).collect();
        assert_eq!(names, [("Jobs", 2), ("In", 2)]);
        assert_eq!(graph.label(0, stack), "Alone Queue");
        assert_eq!(graph.label(2, &stack.clusters[0]), "DeadLetters");
        assert_eq!(graph.label(1, &stack.clusters[0]), "Jobs");
    }

    #[test]
    fn edges_to_stacks_that_are_left_out_are_left_out() {
        let mut graph = graph(&["A", "B", "C"]);
        graph.nodes[1].stack = "other".to_owned();
        graph.connect(0, 1, Edge::Data);
        graph.connect(0, 2, Edge::Data);
        let kept = graph.keep(|stack| stack == "app");
        assert_eq!(kept.nodes.len(), 2);
        assert_eq!(kept.edges, BTreeMap::from([((0, 1), Edge::Data)]));
    }
}
