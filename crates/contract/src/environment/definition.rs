//! The macro that defines an environment.

/// Defines the environment variables of a function as a struct that its stack fills and its handler loads.
///
/// Each field names its variable. `as` gives the type that the handler reads, which is `String` otherwise; `optional`
/// before a field lets the variable be absent.
///
/// The struct is generic over the type of each field, and the handler's types are the defaults. So the stack fills it
/// with references to its resources, each of a type of its own:
///
/// ```
/// use stackgen_contract::{Environment, Unset, environment};
///
/// environment! {
///     /// What the handler reads at start.
///     pub struct HandlerEnv {
///         /// Table of statistics.
///         stats: "STATS_TABLE",
///         /// Objects in one batch.
///         batch: "BATCH_SIZE" as u32,
///         /// Where AWS answers, when not at its own address.
///         optional endpoint: "ENDPOINT",
///     }
/// }
///
/// // The stack: any types that become its value type, here `String`.
/// let batch = String::from("25");
/// let variables: Vec<(&str, String)> = HandlerEnv { stats: "stats-1", batch, endpoint: Unset }.variables();
/// assert_eq!(variables, [("STATS_TABLE", "stats-1".to_string()), ("BATCH_SIZE", "25".to_string())]);
///
/// // The handler: `HandlerEnv::load()` reads the process environment; here a function stands for it.
/// let read = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
/// let environment = HandlerEnv::load_from(read)?;
/// assert_eq!(environment.batch, 25);
/// assert_eq!(environment.endpoint, None);
/// # Ok::<(), stackgen_contract::EnvironmentError>(())
/// ```
///
/// A variable that the stack forgets does not compile:
///
/// ```compile_fail,E0063
/// # use stackgen_contract::{Environment, environment};
/// environment! {
///     /// What the handler reads at start.
///     pub struct HandlerEnv {
///         /// Table of statistics.
///         stats: "STATS_TABLE",
///         /// Table of failures.
///         failures: "FAILURES_TABLE",
///     }
/// }
/// let variables: Vec<(&str, String)> = HandlerEnv { stats: "stats-1" }.variables();
/// ```
///
/// Nor does one that is defined twice, whose name Lambda does not take, or that Lambda reserves for itself:
///
/// ```compile_fail,E0080
/// # use stackgen_contract::environment;
/// environment! {
///     /// What the handler reads at start.
///     pub struct HandlerEnv {
///         /// The region: Lambda sets it, and refuses it from others.
///         region: "AWS_REGION",
///     }
/// }
/// ```
///
/// The handler gets every problem at once: see [`EnvironmentError`](crate::EnvironmentError).
#[macro_export]
macro_rules! environment {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($fields:tt)+ }) => {
        $crate::__environment! { @fields [$(#[$meta])* $visibility struct $name] [] $($fields)+ }
    };
}

/// The steps of [`environment!`]: reads the fields one by one, then writes the struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __environment {
    (@fields $head:tt [$($done:tt)*]
        $(#[$meta:meta])* optional $field:ident: $variable:literal as $type:ty $(, $($rest:tt)*)?
    ) => {
        $crate::__environment! {
            @fields $head
            [$($done)* {
                [$(#[$meta])*] $field $variable optional
                [$crate::OptionalVariable] [$type] [::core::option::Option<$type>]
            }]
            $($($rest)*)?
        }
    };
    (@fields $head:tt [$($done:tt)*]
        $(#[$meta:meta])* $field:ident: $variable:literal as $type:ty $(, $($rest:tt)*)?
    ) => {
        $crate::__environment! {
            @fields $head
            [$($done)* { [$(#[$meta])*] $field $variable required [$crate::Variable] [$type] [$type] }]
            $($($rest)*)?
        }
    };
    (@fields $head:tt [$($done:tt)*] $(#[$meta:meta])* optional $field:ident: $variable:literal $(, $($rest:tt)*)?) => {
        $crate::__environment! {
            @fields $head [$($done)*] $(#[$meta])* optional $field: $variable as ::std::string::String $(, $($rest)*)?
        }
    };
    (@fields $head:tt [$($done:tt)*] $(#[$meta:meta])* $field:ident: $variable:literal $(, $($rest:tt)*)?) => {
        $crate::__environment! {
            @fields $head [$($done)*] $(#[$meta])* $field: $variable as ::std::string::String $(, $($rest)*)?
        }
    };
    (@fields
        [$(#[$meta:meta])* $visibility:vis struct $name:ident]
        [$({
            [$(#[$field_meta:meta])*] $field:ident $variable:literal $presence:ident
            [$($bound:tt)*] [$type:ty] [$loaded:ty]
        })+]
    ) => {
        $(#[$meta])*
        #[allow(non_camel_case_types, reason = "named as the fields, so that errors name them")]
        #[derive(Debug, Clone, PartialEq, Eq)]
        $visibility struct $name<$($field = $loaded),+> {
            $($(#[$field_meta])* $visibility $field: $field,)+
        }

        #[allow(dead_code, reason = "each side of the contract uses a part of it")]
        impl $name {
            /// The names of the variables, in the order of the definition.
            $visibility const VARIABLES: &'static [&'static str] = &[$($variable),+];

            /// Reads the variables of the process.
            ///
            /// # Errors
            /// Every variable that is missing, empty or not of its type, in one error.
            $visibility fn load() -> ::core::result::Result<Self, $crate::EnvironmentError> {
                Self::load_from($crate::private::system_variable)
            }

            /// Reads the variables that `read` gives by name.
            ///
            /// # Errors
            /// Every variable that is missing, empty or not of its type, in one error.
            $visibility fn load_from(
                read: impl ::core::ops::Fn(&str) -> ::core::option::Option<::std::string::String>,
            ) -> ::core::result::Result<Self, $crate::EnvironmentError> {
                let mut reader = $crate::private::Reader::new(read);
                $(let $field = reader.$presence::<$type>($variable);)+
                match ($($field,)+) {
                    ($(::core::option::Option::Some($field),)+) => ::core::result::Result::Ok(Self { $($field),+ }),
                    _ => ::core::result::Result::Err(reader.into_error()),
                }
            }
        }

        const _: () = $crate::private::check_names($name::VARIABLES);

        #[allow(non_camel_case_types, reason = "named as the fields, so that errors name them")]
        impl<V, $($field: $($bound)*<V>),+> $crate::Environment<V> for $name<$($field),+> {
            fn variables(self) -> ::std::vec::Vec<(&'static str, V)> {
                [$(($variable, <$field as $($bound)*<V>>::into_variable(self.$field))),+]
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|value| (name, value)))
                    .collect()
            }
        }
    };
}
