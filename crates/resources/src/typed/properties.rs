//! The map behind every generated type, and the macros that write its setters.

use stackgen_template::{Map, Value};

/// The properties that were set so far.
#[derive(Debug, Clone, Default)]
pub struct Properties(pub Map);

impl Properties {
    /// Sets `name`. A property that is set twice keeps the later value.
    #[inline(never)]
    pub fn put(&mut self, name: &'static str, value: Value) {
        self.0.insert(name, value);
    }
}

/// Writes the setters of optional properties: `set! { /// doc … timeout "Timeout" Int<1, 900>; }`.
#[doc(hidden)]
#[macro_export]
macro_rules! set {
    ($($(#[$meta:meta])* $setter:ident $name:literal $type:ty;)*) => {
        $($(#[$meta])*
        #[inline]
        pub fn $setter(mut self, value: impl $crate::typed::Arg<$type>) -> Self {
            self.0.put($name, $crate::typed::Arg::<$type>::into_value(value));
            self
        })*
        /// Sets a property that the pinned schema does not know. Synthesis still checks it.
        #[inline]
        pub fn raw(mut self, name: &'static str, value: impl ::core::convert::Into<$crate::typed::Value>) -> Self {
            self.0.put(name, value.into());
            self
        }
    };
}

/// Writes an enum of the schema: `string_enum! { BillingMode { PayPerRequest = "PAY_PER_REQUEST", } }`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $text:literal,)* }) => {
        #[doc = concat!("The values of `", stringify!($name), "`; `", stringify!($name), "::other` says one that the pinned schema does not know.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }
        impl $crate::typed::StringEnum for $name {}
        impl $crate::typed::TakesExpression for $name {}
        impl $name {
            /// The value as CloudFormation writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
        impl $crate::typed::Arg<$name> for $name {
            #[inline]
            fn into_value(self) -> $crate::typed::Value {
                $crate::typed::Value::from(self.as_str())
            }
        }
    };
}
