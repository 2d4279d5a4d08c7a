//! The macros that generated code is written in, so that it reads like a table of the schema.

/// Writes a resource type with its handle: name, handle, CloudFormation type, page of the documentation (AWS types only), and
/// a type parameter for each required property, which says in its own type that it is missing.
#[doc(hidden)]
#[macro_export]
macro_rules! resource {
    ($name:ident $handle:ident $type:literal $($page:literal)? [$($parameter:ident = $missing:ty),*]) => {
        $crate::typed_map! {
            #[doc = concat!("`", $type, "`", $(": [documentation](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-", $page, ".html)",)? ".")]
            $name [$($parameter = $missing),*]
        }
        impl<$($parameter: $crate::typed::Given),*> $crate::typed::Resource for $name<$($parameter),*> {
            const TYPE: &'static str = $type;
            type Handle = $handle;
            #[inline]
            fn into_properties(self) -> $crate::typed::Map {
                self.0.0
            }
        }
        #[doc = concat!("A declared `", $type, "`: its `Ref` and attributes.")]
        #[derive(Debug, Clone)]
        pub struct $handle($crate::typed::ResourceId);
        impl ::core::convert::From<$crate::typed::ResourceId> for $handle {
            #[inline]
            fn from(id: $crate::typed::ResourceId) -> Self {
                Self(id)
            }
        }
        impl $crate::typed::Handle for $handle {
            #[inline]
            fn id(&self) -> &$crate::typed::ResourceId {
                &self.0
            }
        }
    };
}

/// Writes a property type, in the same way as [`resource!`].
#[doc(hidden)]
#[macro_export]
macro_rules! property {
    ($name:ident $($page:literal)? [$($parameter:ident = $missing:ty),*]) => {
        $crate::typed_map! {
            #[doc = concat!("The property type `", stringify!($name), "`", $(": [documentation](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-", $page, ".html)",)? ".")]
            $name [$($parameter = $missing),*]
        }
        impl $crate::typed::TakesExpression for $name {}
        impl<$($parameter: $crate::typed::Given),*> $crate::typed::Arg<$name> for $name<$($parameter),*> {
            #[inline]
            fn into_value(self) -> $crate::typed::Value {
                $crate::typed::Value::Map(self.0.0)
            }
        }
    };
}

/// Writes the map behind a resource or property type.
#[doc(hidden)]
#[macro_export]
macro_rules! typed_map {
    (#[$doc:meta] $name:ident [$($parameter:ident = $missing:ty),*]) => {
        #[$doc]
        #[must_use]
        pub struct $name<$($parameter = $missing),*>(
            $crate::typed::Properties,
            ::core::marker::PhantomData<fn() -> ($($parameter,)*)>,
        );
        impl $name {
            /// No property is set yet.
            #[inline]
            pub fn new() -> Self {
                Self($crate::typed::Properties::new(), ::core::marker::PhantomData)
            }
        }
        impl<$($parameter),*> ::core::clone::Clone for $name<$($parameter),*> {
            #[inline]
            fn clone(&self) -> Self {
                Self(self.0.clone(), ::core::marker::PhantomData)
            }
        }
        impl<$($parameter),*> ::core::fmt::Debug for $name<$($parameter),*> {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.debug(stringify!($name), formatter)
            }
        }
    };
}

/// Writes the setter of a required property: the type that it is called on, and the type that it returns, in which the
/// property is set.
#[doc(hidden)]
#[macro_export]
macro_rules! require {
    ($name:ident [$($free:ident),*] [$($before:ty),*] [$($after:ty),*]
     $setter:ident $property:literal $type:ty $(, $replaces:ident)?) => {
        impl<$($free),*> $name<$($before),*> {
            #[doc = concat!("Sets `", $property, "`, which is required.", $(" A change ", stringify!($replaces), " the resource.")?)]
            #[inline]
            pub fn $setter(mut self, value: impl $crate::typed::Arg<$type>) -> $name<$($after),*> {
                self.0.put($property, $crate::typed::Arg::<$type>::into_value(value));
                $name(self.0, ::core::marker::PhantomData)
            }
        }
    };
}

/// Writes the setters of optional properties: `set! { timeout "Timeout" Int<1, 900>; }`.
#[doc(hidden)]
#[macro_export]
macro_rules! set {
    ($($setter:ident $property:literal $type:ty $(, $replaces:ident)?;)*) => {
        $(#[doc = concat!("Sets `", $property, "`.", $(" A change ", stringify!($replaces), " the resource.")?)]
        #[inline]
        pub fn $setter(mut self, value: impl $crate::typed::Arg<$type>) -> Self {
            self.0.put($property, $crate::typed::Arg::<$type>::into_value(value));
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

/// Writes what a handle gives: `attributes! { QueueRef -> Id<kind::sqs::Queue>; arn "Arn" Arn<kind::sqs::Queue>; }`.
#[doc(hidden)]
#[macro_export]
macro_rules! attributes {
    ($handle:ident -> $reference:ty; $($method:ident $attribute:literal $type:ty;)*) => {
        impl $handle {
            /// What `Ref` gives.
            #[inline]
            pub fn reference(&self) -> $reference {
                <$reference>::of($crate::typed::Reference::to(::core::clone::Clone::clone(&self.0)))
            }
            $(#[doc = concat!("The attribute `", $attribute, "`.")]
            #[inline]
            pub fn $method(&self) -> $type {
                <$type>::of($crate::typed::Reference::attribute(::core::clone::Clone::clone(&self.0), $attribute))
            })*
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
            #[inline]
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

/// Writes the marker of a property that takes several kinds of references.
#[doc(hidden)]
#[macro_export]
macro_rules! slot {
    ($name:ident: $($reference:ty),*;) => {
        #[doc = concat!("What properties of this kind refer to: ", $("`", stringify!($reference), "` ",)*)]
        pub enum $name {}
        $(impl $crate::typed::Accepts<$reference> for $name {})*
    };
}

/// Writes the markers of required properties.
#[doc(hidden)]
#[macro_export]
macro_rules! missing {
    ($($name:ident)*) => {
        $(#[doc = concat!("A `", stringify!($name), "` that was not set.")]
        pub enum $name {})*
    };
}

/// Writes the kinds of the resource types of one namespace.
#[doc(hidden)]
#[macro_export]
macro_rules! kinds {
    ($module:ident { $($name:ident $type:literal,)* }) => {
        #[doc = concat!("Kinds of `", stringify!($module), "`.")]
        pub mod $module {
            $(#[doc = concat!("`", $type, "`.")]
            pub enum $name {}
            impl $crate::typed::Kind for $name {
                const TYPE: &'static str = $type;
            })*
        }
    };
}
