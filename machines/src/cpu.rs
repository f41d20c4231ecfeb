//! One CPU of a machine, as the scheduler sees it.

use backend::Vcpu;

/// Whether a CPU has something to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Activity {
    /// It has instructions to run.
    Running,
    /// It waits for an interrupt.
    Idle,
    /// It is switched off until another CPU starts it.
    Off,
}

/// A CPU and its activity.
pub struct Cpu {
    /// The CPU.
    pub vcpu: Vcpu,
    /// What it does.
    pub activity: Activity,
}
