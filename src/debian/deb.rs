//! Takes single files out of a Debian package (deb(5)): an `ar` archive whose
//! member `data.tar.*` holds the files.

use std::io::{self, BufReader, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use tar::Archive;

const MAGIC: &[u8; 8] = b"!<arch>\n";
/// What a decoder may allocate; `xz -9` needs 65 MiB.
const DECODER_BYTES: u64 = 256 << 20;
/// The most a package may unpack to.
const UNPACKED_BYTES: u64 = 4 << 30;

/// A regular file of a package.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path, without a leading slash or dot.
    pub path: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// The regular files of the package whose paths are `wanted`, in its order.
/// Together they may have at most `limit_bytes`.
pub fn extract(
    package: impl Read,
    limit_bytes: u64,
    wanted: impl Fn(&str) -> bool,
) -> io::Result<Vec<Member>> {
    let data = decoder(data_member(package)?)?;
    let mut archive = Archive::new(BufReader::new(data.take(UNPACKED_BYTES)));
    let mut members = Vec::new();
    let mut room_bytes = limit_bytes;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = path.trim_start_matches("./").trim_start_matches('/');
        if !entry.header().entry_type().is_file() || !wanted(path) {
            continue;
        }
        let path = path.to_owned();
        room_bytes =
            room_bytes.checked_sub(entry.size()).ok_or_else(|| invalid("its files are too large"))?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        members.push(Member { path, content });
    }
    Ok(members)
}

/// The decoder for xz data, in one or several streams.
pub fn xz<R: Read>(input: R) -> io::Result<XzDecoder<R>> {
    let stream = Stream::new_stream_decoder(DECODER_BYTES, CONCATENATED)?;
    Ok(XzDecoder::new_stream(input, stream))
}

/// The member `data.tar.*`: its suffix and content.
fn data_member<R: Read>(mut package: R) -> io::Result<(String, io::Take<R>)> {
    let mut magic = [0; MAGIC.len()];
    package.read_exact(&mut magic)?;
    if &magic != MAGIC {
        return Err(invalid("it is no ar archive"));
    }
    loop {
        let (name, bytes) = ar_header(&mut package)?;
        if let Some(suffix) = name.strip_prefix("data.tar") {
            return Ok((suffix.to_owned(), package.take(bytes)));
        }
        // Members are padded to even lengths.
        let padded_bytes = bytes.saturating_add(bytes % 2);
        if io::copy(&mut package.by_ref().take(padded_bytes), &mut io::sink())? < padded_bytes {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Name and length of the next member: the first 16 of the header's 60 bytes,
/// and the ten before its end mark.
fn ar_header(package: &mut impl Read) -> io::Result<(String, u64)> {
    let mut header = [0; 60];
    package.read_exact(&mut header)?;
    let field = |from: usize, to: usize| String::from_utf8_lossy(&header[from..to]).trim_end().to_owned();
    let bytes = field(48, 58).parse().map_err(|_| invalid("an ar header is damaged"))?;
    if &header[58..] != b"`\n" {
        return Err(invalid("an ar header is damaged"));
    }
    Ok((field(0, 16).trim_end_matches('/').to_owned(), bytes))
}

fn decoder<'a, R: Read + 'a>((suffix, data): (String, R)) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match suffix.as_str() {
        "" => Box::new(data),
        ".xz" => Box::new(xz(data)?),
        ".gz" => Box::new(MultiGzDecoder::new(data)),
        ".zst" => Box::new(zstd::Decoder::new(data)?),
        other => return Err(invalid(&format!("it is compressed as {other:?}, which is not known"))),
    })
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;
    use liblzma::write::XzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn tarball() -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, content) in [("./usr/bin/busybox", "box"), ("./boot/vmlinux-6", "kernel")] {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, path, content.as_bytes()).unwrap();
        }
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(tar::EntryType::Symlink);
        link.set_size(0);
        builder.append_link(&mut link, "./boot/vmlinux", "vmlinux-6").unwrap();
        builder.into_inner().unwrap()
    }

    fn compressed(suffix: &str, data: &[u8]) -> Vec<u8> {
        match suffix {
            ".xz" => {
                let mut encoder = XzEncoder::new(Vec::new(), 1);
                encoder.write_all(data).unwrap();
                encoder.finish().unwrap()
            }
            ".gz" => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(data).unwrap();
                encoder.finish().unwrap()
            }
            ".zst" => zstd::encode_all(data, 1).unwrap(),
            _ => data.to_vec(),
        }
    }

    fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = MAGIC.to_vec();
        for (name, content) in members {
            writeln!(archive, "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, 0, 100644, content.len())
                .unwrap();
            archive.extend_from_slice(content);
            archive.resize(archive.len().next_multiple_of(2), b'\n');
        }
        archive
    }

    fn package(suffix: &str) -> Vec<u8> {
        let data = compressed(suffix, &tarball());
        ar(&[("debian-binary", b"2.0\n"), ("odd/", b"abc"), (&format!("data.tar{suffix}"), &data)])
    }

    #[test]
    fn wanted_files_are_taken_from_every_kind_of_package() {
        for suffix in ["", ".xz", ".gz", ".zst"] {
            let members = extract(package(suffix).as_slice(), 6, |path| path.starts_with("boot/")).unwrap();
            let kernel = Member { path: "boot/vmlinux-6".to_owned(), content: b"kernel".to_vec() };
            assert_eq!(members, [kernel], "{suffix}");
        }
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        let error = extract(package(".xz").as_slice(), 8, |_| true).unwrap_err();
        assert!(error.to_string().contains("too large"), "{error}");
    }

    #[test]
    fn unknown_compressions_and_missing_members_are_errors() {
        let unknown = ar(&[("data.tar.lzma2", b"")]);
        assert!(extract(unknown.as_slice(), 9, |_| true).unwrap_err().to_string().contains(".lzma2"));
        let without = ar(&[("debian-binary", b"2.0\n")]);
        assert_eq!(extract(without.as_slice(), 9, |_| true).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert!(extract(&b"garbage!"[..], 9, |_| true).is_err());
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(extract(bytes.as_slice(), 1 << 20, |_| true).is_err());
            let member = ar(&[("data.tar", &bytes)]);
            let _ = extract(member.as_slice(), 1 << 20, |_| true);
        }

        #[test]
        fn damage_never_panics(
            suffix in prop::sample::select(vec!["", ".xz", ".gz", ".zst"]),
            at in any::<prop::sample::Index>(),
            value in any::<u8>(),
            kept in any::<prop::sample::Index>(),
        ) {
            let mut bytes = package(suffix);
            let index = at.index(bytes.len());
            bytes[index] = value;
            let _ = extract(bytes.as_slice(), 1 << 20, |_| true);
            bytes.truncate(kept.index(bytes.len()));
            let _ = extract(bytes.as_slice(), 1 << 20, |_| true);
        }
    }
}
