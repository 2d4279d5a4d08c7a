//! The graph with less in it, for a first look: what watches is left out, and so is where failures end; constructs that are
//! alike are drawn once.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::Kind;
use super::model::{Edge, Graph};

/// How many constructs must be alike to be drawn as one.
const ALIKE: usize = 3;

/// What a construct is but for its name: the nodes in it, and what each is connected to.
type Shape = Vec<(Vec<String>, String, Vec<(bool, Edge, Neighbour)>)>;

/// Constructs of one stack and parent that have the same shape, each with its nodes.
type Groups<'a> = BTreeMap<(&'a str, &'a [String], Shape), Vec<Vec<usize>>>;

/// The other end of an edge: within the construct by its path, outside of it as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Neighbour {
    Inside(Vec<String>),
    Outside(usize),
}

/// The graph for a first look.
pub(super) fn of(graph: Graph) -> Graph {
    let graph = without_watchers(graph);
    let mut left_out = BTreeSet::new();
    let mut names = BTreeMap::new();
    let deepest = graph.nodes.iter().map(|node| node.path.len()).max().unwrap_or_default();
    for depth in 1..=deepest {
        for group in alike(&graph, depth, &left_out) {
            let (first, others) = (&group[0], &group[1..]);
            let name = &graph.nodes[first[0]].path[depth - 1];
            let name = format!("{name} and {} alike", others.len());
            for node in first {
                names.insert((*node, depth - 1), name.clone());
            }
            left_out.extend(others.iter().flatten().copied());
        }
    }
    let mut graph = graph;
    for ((node, part), name) in names {
        graph.nodes[node].path[part] = name;
    }
    graph.retain(|index, _| !left_out.contains(&index))
}

/// Leaves out alarms, and queues that only failures come to.
fn without_watchers(graph: Graph) -> Graph {
    let graph = graph.retain(|_, node| node.kind != Kind::Watch);
    let mut only_failures = BTreeSet::new();
    for index in 0..graph.nodes.len() {
        let mut edges = graph.edges.iter().filter(|((from, to), _)| *from == index || *to == index).peekable();
        let is_end = edges.peek().is_some() && edges.all(|((_, to), edge)| *to == index && *edge == Edge::Failure);
        if is_end && graph.nodes[index].kind == Kind::Channel {
            only_failures.insert(index);
        }
    }
    graph.retain(|index, _| !only_failures.contains(&index))
}

/// Groups of constructs of one parent that are alike, each construct with its nodes, in the order of the app.
fn alike(graph: &Graph, depth: usize, left_out: &BTreeSet<usize>) -> Vec<Vec<Vec<usize>>> {
    let mut constructs: Vec<Vec<usize>> = Vec::new();
    let mut places: BTreeMap<(&str, &[String]), usize> = BTreeMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        if node.path.len() < depth || left_out.contains(&index) {
            continue;
        }
        let place = *places.entry((&node.stack, &node.path[..depth])).or_insert_with(|| {
            constructs.push(Vec::new());
            constructs.len() - 1
        });
        constructs[place].push(index);
    }
    let mut groups = Groups::new();
    for nodes in constructs {
        let node = &graph.nodes[nodes[0]];
        let key = (node.stack.as_str(), &node.path[..depth - 1], shape(graph, depth, &nodes));
        groups.entry(key).or_default().push(nodes);
    }
    groups.into_values().filter(|group| group.len() >= ALIKE).collect()
}

fn shape(graph: &Graph, depth: usize, nodes: &[usize]) -> Shape {
    let within = |node: usize| graph.nodes[node].path[depth..].to_vec();
    let mut shape: Shape = nodes
        .iter()
        .map(|&node| {
            let mut edges: Vec<_> = graph
                .edges
                .iter()
                .filter_map(|(&(from, to), &edge)| {
                    let (leaves, other) = if from == node {
                        (true, to)
                    } else if to == node {
                        (false, from)
                    } else {
                        return None;
                    };
                    let neighbour = if nodes.contains(&other) {
                        Neighbour::Inside(within(other))
                    } else {
                        Neighbour::Outside(other)
                    };
                    Some((leaves, edge, neighbour))
                })
                .collect();
            edges.sort();
            (within(node), graph.nodes[node].type_name.clone(), edges)
        })
        .collect();
    shape.sort();
    shape
}

#[cfg(test)]
mod tests {
    use super::super::model::Node;
    use super::*;

    fn graph(nodes: &[(&str, Kind)]) -> Graph {
        let nodes = nodes.iter().map(|(path, kind)| Node {
            stack: "app".to_owned(),
            logical_id: path.replace('/', ""),
            path: path.split('/').map(str::to_owned).collect(),
            type_name: format!("{kind:?}"),
            kind: *kind,
        });
        Graph { nodes: nodes.collect(), ..Graph::default() }
    }

    fn paths(graph: &Graph) -> Vec<String> {
        graph.nodes.iter().map(|node| node.path.join("/")).collect()
    }

    #[test]
    fn what_is_alike_is_drawn_once_with_its_edges() {
        let mut graph = graph(&[
            ("Data", Kind::Storage),
            ("A/Queue", Kind::Channel),
            ("A/Work", Kind::Compute),
            ("B/Queue", Kind::Channel),
            ("B/Work", Kind::Compute),
            ("C/Queue", Kind::Channel),
            ("C/Work", Kind::Compute),
            ("D/Queue", Kind::Channel),
            ("D/Work", Kind::Compute),
        ]);
        for queue in [1, 3, 5, 7] {
            graph.connect(queue, queue + 1, Edge::Data);
        }
        // The last one writes to what the others only read.
        for work in [2, 4, 6] {
            graph.connect(0, work, Edge::Data);
        }
        graph.connect(8, 0, Edge::Data);
        let small = of(graph);
        let alike = "A and 2 alike";
        let expected = ["Data", &format!("{alike}/Queue"), &format!("{alike}/Work"), "D/Queue", "D/Work"];
        assert_eq!(paths(&small), expected);
        assert_eq!(small.edges.len(), 4);
    }

    #[test]
    fn alarms_and_ends_of_failures_are_left_out_and_other_queues_are_not() {
        let mut graph = graph(&[
            ("Work", Kind::Compute),
            ("Lost", Kind::Channel),
            ("Alarm", Kind::Watch),
            ("Jobs", Kind::Channel),
            ("Idle", Kind::Channel),
        ]);
        graph.connect(0, 1, Edge::Failure);
        graph.connect(1, 2, Edge::Data);
        graph.connect(3, 0, Edge::Data);
        assert_eq!(paths(&of(graph)), ["Work", "Jobs", "Idle"]);
    }
}
