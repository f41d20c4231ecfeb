//! What booting costs, in seconds of processor time of this whole process: the
//! demo to its prompt, and Debian's kernel to a shell where `MYNAH_GUESTS` or
//! `../guests/riscv64` has one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, fs, thread};

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use mynah::{CharSink, HostLoop, Image, Machine, MachineConfig, Outcome, PollFd, demo};
use rustix::time::{ClockId, clock_gettime};

/// The demo's prompt.
const PROMPT: &str = "demo> ";
/// What the guest of `shared/guests.md` prints when its shell runs.
const BOOTED: &str = "BOOT-OK";

/// Output that is searched for a text.
struct Search {
    text: &'static [u8],
    recent: Vec<u8>,
    found: Arc<AtomicBool>,
}

impl CharSink for Search {
    fn write(&mut self, bytes: &[u8]) {
        self.recent.extend(bytes);
        if self.recent.windows(self.text.len()).any(|window| window == self.text) {
            self.found.store(true, Ordering::Relaxed);
        }
        let keep = self.text.len() - 1;
        self.recent.drain(..self.recent.len().saturating_sub(keep));
    }
}

/// Types nothing, and stops the machine when the text is found.
struct UntilFound(Arc<AtomicBool>);

impl HostLoop for UntilFound {
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn wait(&mut self, _fds: &[PollFd], timeout: Option<Duration>) {
        if !self.stop_requested() {
            thread::sleep(timeout.unwrap_or(Duration::from_millis(1)));
        }
    }

    fn stop_requested(&mut self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn input_open(&self) -> bool {
        true
    }
}

/// This process's processor time so far, of all threads.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// From making a machine until it has written `text`.
fn boot(text: &'static str, configure: &dyn Fn(MachineConfig) -> MachineConfig) -> Duration {
    let found = Arc::new(AtomicBool::new(false));
    let sink = Search { text: text.as_bytes(), recent: Vec::new(), found: Arc::clone(&found) };
    let config = configure(MachineConfig::new("riscv-virt", Box::new(sink)));
    let start = cpu_time();
    let mut machine = Machine::new(config).expect("the machine is sound");
    let outcome = machine.run(&mut UntilFound(found)).expect("the guest goes on");
    assert_eq!(outcome, Outcome::HostStop, "the guest ended before it printed `{text}`");
    cpu_time() - start
}

fn image(path: &Path) -> Option<Image> {
    Some(Image { name: path.display().to_string(), bytes: fs::read(path).ok()?.into() })
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("boot");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let demo = |config| MachineConfig { kernel: Some(demo()), ..config };
    group.bench_function("demo to its prompt", |b| {
        b.iter_custom(|rounds| (0..rounds).map(|_| boot(PROMPT, &demo)).sum());
    });

    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/riscv64");
    let guests = env::var_os("MYNAH_GUESTS").map_or_else(beside, PathBuf::from);
    let files = image(&guests.join("vmlinux")).zip(image(&guests.join("initramfs-auto.cpio.gz")));
    let Some((kernel, initrd)) = files else {
        eprintln!("no Debian kernel in {}: name a directory that has one by MYNAH_GUESTS", guests.display());
        return;
    };
    let debian = |config| MachineConfig {
        kernel: Some(kernel.clone()),
        initrd: Some(initrd.clone()),
        append: "console=ttyS0".to_owned(),
        memory_bytes: 1 << 30,
        ..config
    };
    group.bench_function("Debian's kernel to BOOT-OK", |b| {
        b.iter_custom(|rounds| (0..rounds).map(|_| boot(BOOTED, &debian)).sum());
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
