//! Lists whose items are of different Rust types.

use std::marker::PhantomData;

use stackgen_template::Value;

use super::argument::Arg;

/// A value for a property of CloudFormation type `T`, whatever Rust type it came from: see [`item`].
#[derive(Debug, Clone)]
pub struct Item<T: ?Sized>(Value, PhantomData<fn() -> T>);

/// Makes values of different Rust types the same type, for lists and maps: `[item(role.arn()), item(literal("…"))]`.
///
/// [`list!`](crate::list) writes it for every item.
pub fn item<T: ?Sized>(value: impl Arg<T>) -> Item<T> {
    Item(value.into_value(), PhantomData)
}

impl<T: ?Sized> Arg<T> for Item<T> {
    #[inline]
    fn into_value(self) -> Value {
        self.0
    }
}

/// A list whose items may be of different Rust types, as long as the property takes each of them.
///
/// ```
/// use stackgen_resources::list;
/// use stackgen_resources::typed::{Arg, Expression, List};
///
/// fn allowed_origins(origins: impl Arg<List<String>>) {}
///
/// allowed_origins(list!["https://example.org", Expression::reference("Origin")]);
/// ```
#[macro_export]
macro_rules! list {
    ($($item:expr),* $(,)?) => {
        [$($crate::typed::item($item)),*]
    };
}
