//! Rules of single services, which no schema states.

use super::context::Context;
use crate::Finding;

pub(super) fn check(_context: &Context<'_>, _findings: &mut Vec<Finding>) {}
