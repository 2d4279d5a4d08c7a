//! Physical names whose rules are checked: by the compiler where they are constants, by `TryFrom` at run time.
//!
//! A resource without a name gets one from CloudFormation, which is best for nearly all: it can be replaced, and the
//! same stack can be deployed twice. Names are for what people or other systems must know beforehand.

mod rules;

use std::fmt;

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::{Text, Value};

/// A name breaks a rule of its service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    name: String,
    rule: &'static str,
}

impl fmt::Display for NameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` cannot be the name: {}", self.name, self.rule)
    }
}

impl std::error::Error for NameError {}

/// Writes a checked name: the type, the macro for constants, and the conversion of run-time text.
macro_rules! checked_name {
    ($(#[$doc:meta])* $name:ident, $macro:ident, $check:path, $good:literal, $bad:literal) => {
        $(#[$doc])*
        ///
        /// A constant is checked by the compiler, with the macro of the same name:
        ///
        /// ```
        /// use stackgen::prelude::*;
        ///
        #[doc = concat!("let name = ", stringify!($macro), "!(\"", $good, "\");")]
        #[doc = concat!("assert!(", stringify!($name), "::try_from(String::from(\"", $bad, "\")).is_err());")]
        /// ```
        /// ```compile_fail
        /// use stackgen::prelude::*;
        ///
        #[doc = concat!("let name = ", stringify!($macro), "!(\"", $bad, "\");")]
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Text);

        impl $name {
            /// The name `text`.
            ///
            /// # Panics
            /// In a constant, and then the program does not compile, when the name breaks a rule. For text that is known
            /// only at run time use `try_from`.
            pub const fn new(text: &'static str) -> Self {
                match $check(text.as_bytes()) {
                    None => Self(Text::Borrowed(text)),
                    Some(rule) => panic!("{}", rule),
                }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                match $check(name.as_bytes()) {
                    None => Ok(Self(Text::Owned(name))),
                    Some(rule) => Err(NameError { name, rule }),
                }
            }
        }

        impl TakesExpression for $name {}

        impl Arg<$name> for $name {
            fn into_value(self) -> Value {
                self.0.into()
            }
        }

        #[doc = concat!("A [`", stringify!($name), "`](crate::constructs::", stringify!($name), ") that the compiler checks.")]
        #[macro_export]
        macro_rules! $macro {
            ($text:expr) => {{
                const NAME: $crate::constructs::$name = $crate::constructs::$name::new($text);
                NAME
            }};
        }
        pub use $macro;
    };
}

checked_name!(
    /// The name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots, unique in the partition.
    BucketName, bucket_name, rules::check_bucket, "sea-data.example", "My_Bucket"
);
checked_name!(
    /// The name of a standard queue: letters, digits, hyphens and underscores, at most 80.
    QueueName, queue_name, rules::check_queue, "jobs", "jobs.fifo"
);
checked_name!(
    /// The name of a FIFO queue: that of a queue, with `.fifo` at its end, at most 80 in all.
    FifoQueueName, fifo_queue_name, rules::check_fifo_queue, "jobs.fifo", "jobs"
);
checked_name!(
    /// The name of a standard topic: letters, digits, hyphens and underscores, at most 256.
    TopicName, topic_name, rules::check_topic, "alarms", "alarms.fifo"
);
checked_name!(
    /// The name of a FIFO topic: that of a topic, with `.fifo` at its end, at most 256 in all.
    FifoTopicName, fifo_topic_name, rules::check_fifo_topic, "orders.fifo", "orders"
);
checked_name!(
    /// The name of a table or of an index: 3 to 255 letters, digits, hyphens, underscores and dots.
    TableName, table_name, rules::check_table, "open-failures", "no blanks"
);
checked_name!(
    /// The name of a secret: letters, digits and `/_+=.@-`, at most 512, without a hyphen and six characters at its end,
    /// which Secrets Manager takes for its own suffix.
    SecretName, secret_name, rules::check_secret, "weather-ingest/api-key", "api-key-AbCdEf"
);
checked_name!(
    /// The name of an SSM parameter: letters, digits and `_.-`, with `/` at its start when it has levels, at most 1,011
    /// characters and 15 levels. `aws` and `ssm` are reserved as its beginning, but for AWS's own parameters.
    ParameterName, parameter_name, rules::check_parameter, "/bus-observatory/feeds/sf_muni", "feeds/sf_muni"
);
checked_name!(
    /// The name of a log group: letters, digits and `_-/.#`, at most 512.
    LogGroupName, log_group_name, rules::check_log_group, "/weather/state-machine", "weather*"
);
checked_name!(
    /// The name of a database or table of the Glue catalogue: lower-case letters, digits and underscores, at most 128, so
    /// that Athena and Spark take it without quotes.
    CatalogName, catalog_name, rules::check_catalog, "bus_observatory", "bus-observatory"
);
checked_name!(
    /// A type of EC2 instances: family and size with a dot between.
    InstanceType, instance_type, rules::check_instance_type, "r6id.2xlarge", "r6id-2xlarge"
);
checked_name!(
    /// The name of an Athena workgroup: letters, digits and `._-`, at most 128.
    WorkgroupName, workgroup_name, rules::check_workgroup, "bus-observatory", "bus observatory"
);
checked_name!(
    /// The name of what EC2 Image Builder builds: lower-case letters, digits and hyphens, at most 60, which leaves room for
    /// what is added to it.
    ImageName, image_name, rules::check_image, "genome-worker", "Genome Worker"
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn errors_name_the_name_and_the_rule() {
        let error = QueueName::try_from(String::from("a b")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a b` cannot be the name: a queue's name has only letters, digits, hyphens and underscores"
        );
    }
}
