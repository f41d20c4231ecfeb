//! Accesses whose bytes lie in two pages.

use crate::memory::Memory;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use bus::PAGE_BYTES;
use guest::{Access, Fault};

impl Memory {
    /// The physical addresses of both parts, of which the first has so many bytes. No such
    /// access is aligned.
    fn translate_parts(
        &mut self,
        cx: &mut Context,
        at: u64,
        (first, bytes): (u8, u8),
        access: Access,
        regime: u8,
    ) -> Result<[u64; 2], Fault> {
        let behind = at.wrapping_add(first.into());
        for (at, bytes) in [(at, first), (behind, bytes - first)] {
            if self.look_up(cx, at, bytes, access, regime)?.aligned {
                return Err(self.guest.misaligned(at, access));
            }
        }
        let low = self.translate(cx, at, first, access, regime)?;
        Ok([low, self.translate(cx, behind, bytes - first, access, regime)?])
    }

    /// Both pages are translated before either is read, and the parts are read
    /// byte by byte.
    pub(crate) fn load_crossing(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        let first = (PAGE_BYTES - (at & !PAGE_MASK)) as u8;
        let [low, high] = self.translate_parts(cx, at, (first, bytes), Access::Load, regime)?;
        let mut value = 0;
        for i in 0..bytes {
            let phys = if i < first { low + u64::from(i) } else { high + u64::from(i - first) };
            value |= self.load_phys(at, phys, 1, left)? << (8 * i);
        }
        Ok(value)
    }

    /// Stores byte by byte, if there is something to store to for all of them.
    pub(crate) fn store_crossing(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        value: u64,
        regime: u8,
        left: i64,
    ) -> Result<(), Fault> {
        let first = (PAGE_BYTES - (at & !PAGE_MASK)) as u8;
        let [low, high] = self.translate_parts(cx, at, (first, bytes), Access::Store, regime)?;
        let phys = |i: u8| if i < first { low + u64::from(i) } else { high + u64::from(i - first) };
        // A fault must find nothing changed.
        if !(0..bytes).all(|i| self.space.regions().iter().any(|r| r.range.contains(&phys(i)))) {
            return Err(self.guest.bus_error(at, Access::Store));
        }
        for i in 0..bytes {
            let phys = phys(i);
            self.store_phys(at, phys, 1, value >> (8 * i), left)?;
        }
        Ok(())
    }
}
