//! References that know what they refer to.

use std::fmt;
use std::marker::PhantomData;

use stackgen_template::{Expression, Reference, Text, Value};

use super::argument::Arg;

/// A resource type as a name for the compiler: the generated types of the module `kind`.
pub trait Kind {
    /// The CloudFormation type, such as `AWS::S3::Bucket`.
    const TYPE: &'static str;
}

macro_rules! typed_reference {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<K: ?Sized>(Value, PhantomData<fn() -> K>);

        impl<K: ?Sized> $name<K> {
            /// The value that `reference` gives, taken to be of this kind. For handles, which know it.
            pub fn of(reference: Reference) -> Self {
                Self(reference.into(), PhantomData)
            }

            /// Any value, taken to be of this kind. For constructs that build it from parts.
            pub fn from_value(value: impl Into<Value>) -> Self {
                Self(value.into(), PhantomData)
            }

            /// The same value, read by other stacks without an export that binds this one:
            /// see [`Strength::Weak`](stackgen_template::Strength::Weak).
            #[must_use]
            pub fn weak(self) -> Self {
                match self.0 {
                    Value::Reference(reference) => Self::of(reference.weak()),
                    value => Self(value, PhantomData),
                }
            }
        }

        impl<K: ?Sized> Clone for $name<K> {
            fn clone(&self) -> Self {
                Self(self.0.clone(), PhantomData)
            }
        }
        impl<K: Kind + ?Sized> fmt::Debug for $name<K> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}<{}>({:?})", stringify!($name), K::TYPE, self.0)
            }
        }
        impl<K: ?Sized> From<$name<K>> for Value {
            fn from(reference: $name<K>) -> Self {
                reference.0
            }
        }
        impl<K: ?Sized> From<&$name<K>> for Value {
            fn from(reference: &$name<K>) -> Self {
                reference.0.clone()
            }
        }
        impl<K: ?Sized> From<$name<K>> for Expression {
            fn from(reference: $name<K>) -> Self {
                Expression::raw(reference.0)
            }
        }
        impl<K: ?Sized> Arg<$name<K>> for $name<K> {
            #[inline]
            fn into_value(self) -> Value {
                self.0
            }
        }
        impl<K: ?Sized> Arg<$name<K>> for &$name<K> {
            #[inline]
            fn into_value(self) -> Value {
                self.0.clone()
            }
        }
        impl<K: ?Sized> Arg<String> for $name<K> {
            #[inline]
            fn into_value(self) -> Value {
                self.0
            }
        }
        impl<K: ?Sized> Arg<super::Any> for $name<K> {
            #[inline]
            fn into_value(self) -> Value {
                self.0
            }
        }
        impl<K: ?Sized> Arg<$name<K>> for Checked {
            #[inline]
            fn into_value(self) -> Value {
                self.0
            }
        }
        impl<S: Accepts<$name<K>>, K: ?Sized> Arg<Slot<S>> for $name<K> {
            #[inline]
            fn into_value(self) -> Value {
                self.0
            }
        }
    };
}

typed_reference! {
    /// The ARN of a resource of kind `K`.
    Arn
}
typed_reference! {
    /// The identifier of a resource of kind `K`: the name, id or URL by which other resources know it.
    Id
}

impl<K: ?Sized> Arg<Arn<K>> for ArnLiteral {
    #[inline]
    fn into_value(self) -> Value {
        self.0.into()
    }
}

/// An attribute of a resource that is neither its ARN nor its identifier, such as a domain name.
#[derive(Debug, Clone)]
pub struct Attribute(Value);

impl Attribute {
    /// The attribute that `reference` names.
    pub fn of(reference: Reference) -> Self {
        Self(reference.into())
    }
}

impl From<Attribute> for Value {
    fn from(attribute: Attribute) -> Self {
        attribute.0
    }
}
impl From<Attribute> for Expression {
    fn from(attribute: Attribute) -> Self {
        Expression::raw(attribute.0)
    }
}
impl<T: super::TakesExpression + ?Sized> Arg<T> for Attribute {
    #[inline]
    fn into_value(self) -> Value {
        self.0
    }
}

/// A property that takes references of several kinds: `S` is a generated marker that [`Accepts`] them.
#[derive(Debug)]
pub struct Slot<S>(PhantomData<S>);

/// Says that a [`Slot`] takes the reference `R`.
#[diagnostic::on_unimplemented(
    message = "this property does not take `{R}`",
    label = "`{R}` is not one of the kinds that this property refers to"
)]
pub trait Accepts<R: ?Sized> {}

impl<S> Arg<Slot<S>> for Checked {
    #[inline]
    fn into_value(self) -> Value {
        self.0
    }
}
impl<S> Arg<Slot<S>> for ArnLiteral {
    #[inline]
    fn into_value(self) -> Value {
        self.0.into()
    }
}

/// The ARN of a resource of any kind, for properties that refer to more kinds than the schema lists.
///
/// It takes the [`Arn`] of every kind, an attribute, an expression, [`arn!`](crate::arn) and [`literal`], but no plain
/// text and no identifier.
#[derive(Debug)]
pub enum AnyArn {}
impl super::TakesExpression for AnyArn {}
impl<K: ?Sized> Arg<AnyArn> for Arn<K> {
    #[inline]
    fn into_value(self) -> Value {
        self.0
    }
}
impl<K: ?Sized> Arg<AnyArn> for &Arn<K> {
    #[inline]
    fn into_value(self) -> Value {
        self.0.clone()
    }
}
impl Arg<AnyArn> for ArnLiteral {
    #[inline]
    fn into_value(self) -> Value {
        self.0.into()
    }
}
impl Arg<AnyArn> for Checked {
    #[inline]
    fn into_value(self) -> Value {
        self.0
    }
}

/// A value that stands for a resource outside the app, made by [`literal`] or [`assume`].
#[derive(Debug, Clone)]
pub struct Checked(Value);

/// The ARN, name or id of a resource outside the app, as text. Synthesis checks it by the schema's pattern for the property.
pub fn literal(text: impl Into<Text>) -> Checked {
    Checked(Value::String(text.into()))
}

/// An expression that the author knows to give the ARN or identifier that the property wants, such as a parameter.
pub fn assume(expression: impl Into<Expression>) -> Checked {
    Checked(expression.into().into())
}

/// The ARN of a resource outside the app, its form checked by the compiler: see [`arn!`](crate::arn).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArnLiteral(&'static str);

impl Arg<String> for ArnLiteral {
    #[inline]
    fn into_value(self) -> Value {
        self.0.into()
    }
}

impl ArnLiteral {
    /// Checks `text` to be `arn:partition:service:region:account:resource`.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when `text` is of another form.
    pub const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(
            bytes.len() > 4 && bytes[0] == b'a' && bytes[1] == b'r' && bytes[2] == b'n' && bytes[3] == b':',
            "an ARN begins with `arn:`"
        );
        let (mut colons, mut index, mut service) = (0, 0, 0);
        while index < bytes.len() {
            assert!(bytes[index] > b' ' && bytes[index] < 0x7f, "an ARN has no blanks and only ASCII characters");
            if bytes[index] == b':' {
                colons += 1;
            } else if colons == 2 {
                service += 1;
            }
            index += 1;
        }
        assert!(
            colons >= 5 && bytes[bytes.len() - 1] != b':',
            "an ARN is `arn:partition:service:region:account:resource`"
        );
        assert!(service > 0, "an ARN names a service: `arn:partition:service:region:account:resource`");
        Self(text)
    }
}

/// The ARN of a resource outside the app, checked by the compiler.
///
/// ```
/// let role = stackgen_resources::arn!("arn:aws:iam::123456789012:role/reader");
/// ```
/// ```compile_fail
/// let role = stackgen_resources::arn!("role/reader");
/// ```
#[macro_export]
macro_rules! arn {
    ($text:literal) => {{
        const ARN: $crate::typed::ArnLiteral = $crate::typed::ArnLiteral::new($text);
        ARN
    }};
}
