//! The lines and columns of a document that was read.

use std::fmt;

use crate::{Path, Segment};

/// A place in a text: line and column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The character in its line, from 1.
    pub column: u32,
}

impl Place {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    /// Writes `line:column`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// The place of every key and value of a document that was read.
///
/// The nodes stand in document order in one list, each with the length of what belongs to it, so that a look-up skips
/// whole subtrees. Keys are kept as hashes: the list needs neither the document nor its text, and what a program
/// changes in the document after reading has no place, rather than a wrong one.
#[derive(Debug, Clone, Default)]
pub struct Places {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    place: Place,
    /// How many nodes this one and everything inside it take.
    length: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Scalar,
    List,
    /// Holds entries, each a key followed by its value.
    Map,
    Key(u64),
}

impl Places {
    /// The place where the value at `path` begins.
    ///
    /// In YAML, a value that is written as an alias is placed where the anchor stands, a function in its short form at
    /// its tag, a block of text at its first line, and a list whose dashes stand right below its key at its first item.
    pub fn of(&self, path: &Path) -> Option<Place> {
        Some(self.nodes[self.find(path)?].place)
    }

    /// The place of the key whose value is at `path`; of the item itself when the path ends at a list's item.
    pub fn of_key(&self, path: &Path) -> Option<Place> {
        let position = self.find(path)?;
        match path.segments().last()? {
            Segment::Key(_) => Some(self.nodes[position - 1].place),
            Segment::Index(_) => Some(self.nodes[position].place),
        }
    }

    /// The place of the value at `path`, or of the nearest value around it that the text has.
    ///
    /// This is for reports on something that is absent: a missing property is reported at its resource.
    pub fn nearest(&self, path: &Path) -> Option<Place> {
        let mut path = path.clone();
        loop {
            if let Some(place) = self.of_key(&path).or_else(|| self.of(&path)) {
                return Some(place);
            }
            path.pop()?;
        }
    }

    /// The number of keys and values that have a place.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing has a place, as when the document was not read from a text.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn find(&self, path: &Path) -> Option<usize> {
        let mut position = 0;
        self.nodes.first()?;
        for segment in path.segments() {
            let node = self.nodes[position];
            let end = position + node.length as usize;
            position += 1;
            match (segment, node.kind) {
                (Segment::Key(key), Kind::Map) => {
                    let wanted = hash(key);
                    loop {
                        if position >= end {
                            return None;
                        }
                        if matches!(self.nodes[position].kind, Kind::Key(key) if key == wanted) {
                            position += 1;
                            break;
                        }
                        position += 1 + self.nodes[position + 1].length as usize;
                    }
                }
                (Segment::Index(index), Kind::List) => {
                    for _ in 0..*index {
                        if position >= end {
                            return None;
                        }
                        position += self.nodes[position].length as usize;
                    }
                    if position >= end {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        Some(position)
    }
}

/// Writes down places while a reader goes through a text.
#[derive(Debug, Default)]
pub(crate) struct PlaceRecorder {
    nodes: Vec<Node>,
}

/// A list or mapping whose end was not reached yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open(usize);

impl PlaceRecorder {
    pub(crate) fn scalar(&mut self, place: Place) {
        self.nodes.push(Node { place, length: 1, kind: Kind::Scalar });
    }

    pub(crate) fn key(&mut self, place: Place, key: &str) {
        self.nodes.push(Node { place, length: 1, kind: Kind::Key(hash(key)) });
    }

    pub(crate) fn open_list(&mut self, place: Place) -> Open {
        self.nodes.push(Node { place, length: 1, kind: Kind::List });
        Open(self.nodes.len() - 1)
    }

    pub(crate) fn open_map(&mut self, place: Place) -> Open {
        self.nodes.push(Node { place, length: 1, kind: Kind::Map });
        Open(self.nodes.len() - 1)
    }

    pub(crate) fn close(&mut self, open: Open) {
        let length = self.nodes.len() - open.0;
        self.nodes[open.0].length = u32::try_from(length).unwrap_or(u32::MAX);
    }

    /// The place of the key of the entry at `index` of a mapping whose end was not reached yet.
    pub(crate) fn key_place(&self, open: Open, index: usize) -> Place {
        let mut position = open.0 + 1;
        for _ in 0..index {
            position += 1 + self.nodes[position + 1].length as usize;
        }
        self.nodes[position].place
    }

    /// How many nodes were recorded so far: the mark for [`Self::since`] and [`Self::take_since`].
    #[cfg(feature = "yaml")]
    pub(crate) fn mark(&self) -> usize {
        self.nodes.len()
    }

    /// A copy of what was recorded since a mark, which must be whole nodes.
    #[cfg(feature = "yaml")]
    pub(crate) fn since(&self, mark: usize) -> Recorded {
        Recorded(self.nodes[mark..].to_vec())
    }

    /// Takes back what was recorded since a mark, which must be whole nodes.
    #[cfg(feature = "yaml")]
    pub(crate) fn take_since(&mut self, mark: usize) -> Recorded {
        Recorded(self.nodes.split_off(mark))
    }

    /// Records again what was recorded before.
    #[cfg(feature = "yaml")]
    pub(crate) fn repeat(&mut self, recorded: &Recorded) {
        self.nodes.extend_from_slice(&recorded.0);
    }

    pub(crate) fn finish(self) -> Places {
        Places { nodes: self.nodes }
    }
}

/// The places of one value, or of one entry of a mapping.
#[cfg(feature = "yaml")]
#[derive(Debug, Clone)]
pub(crate) struct Recorded(Vec<Node>);

#[cfg(feature = "yaml")]
impl Recorded {
    /// The number of keys and values.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The places of the entries of a mapping, key and value together.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Self> {
        self.children(1)
    }

    /// The places of the items of a list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> {
        self.children(0)
    }

    /// The nodes below the first, cut before each child, which has `keys` nodes in front of its value.
    fn children(&self, keys: usize) -> impl Iterator<Item = Self> {
        let mut position = 1;
        std::iter::from_fn(move || {
            let value = self.0.get(position + keys)?;
            let end = position + keys + value.length as usize;
            let child = self.0[position..end].to_vec();
            position = end;
            Some(Self(child))
        })
    }
}

/// FNV-1a: short, and good enough to tell the keys of one mapping apart.
fn hash(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u32, column: u32) -> Place {
        Place { line, column }
    }

    /// `{"A": [1, {"B": 2}], "C": 3}`
    fn sample() -> Places {
        let mut recorder = PlaceRecorder::default();
        let root = recorder.open_map(place(1, 1));
        recorder.key(place(1, 2), "A");
        let list = recorder.open_list(place(1, 7));
        recorder.scalar(place(1, 8));
        let map = recorder.open_map(place(1, 11));
        recorder.key(place(1, 12), "B");
        recorder.scalar(place(1, 17));
        recorder.close(map);
        recorder.close(list);
        recorder.key(place(1, 22), "C");
        recorder.scalar(place(1, 27));
        recorder.close(root);
        recorder.finish()
    }

    #[test]
    fn every_node_is_found() {
        let places = sample();
        let root = Path::root;
        assert_eq!(places.of(&root()), Some(place(1, 1)));
        assert_eq!(places.of(&root().key("A").index(0)), Some(place(1, 8)));
        assert_eq!(places.of(&root().key("A").index(1).key("B")), Some(place(1, 17)));
        assert_eq!(places.of_key(&root().key("A").index(1).key("B")), Some(place(1, 12)));
        assert_eq!(places.of(&root().key("C")), Some(place(1, 27)));
        assert_eq!(places.of_key(&root().key("C")), Some(place(1, 22)));
        assert_eq!(places.of_key(&root().key("A").index(0)), Some(place(1, 8)));
    }

    #[test]
    fn what_is_absent_has_no_place_but_a_nearest_one() {
        let places = sample();
        let root = Path::root;
        assert_eq!(places.of(&root().key("X")), None);
        assert_eq!(places.of(&root().key("A").index(2)), None);
        assert_eq!(places.of(&root().key("A").key("B")), None);
        assert_eq!(places.of(&root().key("C").index(0)), None);
        assert_eq!(places.nearest(&root().key("A").index(1).key("X").key("Y")), Some(place(1, 11)));
        assert_eq!(places.nearest(&root().key("X")), Some(place(1, 1)));
        assert_eq!(Places::default().nearest(&root().key("X")), None);
    }
}
