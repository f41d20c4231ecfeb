//! Guests prepared from a small mirror made here, without any network.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use cpio::NewcReader;
use flate2::bufread::GzDecoder;
use mynah::debian::{Arch, Error, Guest, Progress, Request, Silent, Sum, prepare};

const KERNEL: &str = "linux-image-6.12.9-riscv64";
const RELEASE: &str = "6.12.9-riscv64";
const INDEX: &str = "dists/trixie/main/binary-riscv64/Packages.xz";
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/debian");

/// A mirror in a directory, with one kernel and one busybox.
struct Fake {
    root: tempfile::TempDir,
}

impl Fake {
    fn new() -> Self {
        let fake = Self { root: tempfile::tempdir().unwrap() };
        let modules =
            "virtio_mmio virtio_pci virtio_blk virtio_net virtio-rng virtio_console ext4 crc32c_generic";
        let builtin: String = modules.split(' ').map(|name| format!("kernel/{name}.ko\n")).collect();
        let kernel = package(&[
            (&format!("./boot/vmlinux-{RELEASE}"), b"a kernel"),
            (&format!("./usr/lib/modules/{RELEASE}/modules.builtin"), builtin.as_bytes()),
        ]);
        let busybox = package(&[("./usr/bin/busybox", b"a busybox")]);
        let index = [
            fake.add(KERNEL, &kernel, ""),
            fake.add("busybox-static", &busybox, ""),
            fake.add("linux-image-riscv64", b"", &format!("Depends: {KERNEL} (= 1)\n")),
        ];
        fake.index(&xz(index.concat().as_bytes()));
        fake
    }

    /// Adds a package and returns its paragraph.
    fn add(&self, name: &str, deb: &[u8], extra: &str) -> String {
        let path = format!("pool/{name}.deb");
        self.write(&path, deb);
        let (bytes, sum) = (deb.len(), Sum::of(deb));
        format!("Package: {name}\nVersion: 1\nFilename: {path}\nSize: {bytes}\nSHA256: {sum}\n{extra}\n")
    }

    fn index(&self, packages: &[u8]) {
        self.write(INDEX, packages);
        let (sum, bytes) = (Sum::of(packages), packages.len());
        let list = format!("SHA256:\n {sum} {bytes} main/binary-riscv64/Packages.xz\n");
        self.write("dists/trixie/InRelease", format!("Codename: trixie\nSuite: stable\n{list}").as_bytes());
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn file_url(&self) -> String {
        format!("file://{}", self.root.path().display())
    }

    /// Serves the mirror on loopback for as long as this process lives.
    /// Requested paths arrive at the receiver.
    fn serve(&self) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/debian", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        let root = self.root.path().to_owned();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &root, |path| sender.send(path).is_ok());
            }
        });
        (url, requests)
    }
}

/// Answers one request, after telling `asked` which path below the mirror it
/// names, unless nobody listens any more.
fn answer(mut stream: TcpStream, root: &Path, asked: impl Fn(String) -> bool) {
    let lines: Vec<String> =
        BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let path = lines[0].split(' ').nth(1).unwrap().strip_prefix("/debian/").unwrap().to_owned();
    if !asked(path.clone()) {
        return;
    }
    let (status, body) = match fs::read(root.join(&path)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())
        .unwrap();
    stream.write_all(&body).unwrap();
}

fn xz(data: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    liblzma::read::XzEncoder::new(data, 1).read_to_end(&mut compressed).unwrap();
    compressed
}

/// A Debian package of these files (deb(5)).
fn package(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut data = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        data.append_data(&mut header, path, *content).unwrap();
    }
    let data = xz(&data.into_inner().unwrap());
    let mut package = b"!<arch>\n".to_vec();
    for (name, content) in [("debian-binary", &b"2.0\n"[..]), ("data.tar.xz", &data)] {
        writeln!(package, "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, 0, 100644, content.len()).unwrap();
        package.extend_from_slice(content);
        package.resize(package.len().next_multiple_of(2), b'\n');
    }
    package
}

/// A request that accepts the unsigned mirror at `url`.
fn request(url: &str, cache: &Path) -> Request {
    let mut request = Request::new(Arch::Riscv64);
    request.mirror = Some(url.to_owned());
    request.cache = Some(cache.to_owned());
    request.allow_unsigned = true;
    request
}

fn error(request: &Request) -> Error {
    prepare(request, &mut Silent).unwrap_err()
}

/// Paths and contents of the archives that make up an initial file system.
fn unpack(mut initrd: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    while !initrd.is_empty() {
        let mut archive = Vec::new();
        let mut decoder = GzDecoder::new(&mut initrd);
        decoder.read_to_end(&mut archive).unwrap();
        let mut rest = archive.as_slice();
        loop {
            let mut reader = NewcReader::new(rest).unwrap();
            let name = reader.entry().name().to_owned();
            if reader.entry().is_trailer() {
                break;
            }
            let mut content = Vec::new();
            reader.read_to_end(&mut content).unwrap();
            rest = reader.finish().unwrap();
            files.push((name, content));
        }
    }
    files
}

fn check(guest: &Guest) {
    assert_eq!(guest.kernel, b"a kernel");
    assert_eq!(guest.kernel_release, RELEASE);
    assert!(guest.description.contains(KERNEL), "{}", guest.description);
    let files = unpack(&guest.initrd);
    assert!(files.contains(&("bin/busybox".to_owned(), b"a busybox".to_vec())));
    assert!(files.iter().any(|(path, content)| path == "init" && content.starts_with(b"#!/bin/busybox")));
}

/// Collects what the user would be told.
#[derive(Default)]
struct Notes(Vec<String>);

impl Progress for Notes {
    fn start(&mut self, _what: &str, _total_bytes: Option<u64>) {}
    fn advance(&mut self, _bytes: u64) {}
    fn finish(&mut self) {}
    fn note(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

#[test]
fn a_directory_gives_a_guest_with_a_script() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let mut request = request(&fake.file_url(), cache.path());
    let shell = prepare(&request, &mut Silent).unwrap();
    check(&shell);
    request.script = Some(b"exit 3\n".to_vec());
    let guest = prepare(&request, &mut Silent).unwrap();
    check(&guest);
    let files = unpack(&guest.initrd);
    assert_eq!(files.last(), Some(&("script".to_owned(), b"exit 3\n".to_vec())));
    assert_eq!(files.len(), unpack(&shell.initrd).len() + 1);
}

#[test]
fn a_lacking_module_is_told_but_no_error() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let mut notes = Notes::default();
    check(&prepare(&request(&fake.file_url(), cache.path()), &mut notes).unwrap());
    assert!(notes.0.iter().any(|note| note.contains("no module isofs")), "{:?}", notes.0);
}

#[test]
fn a_second_run_asks_the_server_for_the_index_only() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let (url, requests) = fake.serve();
    let request = request(&url, cache.path());
    check(&prepare(&request, &mut Silent).unwrap());
    let expected =
        ["dists/trixie/InRelease", INDEX, "pool/busybox-static.deb", &format!("pool/{KERNEL}.deb")];
    assert_eq!(requests.try_iter().collect::<Vec<_>>(), expected);
    check(&prepare(&request, &mut Silent).unwrap());
    assert_eq!(requests.try_iter().collect::<Vec<_>>(), expected[..1]);
}

#[test]
fn indexes_are_fetched_by_hash_where_the_mirror_offers_it() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let packages = fs::read(fake.path(INDEX)).unwrap();
    let by_hash = format!("dists/trixie/main/binary-riscv64/by-hash/SHA256/{}", Sum::of(&packages));
    let release = fs::read_to_string(fake.path("dists/trixie/InRelease")).unwrap();
    fake.write("dists/trixie/InRelease", format!("Acquire-By-Hash: yes\n{release}").as_bytes());
    let request = request(&fake.file_url(), cache.path());
    // The plain name already holds the next index, as it may amid an update.
    fake.write(INDEX, b"the next index");
    assert!(matches!(error(&request), Error::Mismatch { .. } | Error::TooLong { .. }));
    fake.write(&by_hash, &packages);
    check(&prepare(&request, &mut Silent).unwrap());
}

#[test]
fn another_name_of_the_suite_helps_where_its_indexes_are_stale() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    for name in ["InRelease", "main/binary-riscv64/Packages.xz"] {
        let content = fs::read(fake.path(&format!("dists/trixie/{name}"))).unwrap();
        fake.write(&format!("dists/stable/{name}"), &content);
    }
    let release = fs::read_to_string(fake.path("dists/trixie/InRelease")).unwrap();
    // A newer index is signed, but what it promises has not arrived.
    let newer = release.replace(&Sum::of(&fs::read(fake.path(INDEX)).unwrap()).to_string(), &"0".repeat(64));
    fake.write("dists/trixie/InRelease", newer.as_bytes());
    let mut request = request(&fake.file_url(), cache.path());
    let mut notes = Notes::default();
    check(&prepare(&request, &mut notes).unwrap());
    assert!(notes.0.iter().any(|note| note.contains("using dists/stable")), "{:?}", notes.0);

    // What was found that way is what an offline run uses.
    request.offline = true;
    check(&prepare(&request, &mut Silent).unwrap());
}

#[test]
fn another_release_is_no_substitute_for_a_stale_one() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let release = fs::read_to_string(fake.path("dists/trixie/InRelease")).unwrap();
    fake.write("dists/stable/InRelease", release.replace("trixie", "forky").as_bytes());
    fake.write("dists/stable/main/binary-riscv64/Packages.xz", &fs::read(fake.path(INDEX)).unwrap());
    fake.write(INDEX, b"the next index");
    let refused = error(&request(&fake.file_url(), cache.path()));
    assert!(matches!(&refused, Error::Mismatch { url, .. } if url.ends_with(INDEX)), "{refused}");
}

#[test]
fn the_cache_suffices_offline_and_when_the_mirror_is_gone() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let mut request = request(&fake.file_url(), cache.path());
    request.offline = true;
    assert!(matches!(error(&request), Error::Offline { .. }));
    request.offline = false;
    let guest = prepare(&request, &mut Silent).unwrap();

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    request.mirror = Some(format!("http://{closed}/debian"));
    for offline in [false, true] {
        request.offline = offline;
        let mut notes = Notes::default();
        let again = prepare(&request, &mut notes).unwrap();
        assert_eq!((&again.kernel, &again.initrd), (&guest.kernel, &guest.initrd));
        assert!(notes.0.iter().any(|note| note.starts_with("using the cached index")), "{:?}", notes.0);
    }
}

#[test]
fn a_damaged_cache_is_repaired() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let mut request = request(&fake.file_url(), cache.path());
    let guest = prepare(&request, &mut Silent).unwrap();
    for file in fs::read_dir(cache.path().join("sha256")).unwrap() {
        fs::write(file.unwrap().path(), "damage").unwrap();
    }
    request.offline = true;
    assert!(matches!(error(&request), Error::Offline { .. }));
    request.offline = false;
    let again = prepare(&request, &mut Silent).unwrap();
    assert_eq!((again.kernel, again.initrd), (guest.kernel, guest.initrd));
}

#[test]
fn files_that_differ_from_the_index_are_refused() {
    for path in [INDEX, "pool/busybox-static.deb", &format!("pool/{KERNEL}.deb")] {
        let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
        let mut content = fs::read(fake.path(path)).unwrap();
        *content.last_mut().unwrap() ^= 1;
        fake.write(path, &content);
        let request = request(&fake.file_url(), cache.path());
        let refused = error(&request);
        assert!(matches!(&refused, Error::Mismatch { url, .. } if url.ends_with(path)), "{refused}");
        content.extend_from_slice(b"more");
        fake.write(path, &content);
        assert!(matches!(error(&request), Error::TooLong { .. }));
        fs::remove_file(fake.path(path)).unwrap();
        assert!(matches!(error(&request), Error::NotFound { .. }));
    }
}

#[test]
fn garbage_is_no_index_even_where_signatures_are_waived() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let request = request(&fake.file_url(), cache.path());
    for garbage in ["", "\0\u{1}\u{2}", "<html>Please log in</html>", "Codename: trixie\nSHA256:\n xyz 1 a\n"]
    {
        fake.write("dists/trixie/InRelease", garbage.as_bytes());
        assert!(matches!(error(&request), Error::Index { .. }), "{garbage:?}");
    }
}

#[test]
fn another_suite_under_the_name_is_refused() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let release = fs::read_to_string(fake.path("dists/trixie/InRelease")).unwrap();
    fake.write("dists/trixie/InRelease", release.replace("trixie", "sid").as_bytes());
    assert!(matches!(error(&request(&fake.file_url(), cache.path())), Error::Index { .. }));
    let mut request = request(&fake.file_url(), cache.path());
    request.suite = "../trixie".to_owned();
    assert!(matches!(error(&request), Error::Suite(_)));
}

#[test]
fn only_a_known_signature_is_trusted() {
    let (fake, cache) = (Fake::new(), tempfile::tempdir().unwrap());
    let mut request = request(&fake.file_url(), cache.path());
    request.allow_unsigned = false;
    assert!(matches!(error(&request), Error::Signature { .. }), "unsigned");

    let signed = fs::read(Path::new(DATA).join("InRelease")).unwrap();
    fake.write("dists/trixie/InRelease", &signed);
    request.keyring = Some(Path::new(DATA).join("stranger.gpg"));
    assert!(matches!(error(&request), Error::Signature { .. }), "unknown key");
    request.keyring = Some(Path::new(DATA).join("signer.gpg"));
    // The signed index promises another Packages.xz than this mirror has: the
    // signature is accepted, and what it vouches for is still demanded.
    let refused = error(&request);
    assert!(matches!(refused, Error::Mismatch { .. } | Error::TooLong { .. }), "{refused}");
}
