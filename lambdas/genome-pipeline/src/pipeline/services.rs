//! What the steps need of the world around them.

use std::future::Future;
use std::path::Path;

use handler_runtime::ServiceError;

use super::item::{Item, Key, Page, Table, Update, Updated};

/// The tables. Reads are strongly consistent.
pub trait Tables {
    /// A row.
    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Item>, ServiceError>>;

    /// Changes a row, or makes it.
    fn update(&self, key: &Key, update: Update) -> impl Future<Output = Result<Updated, ServiceError>>;

    /// Writes all rows if there is none of them. Gives whether it did.
    fn insert(&self, rows: Vec<(Key, Item)>) -> impl Future<Output = Result<bool, ServiceError>>;

    /// One page of a partition, ascending by sort key, after the row with the key `after`.
    fn query(
        &self,
        table: Table,
        partition: &str,
        after: Option<Item>,
        limit: Option<u32>,
    ) -> impl Future<Output = Result<Page, ServiceError>>;

    /// One page of a whole table, in no order.
    fn scan(&self, table: Table, after: Option<Item>) -> impl Future<Output = Result<Page, ServiceError>>;

    /// One page of the keys of the jobs that are not finished, by their deadlines.
    fn open_jobs(&self, after: Option<Item>) -> impl Future<Output = Result<Page, ServiceError>>;
}

/// The content of an object, piece by piece.
pub trait Body {
    /// The next piece; none at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, ServiceError>>;
}

/// The bucket.
pub trait Objects {
    /// The content of an object.
    type Body: Body;

    /// Opens an object; none when there is no such object.
    fn open(&self, key: &str) -> impl Future<Output = Result<Option<Self::Body>, ServiceError>>;

    /// The size of an object in bytes; none when there is no such object.
    fn size(&self, key: &str) -> impl Future<Output = Result<Option<u64>, ServiceError>>;

    /// All keys that begin with `prefix`, each with its size in bytes.
    fn list(&self, prefix: &str) -> impl Future<Output = Result<Vec<(String, u64)>, ServiceError>>;

    /// Writes an object and gives its ETag.
    fn put(
        &self,
        key: &str,
        content: Vec<u8>,
        content_type: &str,
    ) -> impl Future<Output = Result<String, ServiceError>>;

    /// Writes the content of a file.
    fn put_file(&self, key: &str, file: &Path) -> impl Future<Output = Result<(), ServiceError>>;

    /// Begins an object that is written in parts, and gives its id.
    fn begin_parts(&self, key: &str) -> impl Future<Output = Result<String, ServiceError>>;

    /// Writes a part and gives its ETag.
    fn put_part(
        &self,
        key: &str,
        upload: &str,
        part: u32,
        content: Vec<u8>,
    ) -> impl Future<Output = Result<String, ServiceError>>;

    /// Makes the object of its parts, ascending by number. Gives false when the upload is not known any more.
    fn complete_parts(
        &self,
        key: &str,
        upload: &str,
        parts: Vec<(u32, String)>,
    ) -> impl Future<Output = Result<bool, ServiceError>>;

    /// A URL to GET the object, which works for some minutes; browsers save it as `file`.
    fn sign_get(&self, key: &str, file: &str) -> impl Future<Output = Result<String, ServiceError>>;

    /// A URL to PUT an object of exactly `bytes`, which works for an hour.
    fn sign_put(&self, key: &str, bytes: u64) -> impl Future<Output = Result<String, ServiceError>>;
}

/// A queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// Genomes to download.
    Download,
    /// Parts of files.
    Parts,
    /// Genomes to index.
    Index,
    /// Jobs whose guides are to be found.
    Scan,
    /// Guides whose efficiency is to be predicted.
    Consensus,
    /// Guides whose off-target risk is to be scored.
    OffTarget,
}

/// The queues.
pub trait Queues {
    /// Sends a message.
    fn send(&self, queue: Queue, body: String) -> impl Future<Output = Result<(), ServiceError>>;
}

/// Messages that were sent to whoever sent them: queues within one program.
pub trait Inbox {
    /// The message that was sent first.
    fn take(&self) -> Option<(Queue, String)>;
}

/// An answer of another server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Header `Content-Range`.
    pub content_range: Option<String>,
    /// Header `Content-Length`.
    pub content_length: Option<u64>,
    /// The body; none of a HEAD.
    pub body: Vec<u8>,
}

/// NCBI's servers.
pub trait Fetch {
    /// GETs `url`, of it the bytes from the first to the last of `range` when there is one. An error is that there was no
    /// whole answer, in words.
    fn get(&self, url: &str, range: Option<(u64, u64)>) -> impl Future<Output = Result<Response, String>>;

    /// Asks for the headers only.
    fn head(&self, url: &str) -> impl Future<Output = Result<Response, String>>;
}

/// Why there is no instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchFailure {
    /// The worker has no image yet.
    NoImage,
    /// It may work later.
    Service(ServiceError),
}

/// Instances of the worker.
pub trait Instances {
    /// Starts an instance that works on the job. A second call for the same job starts no second one.
    fn launch(&self, job: &str, user_data: &str) -> impl Future<Output = Result<(), LaunchFailure>>;
}
