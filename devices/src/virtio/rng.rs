//! Entropy device, virtio-rng (virtio 1.2, section 5.4).

use super::{Queues, VirtioDevice};
use bus::{EntropySource, RestoreError, Snapshot};

const REQUESTS: usize = 0;
/// The most given for one request; more is not owed (section 5.4.6.2).
const BYTES_MAX: usize = 4096;

/// Hands the host's randomness to the guest.
pub struct Rng {
    source: Box<dyn EntropySource>,
}

impl Rng {
    /// A device that draws on `source`.
    pub fn new(source: Box<dyn EntropySource>) -> Rng {
        Rng { source }
    }
}

impl VirtioDevice for Rng {
    const DEVICE_ID: u32 = 4;

    fn features(&self) -> u64 {
        0
    }

    fn queue_sizes(&self) -> &'static [u16] {
        &[64]
    }

    fn read_config(&self, _offset: u64, data: &mut [u8]) {
        data.fill(0);
    }

    fn reset(&mut self) {}

    fn notify(&mut self, _queue: usize, queues: &mut Queues<'_>) {
        self.poll(queues);
    }

    fn poll(&mut self, queues: &mut Queues<'_>) {
        let mut buf = [0; BYTES_MAX];
        while let Some(mut chain) = queues.pop(REQUESTS) {
            let len = chain.writable_bytes().min(BYTES_MAX as u64) as usize;
            self.source.fill(&mut buf[..len]);
            chain.write(queues.dma(), &buf[..len]);
            queues.push(REQUESTS, chain);
        }
    }
}

impl Snapshot for Rng {
    const KIND: &'static str = "virtio-rng";
    const VERSION: u32 = 1;
    type State = ();

    fn save(&self) {}

    fn restore(&mut self, (): ()) -> Result<(), RestoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtio::driver::{Buffer, Guest};

    /// Not random, so that a test can tell what was asked for.
    struct Counting(u8);

    impl EntropySource for Counting {
        fn fill(&mut self, buf: &mut [u8]) {
            for byte in buf {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }

    #[test]
    fn requests_are_filled_across_descriptors() {
        let mut guest = Guest::started(Rng::new(Box::new(Counting(0))), 0);
        let head = guest.offer(REQUESTS, &[Buffer::room(3), Buffer::room(2)]);
        guest.notify(REQUESTS);
        assert_eq!(guest.used(REQUESTS), [(head, 5)]);
        assert_eq!(guest.room(REQUESTS, head), [1, 2, 3, 4, 5]);
        assert!(guest.irq.level());
    }

    #[test]
    fn one_request_gets_a_bounded_amount() {
        let mut guest = Guest::started(Rng::new(Box::new(Counting(0))), 0);
        let head = guest.offer(REQUESTS, &[Buffer::room(BYTES_MAX + 1)]);
        guest.notify(REQUESTS);
        assert_eq!(guest.used(REQUESTS), [(head, BYTES_MAX as u32)]);
    }
}
