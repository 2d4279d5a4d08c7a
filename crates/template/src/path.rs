//! Where a value stands in a document.

use std::fmt;

use crate::{Text, Value};

/// One step of a [`Path`]: into a mapping by key, or into a list by index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The value of a key.
    Key(Text),
    /// The item at an index, from 0.
    Index(usize),
}

impl fmt::Display for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => formatter.write_str(key),
            Self::Index(index) => index.fmt(formatter),
        }
    }
}

impl From<&'static str> for Segment {
    fn from(key: &'static str) -> Self {
        Self::Key(Text::Borrowed(key))
    }
}

impl From<String> for Segment {
    fn from(key: String) -> Self {
        Self::Key(Text::Owned(key))
    }
}

impl From<Text> for Segment {
    fn from(key: Text) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The way from the root of a document to one of its values.
///
/// ```
/// use stackgen_template::Path;
///
/// let path = Path::root().key("Resources").key("Bucket").key("Properties").key("Tags").index(0).key("Key");
/// assert_eq!(path.to_string(), "Resources/Bucket/Properties/Tags/0/Key");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path {
    segments: Vec<Segment>,
}

impl Path {
    /// The path of the whole document.
    pub const fn root() -> Self {
        Self { segments: Vec::new() }
    }

    /// The path one step further: the value of `key`.
    #[must_use]
    pub fn key(mut self, key: impl Into<Text>) -> Self {
        self.segments.push(Segment::Key(key.into()));
        self
    }

    /// The path one step further: the item at `index`.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.segments.push(Segment::Index(index));
        self
    }

    /// Goes one step further, in place.
    pub fn push(&mut self, segment: impl Into<Segment>) {
        self.segments.push(segment.into());
    }

    /// Goes one step back, in place. The root stays the root.
    pub fn pop(&mut self) -> Option<Segment> {
        self.segments.pop()
    }

    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether this is the path of the whole document.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// The path of the mapping or list that holds the value; none for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, parents) = self.segments.split_last()?;
        Some(Self { segments: parents.to_vec() })
    }

    /// Whether this path is `other` or leads to something inside it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.segments.starts_with(&other.segments)
    }
}

impl<S: Into<Segment>> FromIterator<S> for Path {
    fn from_iter<I: IntoIterator<Item = S>>(segments: I) -> Self {
        Self { segments: segments.into_iter().map(Into::into).collect() }
    }
}

impl<S: Into<Segment>> Extend<S> for Path {
    fn extend<I: IntoIterator<Item = S>>(&mut self, segments: I) {
        self.segments.extend(segments.into_iter().map(Into::into));
    }
}

impl fmt::Display for Path {
    /// Writes the steps with slashes between them. The text is for people: a key that holds a slash is not marked.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments.iter().enumerate() {
            if position > 0 {
                formatter.write_str("/")?;
            }
            segment.fmt(formatter)?;
        }
        Ok(())
    }
}

/// A path under construction while a document is walked, which costs nothing until it is asked for.
///
/// Each step lives on the stack of the walk and knows the one before it.
///
/// ```
/// use stackgen_template::Trail;
///
/// let root = Trail::root();
/// let resources = root.key("Resources");
/// let bucket = resources.key("Bucket");
/// assert_eq!(bucket.to_path().to_string(), "Resources/Bucket");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Trail<'a>(Option<Step<'a>>);

#[derive(Debug, Clone, Copy)]
struct Step<'a> {
    parent: &'a Trail<'a>,
    segment: StepSegment<'a>,
}

#[derive(Debug, Clone, Copy)]
enum StepSegment<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    /// The trail at the root of the document.
    pub const fn root() -> Self {
        Self(None)
    }

    /// The trail at the value of `key`.
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self(Some(Step { parent: self, segment: StepSegment::Key(key) }))
    }

    /// The trail at the item at `index`.
    pub const fn index(&'a self, index: usize) -> Self {
        Self(Some(Step { parent: self, segment: StepSegment::Index(index) }))
    }

    /// The number of steps from the root.
    pub fn depth(&self) -> usize {
        let mut depth = 0;
        let mut trail = self;
        while let Some(step) = &trail.0 {
            depth += 1;
            trail = step.parent;
        }
        depth
    }

    /// The path, to keep.
    pub fn to_path(&self) -> Path {
        let mut segments = Vec::with_capacity(self.depth());
        let mut trail = self;
        while let Some(step) = &trail.0 {
            segments.push(match step.segment {
                StepSegment::Key(key) => Segment::from(key.to_owned()),
                StepSegment::Index(index) => Segment::Index(index),
            });
            trail = step.parent;
        }
        segments.reverse();
        Path { segments }
    }
}

impl Value {
    /// The value at `path`, seen from this one.
    pub fn at(&self, path: &Path) -> Option<&Self> {
        self.descend(path.segments())
    }

    pub(crate) fn descend(&self, segments: &[Segment]) -> Option<&Self> {
        segments.iter().try_fold(self, |value, segment| match (value, segment) {
            (Self::Map(map), Segment::Key(key)) => map.get(key),
            (Self::List(items), Segment::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    /// The value at `path`, seen from this one, to change.
    pub fn at_mut(&mut self, path: &Path) -> Option<&mut Self> {
        path.segments().iter().try_fold(self, |value, segment| match (value, segment) {
            (Self::Map(map), Segment::Key(key)) => map.get_mut(key),
            (Self::List(items), Segment::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sample() -> Value {
        Value::single("Tags", Value::List(vec![Value::single("Key", "stage")]))
    }

    #[test]
    fn a_path_finds_its_value() {
        let path = Path::root().key("Tags").index(0).key("Key");
        assert_eq!(sample().at(&path), Some(&Value::from("stage")));
        assert_eq!(sample().at(&Path::root()), Some(&sample()));
        assert_eq!(sample().at(&Path::root().index(0)), None, "a mapping has no index");
        assert_eq!(sample().at(&Path::root().key("Tags").index(1)), None);
    }

    #[test]
    fn a_value_is_changed_at_its_path() {
        let mut value = sample();
        *value.at_mut(&Path::root().key("Tags").index(0).key("Key")).unwrap() = Value::from("owner");
        assert_eq!(value.at(&Path::root().key("Tags").index(0).key("Key")), Some(&Value::from("owner")));
    }

    #[test]
    fn a_trail_becomes_the_same_path() {
        let root = Trail::root();
        assert!(root.to_path().is_root());
        let tags = root.key("Tags");
        let first = tags.index(0);
        let key = first.key("Key");
        assert_eq!(key.to_path(), Path::root().key("Tags").index(0).key("Key"));
        assert_eq!(key.depth(), 3);
    }

    #[test]
    fn parents_and_prefixes() {
        let path = Path::root().key("Resources").key("Bucket");
        let parent = path.parent().unwrap();
        assert_eq!(parent.to_string(), "Resources");
        assert!(path.starts_with(&parent) && !parent.starts_with(&path));
        assert_eq!(Path::root().parent(), None);
    }
}
