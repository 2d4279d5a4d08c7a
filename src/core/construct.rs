//! What can be added to a scope.

use stackgen_resources::typed::Resource;

use super::{Attributes, Scope};

/// Something that can be added to a [`Scope`]: a resource, or a composition of them.
///
/// A type of one's own implements it to bundle resources:
///
/// ```
/// use stackgen::prelude::*;
///
/// /// A queue of jobs and the topic that tells of failures.
/// struct Inbox;
///
/// impl Construct for Inbox {
///     type Handle = RawHandle;
///
///     fn build(self, scope: &mut Scope<'_>) -> RawHandle {
///         scope.add("Failures", RawResource::new("AWS::SNS::Topic"));
///         scope.add("Jobs", RawResource::new("AWS::SQS::Queue").set("VisibilityTimeout", 60))
///     }
/// }
///
/// let mut app = App::new();
/// app.stack("mail").add("Inbox", Inbox);
/// let synthesis = app.synthesize();
/// assert!(synthesis.stacks[0].template.resource("InboxJobs").is_some());
/// ```
pub trait Construct {
    /// What others need of it: identifiers, attributes, grants. Cheap to clone.
    type Handle;

    /// Adds the parts to `scope`, which is the construct's own.
    fn build(self, scope: &mut Scope<'_>) -> Self::Handle;
}

/// Every typed resource is a construct of one resource.
impl<R: Resource> Construct for R {
    type Handle = R::Handle;

    fn build(self, scope: &mut Scope<'_>) -> R::Handle {
        scope.insert_resource(R::TYPE, self.into_properties(), Attributes::default()).into()
    }
}
