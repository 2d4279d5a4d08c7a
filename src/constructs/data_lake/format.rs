//! How the files of a table are written.

use stackgen_template::{Map, Text, Value};

const TEXT_INPUT: &str = "org.apache.hadoop.mapred.TextInputFormat";
const TEXT_OUTPUT: &str = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
const PARQUET_SERDE: &str = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

/// How the files of a table are written: the Java classes by which Hive, and so Athena, reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFormat {
    library: Text,
    input: Text,
    output: Text,
    classification: Option<&'static str>,
    parameters: Vec<(Text, Text)>,
}

impl TableFormat {
    /// Parquet files.
    pub fn parquet() -> Self {
        Self {
            classification: Some("parquet"),
            ..Self::new(
                PARQUET_SERDE,
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            )
        }
    }

    /// Parquet files that text files in the table's folders name, one URL a line: which files belong to the table then
    /// changes with the writing of one object.
    pub fn parquet_by_symlinks() -> Self {
        Self {
            classification: Some("parquet"),
            ..Self::new(PARQUET_SERDE, "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat", TEXT_OUTPUT)
        }
    }

    /// JSON, one object a line.
    pub fn json_lines() -> Self {
        Self {
            classification: Some("json"),
            ..Self::new("org.openx.data.jsonserde.JsonSerDe", TEXT_INPUT, TEXT_OUTPUT)
        }
    }

    /// CSV with values in double quotes where they need them. All columns are text to it.
    pub fn csv() -> Self {
        Self {
            classification: Some("csv"),
            ..Self::new("org.apache.hadoop.hive.serde2.OpenCSVSerde", TEXT_INPUT, TEXT_OUTPUT)
        }
    }

    /// A format by its classes: the library that reads rows, the input format and the output format.
    pub fn new(library: impl Into<Text>, input: impl Into<Text>, output: impl Into<Text>) -> Self {
        Self {
            library: library.into(),
            input: input.into(),
            output: output.into(),
            classification: None,
            parameters: Vec::new(),
        }
    }

    /// Sets a parameter of the library, such as `("ignore.malformed.json", "true")`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<Text>, value: impl Into<Text>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// The word by which Glue knows the format.
    pub(super) fn classification(&self) -> Option<&'static str> {
        self.classification
    }

    /// Writes the format to the storage of a table.
    pub(super) fn write(self, storage: &mut Map) {
        storage.push("InputFormat", self.input);
        storage.push("OutputFormat", self.output);
        let mut library = Map::with_capacity(2);
        library.push("SerializationLibrary", self.library);
        if !self.parameters.is_empty() {
            let parameters: Map = self.parameters.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
            library.push("Parameters", parameters);
        }
        storage.push("SerdeInfo", library);
    }
}
