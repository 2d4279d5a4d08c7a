//! The numbers of the binary format, which the generator of the database and its reader share.
//!
//! Text stands once in `strings.txt`: its length, five bits a character (see [`LENGTH_LAST`]), then the text. A text is
//! named by its offset there. A node is a list of constraints, each a tag and its operands, closed by [`tag::END`], and is named by
//! its offset in the section of nodes. Offsets take three bytes, counts are LEB128 integers, numbers eight bytes; all little-endian.

/// The first bytes of the tables.
pub(crate) const MAGIC: [u8; 4] = *b"SGD1";

/// The first character of the 32 that end a length.
pub(crate) const LENGTH_LAST: u8 = 0x20;
/// The first character of the 32 that announce a further digit of a length.
pub(crate) const LENGTH_MORE: u8 = 0x40;

/// The sections, in the order of the directory behind [`MAGIC`]: for each its offset and length, four bytes each.
pub(crate) mod section {
    pub(crate) const NODES: usize = 0;
    pub(crate) const RECURSION: usize = 1;
    pub(crate) const INDEX: usize = 2;
    pub(crate) const TYPES: usize = 3;
    pub(crate) const PATTERNS: usize = 4;
    pub(crate) const REGIONS: usize = 5;
    pub(crate) const SERVICES: usize = 6;
    pub(crate) const ACTIONS: usize = 7;
    pub(crate) const RUNTIMES: usize = 8;
    pub(crate) const DOCUMENTS: usize = 9;
}

/// JSON types as bits.
pub(crate) mod json_type {
    pub(crate) const OBJECT: u8 = 1;
    pub(crate) const ARRAY: u8 = 2;
    pub(crate) const STRING: u8 = 4;
    pub(crate) const INTEGER: u8 = 8;
    pub(crate) const NUMBER: u8 = 16;
    pub(crate) const BOOLEAN: u8 = 32;
    pub(crate) const NULL: u8 = 64;
}

/// The tags of constraints.
pub(crate) mod tag {
    pub(crate) const END: u8 = 0;
    pub(crate) const TYPE: u8 = 1;
    /// Properties by name, properties by pattern, and what to do with others, see [`super::additional`].
    pub(crate) const OBJECT: u8 = 2;
    pub(crate) const REQUIRED: u8 = 3;
    pub(crate) const ITEMS: u8 = 4;
    pub(crate) const MIN_ITEMS: u8 = 5;
    pub(crate) const MAX_ITEMS: u8 = 6;
    pub(crate) const UNIQUE: u8 = 7;
    pub(crate) const MIN_LENGTH: u8 = 8;
    pub(crate) const MAX_LENGTH: u8 = 9;
    pub(crate) const PATTERN: u8 = 10;
    pub(crate) const NOT_PATTERN: u8 = 11;
    pub(crate) const ENUM: u8 = 12;
    pub(crate) const ENUM_IGNORING_CASE: u8 = 13;
    pub(crate) const MINIMUM: u8 = 14;
    pub(crate) const MAXIMUM: u8 = 15;
    pub(crate) const ABOVE: u8 = 16;
    pub(crate) const BELOW: u8 = 17;
    pub(crate) const MULTIPLE_OF: u8 = 18;
    pub(crate) const FORMAT: u8 = 19;
    pub(crate) const ONE_OF: u8 = 20;
    pub(crate) const ANY_OF: u8 = 21;
    pub(crate) const ALL_OF: u8 = 22;
    pub(crate) const NOT: u8 = 23;
    pub(crate) const IF: u8 = 24;
    pub(crate) const DEPENDENT_REQUIRED: u8 = 25;
    pub(crate) const DEPENDENT_EXCLUDED: u8 = 26;
    pub(crate) const REQUIRED_XOR: u8 = 27;
    pub(crate) const REQUIRED_OR: u8 = 28;
    pub(crate) const MIN_PROPERTIES: u8 = 29;
    pub(crate) const MAX_PROPERTIES: u8 = 30;
    pub(crate) const CONSTANT: u8 = 31;
    pub(crate) const NEVER: u8 = 32;
    pub(crate) const CONTAINS: u8 = 33;
    pub(crate) const PROPERTY_NAMES: u8 = 34;
    pub(crate) const UNIQUE_KEYS: u8 = 35;
    /// A node that contains itself: the number of the target in the section of recursion.
    pub(crate) const RECURSE: u8 = 36;
    /// The order of the items of a list means nothing.
    pub(crate) const UNORDERED: u8 = 37;
}

/// What an object does with properties that it does not list.
pub(crate) mod additional {
    pub(crate) const ALLOWED: u8 = 0;
    pub(crate) const FORBIDDEN: u8 = 1;
    /// The offset of a node follows.
    pub(crate) const NODE: u8 = 2;
}

/// Bits of a resource type.
pub(crate) mod flag {
    pub(crate) const STATEFUL: u8 = 1;
    pub(crate) const ANY_ATTRIBUTE: u8 = 2;
}

/// The formats that are checked or compared, by number; 0 is none.
pub(crate) const FORMATS: [&str; 28] = [
    "",
    "ipv4",
    "ipv6",
    "ipv4-network",
    "ipv6-network",
    "date-time",
    "json",
    "uri",
    "AWS::ACM::Certificate.Arn",
    "AWS::EC2::Image.Id",
    "AWS::EC2::SecurityGroup.Id",
    "AWS::EC2::SecurityGroup.Ids",
    "AWS::EC2::SecurityGroup.Name",
    "AWS::EC2::SecurityGroup.Names",
    "AWS::EC2::Subnet.Id",
    "AWS::EC2::Subnet.Ids",
    "AWS::EC2::VPC.Id",
    "AWS::IAM::Role.Arn",
    "AWS::KMS::Alias.AliasName",
    "AWS::KMS::Key.Arn",
    "AWS::KMS::Key.Id",
    "AWS::Lambda::Function.Arn",
    "AWS::Logs::LogGroup.Name",
    "AWS::Route53::AliasTarget.HostedZoneId",
    "AWS::Route53::HostedZone.Id",
    "AWS::S3::Bucket.Name",
    "AWS::SNS::Topic.Arn",
    "AWS::SQS::Queue.Arn",
];
