//! How compiled code comes back: one word, its low byte a kind.

/// To go on at the pc, wherever its code is.
pub(crate) const JUMP: i64 = 0;
/// The instruction at the pc needs tier 0, says a region.
pub(crate) const SIDE: i64 = 1;
/// The same, says tier 1.
pub(crate) const SIDE_BASELINE: i64 = 2;
/// To go on at the block of the link whose number is above the low byte.
pub(crate) const LINK: i64 = 3;
/// The tier 1 block at the pc has become hot.
pub(crate) const HOT: i64 = 4;
/// At the pc, after mode, translation or pending may have changed.
pub(crate) const RESUME: i64 = 5;
/// At the pc, once the firmware has answered.
pub(crate) const FIRMWARE: i64 = 6;
/// At the pc, once there is an interrupt.
pub(crate) const IDLE: i64 = 7;
/// The region with the check whose number is above the low byte wants to know,
/// before it runs the block at the pc, whether its pages are still mapped.
pub(crate) const CHECK: i64 = 8;

/// At the pc, after the guest took an exception.
pub(crate) const RAISED: i64 = 9;

/// Compiled code's answer, decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    Jump,
    Side,
    SideBaseline,
    Link(u32),
    Hot,
    Check(u32),
    Raised,
    Leave(ir::Leave),
}

impl Status {
    pub(crate) fn decode(word: i64) -> Status {
        match word & 0xff {
            SIDE => Status::Side,
            SIDE_BASELINE => Status::SideBaseline,
            LINK => Status::Link((word >> 8) as u32),
            HOT => Status::Hot,
            CHECK => Status::Check((word >> 8) as u32),
            RAISED => Status::Raised,
            RESUME => Status::Leave(ir::Leave::Resume),
            FIRMWARE => Status::Leave(ir::Leave::Firmware),
            IDLE => Status::Leave(ir::Leave::Idle),
            _ => Status::Jump,
        }
    }
}
