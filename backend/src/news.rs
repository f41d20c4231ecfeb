//! What a vCPU has to be told of: pages that came to hold code, and blocks that went.

use crate::engine::Engine;
use crate::vcpu::Vcpu;

/// The pages whose first code a vCPU may have to be told of one by one; if
/// there are more, its whole TLB is flushed.
const MAX_PAGE_NEWS: usize = 64;

impl Engine {
    /// Tells a vCPU of new code pages and dropped blocks.
    pub(crate) fn catch_up(&mut self, vcpu: &mut Vcpu) {
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
