//! What differs, as data: the result of a comparison and the input of every renderer.

use stackgen_template::{Path, Section, Value};

use super::access::{AccessChange, Exposure, NetworkChange};
use super::change_kind::ChangeKind;

/// What differs between two sets of stacks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// The stacks that were compared, those without a difference included.
    pub stacks: Vec<StackChanges>,
}

/// What becomes of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StackChange {
    /// There was none of this name.
    Added,
    /// There is none of this name any more.
    Removed,
    /// There was one and there is one.
    #[default]
    Compared,
}

/// What differs between two templates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackChanges {
    /// The name of the stack; of a nested one, the logical id of its resource.
    pub name: String,
    /// What becomes of the stack as a whole.
    pub change: StackChange,
    /// Resources that differ, and those that a replacement elsewhere reaches: in the order of the new template, with
    /// removed ones at the end.
    pub resources: Vec<ResourceChange>,
    /// Entries of all other sections that differ.
    pub entries: Vec<EntryChange>,
    /// What is allowed or denied that was not before, and the other way round.
    pub access: Vec<AccessChange>,
    /// What networks can be reached that could not before, and the other way round.
    pub network: Vec<NetworkChange>,
    /// What becomes reachable by everyone, or no longer is.
    pub exposures: Vec<Exposure>,
    /// Resources that may be the same ones under another logical id.
    pub suggested_moves: Vec<SuggestedMove>,
    /// What the reader must know beyond the differences, the gravest first.
    pub notices: Vec<Notice>,
}

/// What CloudFormation will do to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing: only what the stack knows of it differs, such as its logical id or its deletion policy.
    None,
    /// It is made.
    Create,
    /// An existing resource becomes part of the stack.
    Import,
    /// It is updated, and stays the same resource.
    Update,
    /// It is updated, or a new one takes its place: that depends on what cannot be known here.
    MayReplace,
    /// A new one is made and the old one deleted, or left alone as its `UpdateReplacePolicy` says.
    Replace,
    /// It leaves the stack and is not deleted.
    Retain,
    /// It is deleted, and a snapshot stays.
    Snapshot,
    /// It is deleted.
    Delete,
}

/// What the change of one property does to its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing: the value concerns the stack, not the resource.
    None,
    /// The resource is updated in place.
    InPlace,
    /// The resource may be replaced.
    MayReplace,
    /// The resource is replaced.
    Replaces,
}

/// A resource that differs, or that a replacement elsewhere reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceChange {
    /// The logical id: the new one, or the old one of a removed resource.
    pub logical_id: String,
    /// The logical id it had, when a record of the app says that it was moved.
    pub moved_from: Option<String>,
    /// The resource type.
    pub type_name: String,
    /// The resource type it had, when that differs. CloudFormation refuses such a change.
    pub previous_type: Option<String>,
    /// What becomes of the entry in the template.
    pub kind: ChangeKind,
    /// What CloudFormation will do.
    pub action: Action,
    /// Whether data is lost.
    pub data: DataRisk,
    /// What differs, for a resource that both templates hold.
    pub properties: Vec<PropertyChange>,
    /// What elsewhere in the template reaches this resource.
    pub causes: Vec<Cause>,
    /// What differs in the template of a nested stack.
    pub nested: Option<Box<StackChanges>>,
}

/// Whether the data that a resource holds is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataRisk {
    /// The resource holds none, or keeps it.
    None,
    /// It is kept by a policy, `Retain` or `Snapshot`, though the resource is deleted or replaced.
    Kept,
    /// It is lost if the resource is replaced or deleted, which cannot be known here.
    MayBeLost,
    /// It is lost.
    Lost,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyChange {
    /// Where it stands, seen from the resource or entry. Items of lists have their index in the new template, removed ones
    /// theirs in the old one; inside a JSON document that is written as text, the path goes on.
    pub path: Path,
    /// The path for people: items of lists that have a name are called by it, as in `Properties.Tags[Team].Value`.
    pub label: String,
    /// The value before; none when it was absent.
    pub before: Option<Value>,
    /// The value now; none when it is absent.
    pub after: Option<Value>,
    /// What the change does to the resource.
    pub effect: Effect,
}

/// Something elsewhere in the template whose change reaches a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What changes.
    pub source: CauseSource,
    /// The property that refers to it, for people.
    pub label: String,
    /// Whether it certainly becomes another one; else that depends on what cannot be known here.
    pub is_certain: bool,
    /// What that does to the resource.
    pub effect: Effect,
}

/// What a property refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseSource {
    /// A resource that is replaced, or may be.
    Resource(String),
    /// A parameter with another default, which counts where a deployment gives no value.
    Parameter(String),
    /// A mapping with other values.
    Mapping(String),
    /// A condition that is another one now.
    Condition(String),
}

impl CauseSource {
    /// The name of what changes.
    pub fn name(&self) -> &str {
        match self {
            Self::Resource(name) | Self::Parameter(name) | Self::Mapping(name) | Self::Condition(name) => name,
        }
    }

    /// What it is, in one word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Resource(_) => "resource",
            Self::Parameter(_) => "parameter",
            Self::Mapping(_) => "mapping",
            Self::Condition(_) => "condition",
        }
    }
}

/// An entry of a section other than the resources that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryChange {
    /// The section; none for a key of the template that CloudFormation does not know.
    pub section: Option<Section>,
    /// The name of the entry; of a section that has no entries, such as the description, the key of the section.
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// What differs. Of an added or removed entry, the whole of it.
    pub changes: Vec<PropertyChange>,
}

/// Two resources with equal content: one removed, the other added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedMove {
    /// The logical id of the removed one.
    pub from: String,
    /// The logical id of the added one.
    pub to: String,
    /// The type of both.
    pub type_name: String,
}

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// CloudFormation will refuse the deployment.
    Error,
    /// Something may be lost.
    Warning,
    /// Worth knowing.
    Information,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoticeKind {
    /// Data is lost, or may be.
    DataLoss,
    /// An export is removed or changed that another stack imports.
    ExportInUse,
    /// An output is removed that another stack reads.
    OutputInUse,
    /// A resource has another type under the same logical id.
    TypeChange,
    /// A resource with a fixed name must be replaced, which needs another name.
    NamedReplacement,
    /// A resource leaves the stack and stays behind.
    LeftBehind,
    /// A macro will change the template in a way that cannot be known here.
    Macro,
    /// The type is not known, so that it is not known what its change does.
    UnknownType,
    /// A record of a move fits no resource.
    MoveWithoutSource,
    /// A resource is not as it was deployed.
    Drift,
    /// What CloudFormation plans is not what was found here.
    ChangeSet,
}

impl NoticeKind {
    /// A short stable name, such as `data-loss`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DataLoss => "data-loss",
            Self::ExportInUse => "export-in-use",
            Self::OutputInUse => "output-in-use",
            Self::TypeChange => "type-change",
            Self::NamedReplacement => "named-replacement",
            Self::LeftBehind => "left-behind",
            Self::Macro => "macro",
            Self::UnknownType => "unknown-type",
            Self::MoveWithoutSource => "move-without-source",
            Self::Drift => "drift",
            Self::ChangeSet => "change-set",
        }
    }
}

/// What the reader must know beyond the differences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How grave it is.
    pub gravity: Gravity,
    /// What it is about.
    pub kind: NoticeKind,
    /// The logical id or the name of the output that it concerns.
    pub subject: Option<String>,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.stacks.iter().all(StackChanges::is_empty)
    }

    /// Whether something is allowed, reachable or public that was not before.
    pub fn is_broadening(&self) -> bool {
        self.stacks.iter().any(StackChanges::is_broadening)
    }

    /// Whether a resource is deleted or replaced, or may be.
    pub fn is_destructive(&self) -> bool {
        self.stacks.iter().any(StackChanges::is_destructive)
    }

    /// Whether data is lost, or may be.
    pub fn loses_data(&self) -> bool {
        self.stacks.iter().any(StackChanges::loses_data)
    }

    /// Whether CloudFormation will refuse to do it.
    pub fn is_refused(&self) -> bool {
        self.stacks.iter().any(StackChanges::is_refused)
    }
}

impl StackChanges {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.change == StackChange::Compared
            && self.resources.is_empty()
            && self.entries.is_empty()
            && !self.notices.iter().any(|notice| notice.gravity == Gravity::Error || notice.kind == NoticeKind::Drift)
    }

    /// Whether something is allowed, reachable or public that was not before.
    pub fn is_broadening(&self) -> bool {
        self.access.iter().any(|change| change.is_broadening)
            || self.network.iter().any(|change| change.kind == ChangeKind::Added)
            || self.exposures.iter().any(|exposure| exposure.kind == ChangeKind::Added)
            || self.nested().any(Self::is_broadening)
    }

    /// Whether a resource is deleted or replaced, or may be.
    pub fn is_destructive(&self) -> bool {
        self.resources.iter().any(|resource| resource.action.is_destructive())
            || self.nested().any(Self::is_destructive)
    }

    /// Whether data is lost, or may be.
    pub fn loses_data(&self) -> bool {
        self.resources.iter().any(|resource| resource.data >= DataRisk::MayBeLost)
            || self.nested().any(Self::loses_data)
    }

    /// Whether CloudFormation will refuse to do it.
    pub fn is_refused(&self) -> bool {
        self.notices.iter().any(|notice| notice.gravity == Gravity::Error) || self.nested().any(Self::is_refused)
    }

    /// The resource `logical_id`, by its new logical id.
    pub fn resource(&self, logical_id: &str) -> Option<&ResourceChange> {
        self.resources.iter().find(|resource| resource.logical_id == logical_id)
    }

    fn nested(&self) -> impl Iterator<Item = &Self> {
        self.resources.iter().filter_map(|resource| resource.nested.as_deref())
    }
}

impl Action {
    /// Whether the resource is deleted or replaced, or may be.
    pub const fn is_destructive(self) -> bool {
        matches!(self, Self::MayReplace | Self::Replace | Self::Snapshot | Self::Delete)
    }

    /// A short stable name, such as `may-replace`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Create => "create",
            Self::Import => "import",
            Self::Update => "update",
            Self::MayReplace => "may-replace",
            Self::Replace => "replace",
            Self::Retain => "retain",
            Self::Snapshot => "snapshot",
            Self::Delete => "delete",
        }
    }
}

impl ChangeKind {
    /// A short stable name: `added`, `removed`, `modified`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
        }
    }

    /// The kind of change between what was there and what is there.
    pub(super) const fn of<T>(before: Option<&T>, after: Option<&T>) -> Self {
        match (before, after) {
            (None, _) => Self::Added,
            (_, None) => Self::Removed,
            _ => Self::Modified,
        }
    }
}

impl Effect {
    /// A short stable name: `none`, `in-place`, `may-replace`, `replaces`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::InPlace => "in-place",
            Self::MayReplace => "may-replace",
            Self::Replaces => "replaces",
        }
    }
}

impl DataRisk {
    /// A short stable name: `none`, `kept`, `may-be-lost`, `lost`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Kept => "kept",
            Self::MayBeLost => "may-be-lost",
            Self::Lost => "lost",
        }
    }
}

impl Gravity {
    /// A short stable name: `error`, `warning`, `information`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

impl Notice {
    pub(super) fn new(gravity: Gravity, kind: NoticeKind, subject: &str, message: impl Into<String>) -> Self {
        Self { gravity, kind, subject: Some(subject.to_owned()), message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
