//! Address translation: Sv39, Sv48, Sv57 with Svnapot, Svpbmt and Svadu.
//!
//! Source: RISC-V Privileged ISA (20240411), §10.3 to §10.6 and chapters
//! "Svnapot", "Svpbmt" and "Svadu".

use crate::fields::{envcfg, privilege, satp};
use crate::pmp::{self, Rights};
use crate::state::{MENVCFG, SATP, regime};
use crate::trap::{access_fault, page_fault};
use bus::{AddressSpace, PhysAddr};
use guest::{Access, CpuState, Fault, Flush, Page};

/// Bits of a physical address (§10.4.1).
const PHYS_BITS: u32 = 56;

/// Fields of a page-table entry (§10.4.1, Svnapot, Svpbmt).
mod pte {
    pub const V: u64 = 1;
    pub const R: u64 = 1 << 1;
    pub const W: u64 = 1 << 2;
    pub const X: u64 = 1 << 3;
    pub const U: u64 = 1 << 4;
    pub const G: u64 = 1 << 5;
    pub const A: u64 = 1 << 6;
    pub const D: u64 = 1 << 7;
    pub const PPN_SHIFT: u32 = 10;
    pub const PPN: u64 = (1 << 44) - 1;
    /// For future standard use.
    pub const RESERVED: u64 = 0x7f << 54;
    pub const PBMT: u64 = 3 << 61;
    pub const N: u64 = 1 << 63;
}

/// Whose rules an access follows: what a regime number stands for.
#[derive(Clone, Copy)]
struct Rules {
    privilege: u64,
    sum: bool,
    mxr: bool,
}

impl Rules {
    /// A number that names no regime gets the rules of U mode.
    fn of(number: u8) -> Rules {
        let (privilege, sum, mxr) = match number {
            regime::MACHINE => (privilege::M, false, false),
            regime::SUPERVISOR => (privilege::S, false, false),
            regime::SUPERVISOR_SUM => (privilege::S, true, false),
            regime::SUPERVISOR_MXR => (privilege::S, false, true),
            regime::SUPERVISOR_SUM_MXR => (privilege::S, true, true),
            regime::USER_MXR => (privilege::U, false, true),
            _ => (privilege::U, false, false),
        };
        Rules { privilege, sum, mxr }
    }

    /// What a leaf entry allows (§10.3.1), but for its A and D bits.
    fn rights(self, entry: u64) -> Rights {
        let user_page = entry & pte::U != 0;
        let (data, code) = match (self.privilege, user_page) {
            (privilege::U, user_page) => (user_page, user_page),
            // §10.1.1.2: SUM is for loads and stores, never for fetches.
            (_, true) => (self.sum, false),
            (_, false) => (true, true),
        };
        let executable = entry & pte::X != 0;
        Rights {
            read: data && (entry & pte::R != 0 || self.mxr && executable),
            write: data && entry & pte::W != 0,
            exec: code && executable,
        }
    }
}

/// Translates `at` for an access of `bytes` bytes inside one 4 KiB page, in a
/// [`regime`]. Sets A and, for stores, D if menvcfg.ADUE says so.
///
/// # Errors
/// The page fault or access fault for `access`.
pub fn walk(
    cpu: &CpuState,
    space: &AddressSpace,
    at: u64,
    bytes: u8,
    access: Access,
    regime: u8,
) -> Result<Page, Fault> {
    translate(cpu, space, at, bytes, access, regime, Marks::Set)
}

/// The same for an access of one byte that is not made: no flag is set. `None` if one
/// would be, or the access faults.
pub fn peek(cpu: &CpuState, space: &AddressSpace, at: u64, access: Access, regime: u8) -> Option<Page> {
    translate(cpu, space, at, 1, access, regime, Marks::Keep).ok()
}

/// What becomes of the flags A and D.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// They are set where menvcfg.ADUE says so.
    Set,
    /// They stay: where one is missing, the walk fails.
    Keep,
}

fn translate(
    cpu: &CpuState,
    space: &AddressSpace,
    at: u64,
    bytes: u8,
    access: Access,
    regime: u8,
    marks: Marks,
) -> Result<Page, Fault> {
    let rules = Rules::of(regime);
    let levels = match cpu.get(SATP) >> satp::MODE_SHIFT {
        _ if rules.privilege == privilege::M => 0,
        satp::SV39 => 3,
        satp::SV48 => 4,
        satp::SV57 => 5,
        _ => 0,
    };
    let leaf = if levels == 0 {
        // M mode's addresses mean the same whatever satp says.
        let global = rules.privilege == privilege::M;
        Leaf { phys: at, rights: Rights::ALL, offset_bits: 12, global }
    } else {
        Walk { cpu, space, at, access, rules, marks }.descend(levels)?
    };
    let Leaf { phys, offset_bits, global, .. } = leaf;
    if phys >> PHYS_BITS != 0 {
        return Err(access_fault(at, access));
    }
    let verdict = pmp::check(cpu, rules.privilege, phys, bytes.max(1).into());
    if !verdict.rights.allow(access) {
        return Err(access_fault(at, access));
    }
    let Rights { read, write, exec } = leaf.rights.and(verdict.rights);
    let whole = offset_bits == 12 || pmp::is_uniform(cpu, phys, offset_bits);
    Ok(Page {
        phys,
        read,
        write,
        exec,
        cacheable: verdict.whole_page,
        global,
        offset_bits: offset_bits as u8,
        whole,
        aligned: false,
        code_mode: 0,
    })
}

/// Where a walk ended.
struct Leaf {
    phys: PhysAddr,
    rights: Rights,
    /// How many low bits of the address the page keeps: 12 for 4 KiB.
    offset_bits: u32,
    /// It is mapped so in every address space.
    global: bool,
}

/// One walk (§10.3.2).
struct Walk<'a> {
    cpu: &'a CpuState,
    space: &'a AddressSpace,
    at: u64,
    access: Access,
    rules: Rules,
    marks: Marks,
}

impl Walk<'_> {
    /// Goes down `levels` (3 to 5) tables from the root.
    fn descend(&self, levels: u32) -> Result<Leaf, Fault> {
        let unused = 64 - (12 + 9 * levels);
        if ((self.at << unused) as i64 >> unused) as u64 != self.at {
            return Err(self.page_fault());
        }
        let mut table = (self.cpu.get(SATP) & satp::PPN) << 12;
        // §10.3.1: G above a leaf makes all below it global.
        let mut global = 0;
        for level in (0..levels).rev() {
            let at = table | (self.at >> (12 + 9 * level) & 0x1ff) << 3;
            let entry = self.load(at)?;
            let reserved = entry & (pte::R | pte::W) == pte::W || entry & pte::RESERVED != 0;
            if entry & pte::V == 0 || reserved {
                return Err(self.page_fault());
            }
            global |= entry & pte::G;
            if entry & (pte::R | pte::X) != 0 {
                return self.leaf(at, entry, level, global != 0);
            }
            // §10.3.1: these are reserved where the entry points to a table.
            if entry & (pte::A | pte::D | pte::U | pte::PBMT | pte::N) != 0 {
                return Err(self.page_fault());
            }
            table = (entry >> pte::PPN_SHIFT & pte::PPN) << 12;
        }
        Err(self.page_fault())
    }

    /// Ends the walk at the leaf `entry`, read from `at` in a table of `level`.
    fn leaf(&self, at: PhysAddr, entry: u64, level: u32, global: bool) -> Result<Leaf, Fault> {
        let offset_bits = self.offset_bits(entry, level).ok_or_else(|| self.page_fault())?;
        if !self.memory_type_is_legal(entry) || !self.rules.rights(entry).allow(self.access) {
            return Err(self.page_fault());
        }
        let entry = self.mark(at, entry)?;
        let mut rights = self.rules.rights(entry);
        rights.write &= entry & pte::D != 0;
        let offset = (1 << offset_bits) - 1;
        let base = (entry >> pte::PPN_SHIFT & pte::PPN) << 12;
        Ok(Leaf { phys: base & !offset | self.at & offset, rights, offset_bits, global })
    }

    /// The size of a leaf's page; `None` for a superpage that is not aligned
    /// (§10.3.2, step 6) or a reserved Svnapot encoding.
    fn offset_bits(&self, entry: u64, level: u32) -> Option<u32> {
        let ppn = entry >> pte::PPN_SHIFT & pte::PPN;
        match (entry & pte::N != 0, level) {
            (false, _) => (ppn & ((1 << (9 * level)) - 1) == 0).then_some(12 + 9 * level),
            // 64 KiB, the only size so far.
            (true, 0) => (ppn & 0xf == 8).then_some(16),
            (true, _) => None,
        }
    }

    /// Svpbmt: PBMT is reserved without menvcfg.PBMTE, and its value 3 always is.
    fn memory_type_is_legal(&self, entry: u64) -> bool {
        let types = self.cpu.get(MENVCFG) & envcfg::PBMTE != 0;
        entry & pte::PBMT == 0 || types && entry & pte::PBMT != pte::PBMT
    }

    /// Sets A, and D for a store, if they are not set (§10.3.2, step 9).
    fn mark(&self, at: PhysAddr, entry: u64) -> Result<u64, Fault> {
        let wanted = if self.access == Access::Store { pte::A | pte::D } else { pte::A };
        if entry & wanted == wanted {
            return Ok(entry);
        }
        if self.marks == Marks::Keep || self.cpu.get(MENVCFG) & envcfg::ADUE == 0 {
            return Err(self.page_fault());
        }
        // Harts take turns on one thread: nothing has come between the read
        // of the entry and this write, so the update is atomic.
        let entry = entry | wanted;
        self.table_ram(at, Access::Store)?.store(at, 8, entry);
        Ok(entry)
    }

    /// Reads an entry.
    fn load(&self, at: PhysAddr) -> Result<u64, Fault> {
        let entry = self.table_ram(at, Access::Load)?.load(at, 8);
        entry.ok_or_else(|| access_fault(self.at, self.access))
    }

    /// The RAM with the entry at `at`, if S may access it so (§10.3.2, step 2:
    /// implicit accesses have S's rights). Tables in devices' registers are
    /// access faults.
    fn table_ram(&self, at: PhysAddr, how: Access) -> Result<&bus::Ram, Fault> {
        let ram = self.space.ram_at(at);
        match ram {
            Some(ram) if pmp::check(self.cpu, privilege::S, at, 8).rights.allow(how) => Ok(ram),
            _ => Err(access_fault(self.at, self.access)),
        }
    }

    fn page_fault(&self) -> Fault {
        page_fault(self.at, self.access)
    }
}

/// What an engine has to forget for `sfence.vma` (§10.2.1): rs1 names an
/// address, rs2 an address space, whose global mappings then stay. `None` says
/// that the register is x0.
pub fn fence(address: Option<u64>, asid: Option<u64>) -> Flush {
    // The bits of rs2 above ASIDLEN are ignored.
    Flush { page: address, space: asid.map(|asid| asid & satp::ASID) }
}

/// The number of the address space: the ASID (§10.1.11).
pub fn address_space(cpu: &CpuState) -> u64 {
    cpu.get(SATP) >> satp::ASID_SHIFT & satp::ASID
}
