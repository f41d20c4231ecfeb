//! Hosts without windows: there every access goes through the soft TLB.

use crate::vcpu::Context;
use bus::Ram;
use std::io;

/// Whether this host can have windows.
pub(crate) const OFFERED: bool = false;

/// Addresses that cannot be had.
pub(crate) struct Reservation;

impl Reservation {
    pub(crate) fn new(_bytes: u64) -> io::Result<Reservation> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn base(&self) -> u64 {
        0
    }

    pub(crate) fn contains(&self, _host: u64) -> bool {
        false
    }

    pub(crate) fn map(&self, _: u64, _: &Ram, _: u64, _: u64, _: bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn unmap(&self, _offset: u64, _bytes: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

pub(crate) fn set_running(_cx: *mut Context) {}

pub(crate) fn install() -> bool {
    false
}
