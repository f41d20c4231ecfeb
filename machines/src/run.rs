//! The run loop: a deterministic round-robin scheduler on one thread.
//!
//! CPUs run slices in turn. Between slices the chips whose deadline has come
//! act, and the host's side is asked for input. With a counted clock, a slice
//! ends at the next deadline, and when all CPUs are idle time jumps there: the
//! run is then a function of the configuration and of what the host types.

use crate::cpu::Activity;
use crate::error::MachineError;
use crate::machine::{Machine, monotonic};
use backend::{Exit, NS_PER_INSTRUCTION};
use bus::PollFd;
use devices::power::PowerRequest;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Instructions in a slice of the only CPU that runs. At a thousand million of
/// them a second it lasts 100 µs: so late can an input or a timer be.
pub const SLICE: u64 = 100_000;
/// The same if several run: also how long one waits for a lock whose owner
/// does not run.
pub const SLICE_SHARED: u64 = 20_000;
/// Input is asked for no more while this much waits to be taken.
const INPUT_BYTES_MAX: usize = 4096;

/// The host's side of a running machine.
pub trait HostLoop {
    /// What was typed since the last call; empty if nothing was.
    fn input(&mut self) -> Vec<u8>;

    /// Waits until input comes, one of `fds` is ready, a stop is requested or
    /// `timeout` has passed, whichever is first. It may return early.
    fn wait(&mut self, fds: &[PollFd], timeout: Option<Duration>);

    /// Whether [`Machine::run`] is to return.
    fn stop_requested(&mut self) -> bool;

    /// Whether somebody has pressed the machine's power button since the last call.
    /// A machine without one pays no attention.
    fn power_button(&mut self) -> bool {
        false
    }

    /// Whether input may still come. If not, a guest that waits for nothing
    /// else is an error, not a wait without end.
    fn input_open(&self) -> bool;
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The guest switched the machine off.
    PowerOff {
        /// The guest's exit code, 0 for success.
        code: i32,
    },
    /// The host wanted it to end.
    HostStop,
}

impl Machine {
    /// Runs the machine until it is switched off or the host stops it; after
    /// the latter it can be called again. A guest that asks for a reset gets it.
    ///
    /// # Errors
    /// Nothing can ever happen any more, or the host fails.
    pub fn run(&mut self, host: &mut dyn HostLoop) -> Result<Outcome, MachineError> {
        loop {
            if host.stop_requested() {
                return Ok(Outcome::HostStop);
            }
            self.take_input(host);
            if host.power_button() {
                self.press_power_button();
            }
            self.poll();
            self.board.expire(&self.clock);
            let ran = self.round()?;
            match self.power.take() {
                Some(PowerRequest::Off { code }) => return Ok(Outcome::PowerOff { code: code as i32 }),
                Some(PowerRequest::Reset) => self.reset()?,
                None if ran => (),
                None => self.idle(host)?,
            }
        }
    }

    /// Gives each CPU that can run a slice; tells whether there was one.
    fn round(&mut self) -> Result<bool, MachineError> {
        let mut ran = false;
        for index in 0..self.cpus.len() {
            if !self.wake(index) {
                continue;
            }
            ran = true;
            self.slice(index)?;
            self.board.expire(&self.clock);
            if self.power.pending().is_some() || self.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(ran)
    }

    /// Whether CPU `index` runs, an idle one after a look at its pins.
    fn wake(&mut self, index: usize) -> bool {
        let cpu = &mut self.cpus[index];
        if cpu.activity == Activity::Idle {
            let (lines, now_ns) = (cpu.vcpu.lines().levels(), self.clock.now_ns());
            self.guest.sample(cpu.vcpu.registers_mut(), lines, now_ns);
            if self.guest.wakes(cpu.vcpu.state()) {
                cpu.activity = Activity::Running;
            }
        }
        cpu.activity == Activity::Running
    }

    fn slice(&mut self, index: usize) -> Result<(), MachineError> {
        let budget = self.budget();
        let cpu = &mut self.cpus[index];
        // Another CPU may have stored where the reservation is.
        cpu.vcpu.drop_reservation();
        self.board.initiator().set(index as u32);
        let started = monotonic();
        let exit = self.engine.run(&mut cpu.vcpu, budget);
        self.spent.engine += monotonic().saturating_sub(started);
        if exit == Exit::Idle {
            cpu.activity = Activity::Idle;
        }
        if exit == Exit::Stop {
            // Whoever raised it is asked once this slice is over.
            self.stop.store(false, Ordering::Relaxed);
        }
        let (platform, mut around) = self.platform();
        platform.after_slice(index, &mut around)?;
        if exit == Exit::Firmware {
            platform.firmware_call(index, &mut around);
        }
        Ok(())
    }

    /// Instructions of the next slice.
    fn budget(&self) -> u64 {
        let running = self.cpus.iter().filter(|cpu| cpu.activity == Activity::Running).count();
        let slice = if running > 1 { SLICE_SHARED } else { SLICE };
        let slice = slice.min(self.platform.slice_max());
        if !self.clock.is_counted() {
            return slice;
        }
        // What is due already has had its turn.
        let now_ns = self.clock.now_ns();
        let ahead = self.deadlines_ns().filter(|due_ns| *due_ns > now_ns).min();
        ahead.map_or(slice, |due_ns| slice.min((due_ns - now_ns).div_ceil(NS_PER_INSTRUCTION)))
    }

    /// The deadlines of chips and CPUs.
    fn deadlines_ns(&self) -> impl Iterator<Item = u64> {
        let on = self.cpus.iter().filter(|cpu| cpu.activity != Activity::Off);
        on.filter_map(|cpu| self.guest.deadline_ns(cpu.vcpu.state())).chain(self.board.deadlines_ns())
    }

    /// Passes time until something can happen.
    fn idle(&mut self, host: &mut dyn HostLoop) -> Result<(), MachineError> {
        if self.cpus.iter().all(|cpu| cpu.activity == Activity::Off) {
            return Err(MachineError::Stalled("it has switched off its last CPU"));
        }
        let fds = self.poll_fds();
        let due_ns = self.deadlines_ns().min();
        if due_ns.is_none() && fds.is_empty() && !host.input_open() {
            return Err(MachineError::Stalled(
                "all CPUs wait for an interrupt, no timer is set, and there is no input to come",
            ));
        }
        let started = monotonic();
        match due_ns {
            Some(due_ns) if self.clock.is_counted() => {
                self.clock.advance_to(due_ns);
                if !fds.is_empty() {
                    host.wait(&fds, Some(Duration::ZERO));
                }
            }
            Some(due_ns) => {
                let wait_ns = due_ns.saturating_sub(self.clock.now_ns());
                host.wait(&fds, Some(Duration::from_nanos(wait_ns)));
            }
            None => host.wait(&fds, None),
        }
        self.spent.waiting += monotonic().saturating_sub(started);
        Ok(())
    }

    fn poll_fds(&self) -> Vec<PollFd> {
        let mut fds = Vec::new();
        if let Some(net) = &self.net {
            let net = net.lock().unwrap_or_else(PoisonError::into_inner);
            net.transport().device().poll_fds(&mut fds);
        }
        fds
    }

    fn press_power_button(&self) {
        if let Some(button) = &self.power_button {
            button.lock().unwrap_or_else(PoisonError::into_inner).press();
        }
    }

    /// Lets the network card look for frames.
    fn poll(&mut self) {
        if let Some(net) = &self.net {
            net.lock().unwrap_or_else(PoisonError::into_inner).poll();
        }
    }

    /// Hands what was typed to the console that the guest reads.
    fn take_input(&mut self, host: &mut dyn HostLoop) {
        if self.input.len() < INPUT_BYTES_MAX {
            self.input.extend(host.input());
        }
        if self.input.is_empty() {
            return;
        }
        let bytes = self.input.make_contiguous();
        let taken = match &self.console {
            Some(console) => {
                let mut console = console.lock().unwrap_or_else(PoisonError::into_inner);
                let taken = console.with_device(|device| device.receive(bytes));
                console.poll();
                taken
            }
            None => self.uart.lock().unwrap_or_else(PoisonError::into_inner).receive(bytes),
        };
        self.input.drain(..taken);
    }
}

#[cfg(test)]
mod tests;
