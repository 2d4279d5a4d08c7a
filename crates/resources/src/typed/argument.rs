//! Which Rust values a property of a CloudFormation type takes.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use stackgen_template::{Expression, Map, Text, Value};

/// A value that a property of CloudFormation type `T` takes: a literal of that type, or an expression.
///
/// `T` is only a name: `String`, `bool`, `i64`, `f64`, [`Int`](super::Int), [`Any`], [`List`], [`Dict`], a generated
/// property type or enum, or the typed reference [`Arn`](super::Arn), [`Id`](super::Id), [`Slot`](super::Slot).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used where `{T}` is expected",
    label = "expected `{T}`",
    note = "a number in a range is written `int::<30>()`, so that the compiler checks it, or `Int::try_from(number)?` at run time",
    note = "the ARN or identifier of a resource comes from its handle, from `literal(…)` or, unchecked, from `assume(…)`"
)]
pub trait Arg<T: ?Sized> {
    /// The node of the template.
    fn into_value(self) -> Value;
}

/// The types whose properties take any expression: all but typed references and checked numbers of their own.
pub trait TakesExpression {}

impl<T: TakesExpression + ?Sized> Arg<T> for Expression {
    #[inline]
    fn into_value(self) -> Value {
        self.into()
    }
}

impl TakesExpression for String {}
impl Arg<String> for &'static str {
    #[inline]
    fn into_value(self) -> Value {
        Value::String(Text::Borrowed(self))
    }
}
impl Arg<String> for String {
    #[inline]
    fn into_value(self) -> Value {
        Value::String(Text::Owned(self))
    }
}
impl Arg<String> for Text {
    #[inline]
    fn into_value(self) -> Value {
        Value::String(self)
    }
}

macro_rules! scalar {
    ($($target:ty: $($source:ty),+;)*) => {
        $(impl TakesExpression for $target {}
        $(impl Arg<$target> for $source {
            #[inline]
            fn into_value(self) -> Value {
                Value::from(self)
            }
        })+)*
    };
}
scalar! {
    bool: bool;
    i64: i64, i32, u32, u16, u8;
    f64: f64, i32, u32, u16, u8;
}

/// A property that takes any JSON: a policy document, or what the schema does not describe.
#[derive(Debug)]
pub enum Any {}
impl TakesExpression for Any {}
macro_rules! any {
    ($($source:ty),+) => {
        $(impl Arg<Any> for $source {
            #[inline]
            fn into_value(self) -> Value {
                self.into()
            }
        })+
    };
}
any! { bool, i64, i32, u32, u16, u8, f64, Vec<Value> }
impl Arg<Any> for Value {
    #[inline]
    fn into_value(self) -> Value {
        self
    }
}
impl Arg<Any> for Map {
    #[inline]
    fn into_value(self) -> Value {
        Value::Map(self)
    }
}
impl Arg<Any> for &'static str {
    #[inline]
    fn into_value(self) -> Value {
        self.into()
    }
}
impl Arg<Any> for String {
    #[inline]
    fn into_value(self) -> Value {
        self.into()
    }
}

/// A property that takes a list whose items are of type `T`.
#[derive(Debug)]
pub struct List<T: ?Sized>(PhantomData<T>);
impl<T: ?Sized> TakesExpression for List<T> {}
impl<T: ?Sized, A: Arg<T>> Arg<List<T>> for Vec<A> {
    #[inline]
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Arg::into_value).collect())
    }
}
impl<T: ?Sized, A: Arg<T>, const N: usize> Arg<List<T>> for [A; N] {
    #[inline]
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Arg::into_value).collect())
    }
}

/// A property that takes a mapping from names to values of type `T`.
#[derive(Debug)]
pub struct Dict<T: ?Sized>(PhantomData<T>);
impl<T: ?Sized> TakesExpression for Dict<T> {}
impl<T: ?Sized, K: Into<Text>, A: Arg<T>, const N: usize> Arg<Dict<T>> for [(K, A); N] {
    #[inline]
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key.into(), value.into_value())).collect())
    }
}
impl<T: ?Sized, K: Into<Text>, A: Arg<T>> Arg<Dict<T>> for Vec<(K, A)> {
    #[inline]
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key.into(), value.into_value())).collect())
    }
}
impl<T: ?Sized, K: Into<Text>, A: Arg<T>> Arg<Dict<T>> for BTreeMap<K, A> {
    #[inline]
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key.into(), value.into_value())).collect())
    }
}
impl<T: ?Sized> Arg<Dict<T>> for Map {
    #[inline]
    fn into_value(self) -> Value {
        Value::Map(self)
    }
}

/// An enum of the schema. Its variants are the values that the pinned schema knows; `Enum::other("…")` says a newer one.
pub trait StringEnum: Sized {
    /// A value that the pinned schema does not know yet. Synthesis warns of it.
    fn other(value: impl Into<Text>) -> OtherValue<Self> {
        OtherValue(value.into(), PhantomData)
    }
}

/// A value of the enum `E` that the pinned schema does not know: see [`StringEnum::other`].
#[derive(Debug, Clone)]
pub struct OtherValue<E>(Text, PhantomData<fn() -> E>);
impl<E> Arg<E> for OtherValue<E> {
    #[inline]
    fn into_value(self) -> Value {
        Value::String(self.0)
    }
}

/// The name of the type of tags, which most services share.
#[derive(Debug)]
pub enum TagLike {}
impl TakesExpression for TagLike {}

/// A tag of a resource.
#[derive(Debug, Clone)]
pub struct Tag {
    key: Text,
    value: Value,
}

impl Tag {
    /// The tag `key` with `value`.
    pub fn new(key: impl Into<Text>, value: impl Arg<String>) -> Self {
        Self { key: key.into(), value: value.into_value() }
    }
}

impl Arg<TagLike> for Tag {
    fn into_value(self) -> Value {
        Value::Map(Map::from_iter([(Text::Borrowed("Key"), self.key.into()), (Text::Borrowed("Value"), self.value)]))
    }
}
