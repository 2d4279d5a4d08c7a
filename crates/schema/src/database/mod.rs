//! What CloudFormation knows of each resource type, embedded in the program.
//!
//! The database is two files that `cargo xtask database` makes. It is read in place: opening it costs nothing, and what is
//! not asked for is never looked at.

mod actions;
mod bytes;
pub(crate) mod format;
pub(crate) mod node;
pub(crate) mod pattern;
mod region;
mod resource_type;
mod runtime;
mod shape;

pub use actions::{ActionMatch, Actions};
pub use region::Region;
pub use resource_type::{Attribute, Replacement, ResourceType};
pub use runtime::{Date, Runtime};
pub use shape::{Kinds, Shape};

use bytes::{Reader, Table};
use format::section;
use node::Node;

pub(crate) use resource_type::CrossPropertyRule;
pub(crate) use runtime::DATA_DATE;

static TABLES: &[u8] = include_bytes!("../../data/tables.bin");

/// The pseudo parameters of CloudFormation.
pub const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// What CloudFormation knows of resource types, regions, IAM actions and runtimes.
///
/// ```
/// use stackgen_schema::Database;
///
/// let bucket = Database::get().resource_type("AWS::S3::Bucket").expect("a type of the registry");
/// assert!(bucket.is_stateful());
/// assert!(bucket.attribute("Arn").is_some());
/// ```
#[derive(Debug)]
pub struct Database {
    _private: (),
}

static DATABASE: Database = Database { _private: () };

impl Database {
    /// The database that is part of the program.
    pub fn get() -> &'static Self {
        &DATABASE
    }

    /// The type of the registry, or of the serverless transform, that has this name.
    pub fn resource_type(&self, name: &str) -> Option<ResourceType> {
        let index = self.index().position(name)?;
        Some(self.resource_type_at(index))
    }

    /// Every resource type, in order of the names.
    pub fn resource_types(&self) -> impl ExactSizeIterator<Item = ResourceType> {
        (0..self.index().len()).map(|index| self.resource_type_at(index))
    }

    /// The name of a resource type that is most like `name`, when one is like it.
    pub fn similar_type(&self, name: &str) -> Option<&'static str> {
        // Most mistakes are in the last part or in the case of letters.
        let names = self.resource_types().map(|resource_type| resource_type.name());
        crate::similar::most_similar(name, names)
    }

    /// The region of this name, such as `eu-central-1`.
    pub fn region(&self, name: &str) -> Option<Region> {
        self.regions().find(|region| region.name() == name)
    }

    /// Every region, in order of the names.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        region::regions(self.section(section::REGIONS), self.index().len())
    }

    /// The actions of an IAM service prefix, such as `s3`.
    pub fn actions(&self, service: &str) -> Option<Actions> {
        let services = Table::new(self.section(section::SERVICES), 6);
        let offset = services.find(&service.to_ascii_lowercase())?.offset();
        Some(Actions::new(&self.section(section::ACTIONS)[offset as usize..]))
    }

    /// The prefixes of the services that IAM knows, in order.
    pub fn services(&self) -> impl ExactSizeIterator<Item = &'static str> {
        Table::new(self.section(section::SERVICES), 6).iter().map(|mut entry| entry.symbol().text())
    }

    /// The Lambda runtimes, in order of the names.
    pub fn runtimes(&self) -> impl ExactSizeIterator<Item = Runtime> {
        runtime::runtimes(self.section(section::RUNTIMES))
    }

    /// The Lambda runtime of this name.
    pub fn runtime(&self, name: &str) -> Option<Runtime> {
        self.runtimes().find(|runtime| runtime.name() == name)
    }

    /// What is demanded of the `UpdatePolicy` of a resource, as a node of the whole resource.
    pub(crate) fn update_policy(&self) -> Node {
        Node::new(Reader::new(self.section(section::DOCUMENTS)).offset())
    }

    pub(crate) fn node_bytes(&self, offset: u32) -> Reader {
        Reader::new(&self.section(section::NODES)[offset as usize..])
    }

    pub(crate) fn recursion(&self, number: usize) -> Node {
        Node::new(Table::new(self.section(section::RECURSION), 3).entry(number).offset())
    }

    pub(crate) fn pattern(&self, number: usize) -> &'static str {
        self.patterns().entry(number).symbol().text()
    }

    pub(crate) fn pattern_count(&self) -> usize {
        self.patterns().len()
    }

    fn patterns(&self) -> Table {
        Table::new(self.section(section::PATTERNS), 3)
    }

    fn index(&self) -> Table {
        Table::new(self.section(section::INDEX), 6)
    }

    fn resource_type_at(&self, index: usize) -> ResourceType {
        let mut entry = self.index().entry(index);
        let name = entry.symbol().text();
        let body = Reader::new(&self.section(section::TYPES)[entry.offset() as usize..]);
        ResourceType::read(name, index, body)
    }

    #[expect(clippy::unused_self, reason = "what is asked of the database is a method")]
    fn section(&self, number: usize) -> &'static [u8] {
        let mut directory = Reader::new(&TABLES[format::MAGIC.len() + 8 * number..]);
        let (start, length) = (directory.word() as usize, directory.word() as usize);
        &TABLES[start..start + length]
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests;
