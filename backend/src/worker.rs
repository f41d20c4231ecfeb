//! The thread that compiles regions while the guest runs on.

use crate::jit::{Compiler, UnitCode};
use crate::region::Region;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A region's code, and how long it took.
pub(crate) struct Compiled {
    /// The number its order had.
    pub(crate) number: u64,
    pub(crate) code: UnitCode,
    pub(crate) time: Duration,
}

/// The compiler's thread.
pub(crate) struct Worker {
    orders: Option<Sender<(u64, Region)>>,
    results: Receiver<Compiled>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    /// The host has no thread to give.
    pub(crate) fn new(mut compiler: Compiler, timer: fn() -> Duration) -> std::io::Result<Worker> {
        let (orders, incoming) = channel::<(u64, Region)>();
        let (outgoing, results) = channel();
        let thread = std::thread::Builder::new().name("mynah-compile".to_owned()).spawn(move || {
            for (number, region) in incoming {
                let started = timer();
                let code = compiler.compile(&region);
                let time = timer().saturating_sub(started);
                if outgoing.send(Compiled { number, code, time }).is_err() {
                    break;
                }
            }
        })?;
        Ok(Worker { orders: Some(orders), results, thread: Some(thread) })
    }

    /// Orders a region's code.
    pub(crate) fn order(&self, number: u64, region: Region) {
        // A thread that has panicked takes no more orders; its panic is shown
        // and the guest runs on without new regions.
        if let Some(orders) = &self.orders {
            let _ = orders.send((number, region));
        }
    }

    /// The next finished one, if there is one.
    pub(crate) fn take(&self) -> Option<Compiled> {
        self.results.try_recv().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
