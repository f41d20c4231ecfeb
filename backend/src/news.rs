//! What a vCPU has to be told of: pages that came to hold code, and blocks that went.

use crate::engine::Engine;
use crate::vcpu::Vcpu;
use guest::Flush;
use std::collections::VecDeque;

/// The pages whose first code a vCPU may have to be told of one by one; if
/// there are more, its whole TLB is flushed.
const MAX_PAGE_NEWS: usize = 64;

/// The flushes that are kept for vCPUs to hear of; one that is further behind
/// forgets everything.
const MAX_FLUSHES: usize = 64;

/// What vCPUs have asked all others to forget, the latest.
#[derive(Default)]
pub(crate) struct Flushes {
    latest: VecDeque<Flush>,
    /// How many there ever were.
    count: u64,
}

impl Flushes {
    /// Notes one more; yields how many there were with it.
    pub(crate) fn note(&mut self, flush: Flush) -> u64 {
        if self.latest.len() == MAX_FLUSHES {
            self.latest.pop_front();
        }
        self.latest.push_back(flush);
        self.count += 1;
        self.count
    }

    /// Has a vCPU that knew of the first `seen` do the rest.
    fn pass_on(&self, vcpu: &mut Vcpu, seen: u64) {
        let missed = self.count.saturating_sub(seen);
        match usize::try_from(missed) {
            Ok(missed) if missed <= self.latest.len() => {
                for flush in self.latest.range(self.latest.len() - missed..) {
                    vcpu.flush(*flush);
                }
            }
            _ => vcpu.flush(Flush::ALL),
        }
    }
}

impl Engine {
    /// Tells a vCPU of new code pages, dropped blocks and what it has to forget.
    pub(crate) fn catch_up(&mut self, vcpu: &mut Vcpu) {
        if vcpu.seen.flushes != self.flushes.count {
            self.flushes.pass_on(vcpu, vcpu.seen.flushes);
            vcpu.seen.flushes = self.flushes.count;
        }
        let news = &self.code_pages[vcpu.seen.code_pages.min(self.code_pages.len())..];
        if news.len() > MAX_PAGE_NEWS {
            vcpu.context.tlb.flush();
        }
        for page in news {
            if news.len() <= MAX_PAGE_NEWS {
                vcpu.context.tlb.protect(*page);
            }
            vcpu.context.windows.protect(*page);
        }
        if vcpu.seen.drops != self.drops {
            vcpu.context.flush_jumps();
        }
        (vcpu.seen.code_pages, vcpu.seen.drops) = (self.code_pages.len(), self.drops);
        self.doubt_checks(vcpu);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flushes_are_numbered_and_few_are_kept() {
        let mut flushes = Flushes::default();
        for page in 0..100 {
            assert_eq!(flushes.note(Flush { page: Some(page), space: None }), page + 1);
        }
        assert_eq!(flushes.latest.len(), MAX_FLUSHES);
        assert_eq!(flushes.latest.back().and_then(|flush| flush.page), Some(99));
    }
}
