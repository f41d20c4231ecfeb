//! Random bytes: the host's, or the same ones in each run.

use bus::EntropySource;

/// The host kernel's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostEntropy;

impl EntropySource for HostEntropy {
    fn fill(&mut self, buf: &mut [u8]) {
        use rustix::rand::{GetRandomFlags, getrandom};
        let mut filled = 0;
        while filled < buf.len() {
            // Only a wrong argument or an early signal makes it fail, and it
            // gives no less than asked for up to 256 bytes once it is seeded.
            match getrandom(&mut buf[filled..], GetRandomFlags::empty()) {
                Ok(bytes) => filled += bytes,
                Err(rustix::io::Errno::INTR) => (),
                Err(error) => panic!("the host's kernel gives no random bytes: {error}"),
            }
        }
    }
}

/// Bytes that depend on the seed alone: SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014). Not for secrets.
#[derive(Clone, Debug)]
pub struct SeededEntropy(u64);

impl SeededEntropy {
    /// The sequence that `seed` starts.
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}

impl EntropySource for SeededEntropy {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference values for seed 1234567 that Rosetta Code's task
    /// "Pseudo-random numbers/Splitmix64" gives.
    #[test]
    fn the_sequence_is_splitmix64() {
        let mut entropy = SeededEntropy::new(1_234_567);
        let first: [u64; 3] = std::array::from_fn(|_| entropy.next_u64());
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn both_fill_buffers_of_any_size() {
        for len in [0, 1, 7, 8, 9, 1000] {
            let (mut seeded, mut host) = (vec![0; len], vec![0; len]);
            SeededEntropy::new(1).fill(&mut seeded);
            HostEntropy.fill(&mut host);
            assert!(len < 9 || seeded.iter().any(|b| *b != 0) && host.iter().any(|b| *b != 0));
        }
    }
}
