//! Interrupts from the keyboard: the first ends the watching, the second the program.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::oneshot::{self, Receiver};

use super::super::options::INTERRUPTED;

/// Whether an answer is waited for: then nobody looks at what the first interrupt asks for.
static IS_ASKING: AtomicBool = AtomicBool::new(false);

/// Listens for interrupts in a thread of its own, so that they are heard whatever the program waits for. What is given back
/// comes at the first one; it never comes where they cannot be listened for.
pub(super) fn listen() -> Receiver<()> {
    let (first, heard) = oneshot::channel();
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async move {
            let mut first = Some(first);
            while tokio::signal::ctrl_c().await.is_ok() {
                match first.take() {
                    Some(first) if !IS_ASKING.load(Ordering::SeqCst) => drop(first.send(())),
                    _ => leave(),
                }
            }
        });
    });
    heard
}

/// Ends the program at once: it does not come to look at what was asked for, or was asked twice.
#[expect(clippy::exit, reason = "the thread that could end the program in order is busy")]
fn leave() -> ! {
    process::exit(INTERRUPTED.into())
}

/// Waits for an answer. An interrupt meanwhile ends the program: nothing is under way then that it began.
pub(super) fn while_asking<T>(ask: impl FnOnce() -> T) -> T {
    IS_ASKING.store(true, Ordering::SeqCst);
    let answer = ask();
    IS_ASKING.store(false, Ordering::SeqCst);
    answer
}
