//! The steps from a request to a guest.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use super::cache::{self, Cache};
use super::deb::{self, Member};
use super::error::Error;
use super::hash::Sum;
use super::index::{Index, Package};
use super::initramfs::{self, Parts};
use super::mirror::Mirror;
use super::module::Modules;
use super::progress::{Counted, Progress};
use super::release::{Clearsigned, Listed, Release};
use super::stanza::{Stanza, Stanzas};
use super::{Guest, Request, sources, verify};

/// The most an index of a suite may have; Debian's are about 150 KB.
const RELEASE_BYTES: u64 = 16 << 20;
/// The most an index of packages may unpack to; Debian's are about 60 MB.
const PACKAGES_BYTES: u64 = 1 << 30;
/// The most that is taken out of one package; a kernel's are about 130 MB.
const MEMBERS_BYTES: u64 = 1 << 30;

/// One call of [`prepare`](super::prepare).
pub struct Session<'a> {
    request: &'a Request,
    progress: &'a mut dyn Progress,
    cache: Cache,
    /// None when offline.
    mirror: Option<Mirror>,
}

/// A suite's index that is trusted.
struct Dist {
    /// Its directory below `dists`.
    name: String,
    text: Vec<u8>,
    release: Release,
}

/// What a suite's index leads to.
enum Found {
    /// A guest an earlier run built.
    Guest(Guest),
    /// The packages to build one of.
    Index(Index),
}

impl<'a> Session<'a> {
    /// Opens the cache and finds the mirror.
    pub fn new(request: &'a Request, progress: &'a mut dyn Progress) -> Result<Self, Error> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if request.suite.is_empty() || !request.suite.chars().all(plain) {
            return Err(Error::Suite(request.suite.clone()));
        }
        let root = request.cache.clone().map_or_else(cache::default_root, Ok)?;
        let address = || request.mirror.clone().unwrap_or_else(|| sources::mirror(sources::APT.as_ref()));
        let mirror = if request.offline { None } else { Some(Mirror::new(&address())?) };
        let cache = Cache::open(root, progress)?;
        Ok(Self { request, progress, cache, mirror })
    }

    /// The guest without a script.
    pub fn prepare(mut self) -> Result<Guest, Error> {
        let dist = self.dist()?;
        let (dist, key, found) = match self.find(&dist) {
            Ok((key, found)) => (dist, key, found),
            Err(error) if error.is_stale() => self.find_by_alias(&dist, error)?,
            Err(error) => return Err(error),
        };
        let guest = match found {
            Found::Guest(guest) => guest,
            Found::Index(index) => self.build(key, &index)?,
        };
        // Only now is all that it promises in the cache too.
        self.cache.store_index(&self.request.suite, &dist.text)?;
        Ok(guest)
    }

    /// What `dist` leads to, and the key under which it is built.
    fn find(&mut self, dist: &Dist) -> Result<(Sum, Found), Error> {
        let path = format!("main/binary-{}/Packages.xz", self.request.arch);
        let listed = dist.release.file(&path).ok_or_else(|| Error::Package {
            package: path.clone(),
            suite: self.request.suite.clone(),
            arch: self.request.arch.name(),
        })?;
        // The sum of the index of packages stands for every package in it.
        let key = [listed.sum.to_string().as_bytes(), &initramfs::recipe()?].concat();
        let key = Sum::of(&key);
        let found = match self.built(key)? {
            Some(guest) => Found::Guest(guest),
            None => Found::Index(self.index(dist, &path, listed)?),
        };
        Ok((key, found))
    }

    /// The same by another name of the suite. A mirror that is a cache may
    /// serve a new `InRelease` with old indexes for hours, but the directory
    /// of another name of the same suite, cached at another time, is often
    /// whole. It counts only if its own signed index has the same code name.
    fn find_by_alias(&mut self, stale: &Dist, error: Error) -> Result<(Dist, Sum, Found), Error> {
        for name in stale.release.aliases().filter(|name| *name != stale.name) {
            let Ok((url, text)) = self.fetch_release(name) else { continue };
            let Ok(release) = self.trusted(&url, &text, &stale.release.codename) else { continue };
            let dist = Dist { name: name.to_owned(), text, release };
            let Ok((key, found)) = self.find(&dist) else { continue };
            let (old, new) = (&stale.release.description, &dist.release.description);
            self.progress.note(&format!("the mirror lacks the index of {old}; using dists/{name}: {new}"));
            return Ok((dist, key, found));
        }
        Err(error)
    }

    /// The suite's index, new or, without a network, the last one that worked.
    fn dist(&mut self) -> Result<Dist, Error> {
        let suite = self.request.suite.as_str();
        let cached = self.cache.index(suite);
        let (what, text, is_old) = match (self.fetch_release(suite), cached) {
            (Ok((url, text)), _) => (url, text, false),
            (Err(error), Some(text)) if error.is_unreachable() || self.request.offline => {
                if !self.request.offline {
                    self.progress.note(&error.to_string());
                }
                ("the cached index".to_owned(), text, true)
            }
            (Err(error), _) => return Err(error),
        };
        let release = self.trusted(&what, &text, suite)?;
        if is_old {
            self.progress.note(&format!("using the cached index: {}", release.description));
        }
        Ok(Dist { name: suite.to_owned(), text, release })
    }

    /// The address and text of the index of `suite` on the mirror.
    fn fetch_release(&mut self, suite: &str) -> Result<(String, Vec<u8>), Error> {
        let path = format!("dists/{suite}/InRelease");
        let Some(mirror) = &self.mirror else { return Err(self.missing("an index of the suite")) };
        let url = mirror.url(&path);
        self.progress.start(&format!("fetching {url}"), None);
        let mut text = Vec::new();
        let written = mirror.fetch(&path, RELEASE_BYTES, &mut text, self.progress);
        self.progress.finish();
        written?.map_err(Error::cache("write to", self.cache.root()))?;
        Ok((url, text))
    }

    /// Reads the index called `what` if its signature is good, or need not be,
    /// and if it is that of `suite`.
    fn trusted(&mut self, what: &str, text: &[u8], suite: &str) -> Result<Release, Error> {
        let unusable = |reason: &str| Error::Index { what: what.to_owned(), reason: reason.to_owned() };
        let message = match Clearsigned::split(text) {
            Ok(signed) => {
                if let Err(reason) = self.verify(&signed) {
                    self.doubt(what, reason)?;
                }
                signed.message
            }
            Err(reason) => {
                self.doubt(what, reason.to_owned())?;
                String::from_utf8_lossy(text).into_owned()
            }
        };
        let release = Release::parse(&message).map_err(unusable)?;
        if ![&release.codename, &release.suite].contains(&&suite.to_owned()) {
            let reason = format!("it is of {} or {}, not {suite}", release.codename, release.suite);
            return Err(unusable(&reason));
        }
        Ok(release)
    }

    fn verify(&self, signed: &Clearsigned) -> Result<(), String> {
        let keyring = self.request.keyring.clone().or_else(verify::keyring);
        let keyring: PathBuf = keyring.ok_or("this host has no keys of the Debian archive")?;
        verify::verify(signed, &keyring)
    }

    /// Fails for `reason`, unless unsigned indexes are allowed.
    fn doubt(&mut self, what: &str, reason: String) -> Result<(), Error> {
        if !self.request.allow_unsigned {
            return Err(Error::Signature { what: what.to_owned(), reason });
        }
        self.progress.note(&format!("going on although the signature of {what} is not trusted: {reason}"));
        Ok(())
    }

    /// What an earlier run built, if it is still whole.
    fn built(&self, key: Sum) -> Result<Option<Guest>, Error> {
        let Some(note) = self.cache.built(key)? else { return Ok(None) };
        let note = Stanzas::new(note.as_slice()).flatten().next().unwrap_or_default();
        Ok(self.guest_from(&note))
    }

    fn guest_from(&self, note: &Stanza) -> Option<Guest> {
        let file = |name| self.cache.read(note.get(name)?.parse().ok()?);
        let text = |name| note.get(name).map(str::to_owned);
        Some(Guest {
            kernel: file("Kernel")?,
            initrd: file("Initrd")?,
            kernel_release: text("Release")?,
            description: text("Description")?,
        })
    }

    /// Builds the guest from packages and caches it.
    fn build(&mut self, key: Sum, index: &Index) -> Result<Guest, Error> {
        let absent = |package| Error::Package {
            package,
            suite: self.request.suite.clone(),
            arch: self.request.arch.name(),
        };
        let kernel_package = index.kernel(self.request.arch.name()).map_err(absent)?.clone();
        let busybox_package = index.busybox().map_err(absent)?.clone();
        let busybox = self.busybox(&busybox_package)?;
        let (kernel_release, kernel, modules) = self.kernel(&kernel_package)?;

        self.progress.start("building the initial file system", None);
        let wanted: Vec<&str> = [&initramfs::AT_BOOT[..], &initramfs::ON_DEMAND[..]].concat();
        for lacking in wanted.iter().filter(|name| !modules.has(name)) {
            self.progress.note(&format!("{} has no module {lacking}", kernel_package.name));
        }
        let modules = modules.choose(&wanted).map_err(|error| broken(&kernel_package, error))?;
        let parts = Parts { busybox: &busybox, release: &kernel_release, modules: &modules };
        let initrd = parts.build()?;
        self.progress.finish();
        let (Package { name, version, .. }, box_version) = (&kernel_package, &busybox_package.version);
        let origin = format!("{name} {version} and busybox-static {box_version}");
        let guest = Guest { kernel, initrd, kernel_release, description: origin };
        self.keep(key, &guest)?;
        Ok(guest)
    }

    fn keep(&self, key: Sum, guest: &Guest) -> Result<(), Error> {
        let note = format!(
            "Description: {}\nRelease: {}\nKernel: {}\nInitrd: {}\n",
            guest.description,
            guest.kernel_release,
            self.cache.store(&guest.kernel)?,
            self.cache.store(&guest.initrd)?,
        );
        self.cache.store_built(key, note.as_bytes())
    }

    /// The index of packages at `path` below the suite.
    fn index(&mut self, dist: &Dist, path: &str, listed: Listed) -> Result<Index, Error> {
        let suite = format!("dists/{}", dist.name);
        let mut paths = vec![format!("{suite}/{path}")];
        if let Some((directory, _)) = path.rsplit_once('/').filter(|_| dist.release.by_hash) {
            paths.insert(0, format!("{suite}/{directory}/by-hash/SHA256/{}", listed.sum));
        }
        let file = self.obtain("the index of packages", &paths, listed)?;
        self.progress.start("reading the index of packages", Some(listed.bytes));
        let decoder = deb::xz(Counted::new(file, self.progress));
        let index = decoder.and_then(|decoder| Index::read(BufReader::new(decoder.take(PACKAGES_BYTES))));
        self.progress.finish();
        index.map_err(|error| Error::Index { what: paths.swap_remove(0), reason: error.to_string() })
    }

    fn busybox(&mut self, package: &Package) -> Result<Vec<u8>, Error> {
        let is_busybox = |path: &str| path == "usr/bin/busybox" || path == "bin/busybox";
        let members = self.unpack(package, is_busybox)?;
        let busybox = members.into_iter().next();
        Ok(busybox.ok_or_else(|| broken(package, "it has no /usr/bin/busybox"))?.content)
    }

    /// The kernel's release, the kernel, and its modules.
    fn kernel(&mut self, package: &Package) -> Result<(String, Vec<u8>, Modules), Error> {
        let mut members = self.unpack(package, |path| release_of(path).is_some() || Modules::wants(path))?;
        let at = members.iter().position(|member| release_of(&member.path).is_some());
        let kernel = members.swap_remove(at.ok_or_else(|| broken(package, "it has no /boot/vmlinux"))?);
        let release = release_of(&kernel.path).unwrap_or_default().to_owned();
        Ok((release, kernel.content, Modules::new(members)))
    }

    fn unpack(&mut self, package: &Package, wanted: impl Fn(&str) -> bool) -> Result<Vec<Member>, Error> {
        let file = self.obtain(&package.name, std::slice::from_ref(&package.path), package.file)?;
        self.progress.start(&format!("unpacking {}", package.name), Some(package.file.bytes));
        let input = BufReader::new(Counted::new(file, self.progress));
        let members = deb::extract(input, MEMBERS_BYTES, wanted);
        self.progress.finish();
        members.map_err(|error| broken(package, error))
    }

    /// The file of the sum and length `listed`, from the cache or else from
    /// the first of `paths` that the mirror has.
    fn obtain(&mut self, what: &str, paths: &[String], listed: Listed) -> Result<File, Error> {
        if let Some(file) = self.cache.open_file(listed.sum) {
            return Ok(file);
        }
        let mut result = Err(self.missing(what));
        if self.mirror.is_some() {
            self.progress.start(&format!("fetching {what}"), Some(listed.bytes));
        }
        for path in paths {
            result = self.fetch(what, path, listed);
            if !matches!(result, Err(Error::NotFound { .. })) {
                break;
            }
        }
        self.progress.finish();
        result?;
        self.cache.open_file(listed.sum).ok_or_else(|| self.missing(what))
    }

    fn fetch(&mut self, what: &str, path: &str, listed: Listed) -> Result<(), Error> {
        let Some(mirror) = &self.mirror else { return Err(self.missing(what)) };
        let mut sink = self.cache.begin()?;
        let written = mirror.fetch(path, listed.bytes, &mut sink, self.progress)?;
        written.map_err(Error::cache("write to", self.cache.root()))?;
        let (file, found, found_bytes) = sink.finish();
        if (found, found_bytes) != (listed.sum, listed.bytes) {
            let (url, wanted, wanted_bytes) = (mirror.url(path), listed.sum, listed.bytes);
            return Err(Error::Mismatch { url, wanted, wanted_bytes, found, found_bytes });
        }
        self.cache.commit(file, found)
    }

    fn missing(&self, what: &str) -> Error {
        Error::Offline { what: what.to_owned(), cache: self.cache.root().to_owned() }
    }
}

/// The release in the name of a kernel's file.
fn release_of(path: &str) -> Option<&str> {
    path.strip_prefix("boot/vmlinux-").or_else(|| path.strip_prefix("boot/vmlinuz-"))
}

fn broken(package: &Package, reason: impl ToString) -> Error {
    Error::Unpack { package: package.name.clone(), reason: reason.to_string() }
}
