//! A console at a Unix socket: one client at a time, and the guest goes on
//! whether there is one or not.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::{fs, mem};

use rustix::event::{PollFd, PollFlags};

use super::{Backend, INPUT_BYTES};

/// Output kept for a client that reads slowly; more is lost, as on a line
/// without flow control.
const QUEUE_BYTES: usize = 1 << 20;

/// A listening socket, removed when this is dropped.
pub struct Socket {
    path: PathBuf,
    listener: UnixListener,
    client: Option<Client>,
}

struct Client {
    stream: UnixStream,
    queue: VecDeque<u8>,
    input: Vec<u8>,
}

impl Socket {
    /// Listens at `path`. A socket that a killed program left there is
    /// replaced.
    ///
    /// # Errors
    /// The path is in use, or cannot be; the message says what helps.
    pub fn listen(path: &Path) -> Result<Socket, String> {
        let shown = path.display();
        if is_left_behind(path) {
            // If it cannot be removed, binding tells why.
            let _ = fs::remove_file(path);
        }
        let listener = UnixListener::bind(path).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!(
                    "{shown} is in use; end the program that has it, or choose another --serial unix:PATH"
                )
            }
            _ => format!("cannot listen at {shown}: {error}; choose another --serial unix:PATH"),
        })?;
        listener.set_nonblocking(true).map_err(|error| format!("cannot listen at {shown}: {error}"))?;
        Ok(Socket { path: path.to_owned(), listener, client: None })
    }

    /// Takes the next client if there is none. Others wait in the backlog.
    fn accept(&mut self) {
        if self.client.is_none()
            && let Ok((stream, _)) = self.listener.accept()
            && stream.set_nonblocking(true).is_ok()
        {
            self.client = Some(Client { stream, queue: VecDeque::new(), input: Vec::new() });
        }
    }

    fn exchange(&mut self) {
        if self.client.as_mut().is_some_and(|client| client.exchange().is_err()) {
            self.client = None;
        }
    }
}

/// Whether there is a socket at `path` at which nobody listens.
fn is_left_behind(path: &Path) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket());
    is_socket && UnixStream::connect(path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

impl Client {
    /// Sends and receives what goes without waiting. An error means that the
    /// client has gone.
    fn exchange(&mut self) -> io::Result<()> {
        while !self.queue.is_empty() {
            match again(self.stream.write(self.queue.as_slices().0))? {
                Some(written) => drop(self.queue.drain(..written)),
                None => break,
            }
        }
        if self.input.is_empty() {
            let mut bytes = [0; INPUT_BYTES];
            match again(self.stream.read(&mut bytes))? {
                Some(0) => return Err(ErrorKind::ConnectionReset.into()),
                Some(read) => self.input.extend_from_slice(&bytes[..read]),
                None => (),
            }
        }
        Ok(())
    }
}

/// `None` where it has to be tried again later.
fn again(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Backend for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.accept();
        if let Some(client) = &mut self.client {
            let room = QUEUE_BYTES - client.queue.len();
            client.queue.extend(&bytes[..bytes.len().min(room)]);
        }
        self.exchange();
        Ok(())
    }

    fn read(&mut self) -> Vec<u8> {
        self.accept();
        self.exchange();
        self.client.as_mut().map_or_else(Vec::new, |client| mem::take(&mut client.input))
    }

    fn interests<'a>(&'a self, out: &mut Vec<PollFd<'a>>) {
        match &self.client {
            Some(client) if client.queue.is_empty() => out.push(PollFd::new(&client.stream, PollFlags::IN)),
            Some(client) => out.push(PollFd::new(&client.stream, PollFlags::IN | PollFlags::OUT)),
            None => out.push(PollFd::new(&self.listener, PollFlags::IN)),
        }
    }

    fn is_open(&self) -> bool {
        true
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.exchange();
        // The next program replaces one that is left behind.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket() -> (tempfile::TempDir, PathBuf, Socket) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("console");
        let socket = Socket::listen(&path).unwrap();
        (directory, path, socket)
    }

    fn received(client: &mut UnixStream, bytes: usize) -> Vec<u8> {
        let mut buffer = vec![0; bytes];
        client.read_exact(&mut buffer).unwrap();
        buffer
    }

    #[test]
    fn clients_come_and_go() {
        let (_directory, path, mut socket) = socket();
        socket.write(b"nobody hears this").unwrap();
        for _ in 0..2 {
            let mut client = UnixStream::connect(&path).unwrap();
            socket.write(b"hello").unwrap();
            assert_eq!(received(&mut client, 5), b"hello");
            client.write_all(b"typed").unwrap();
            assert_eq!(socket.read(), b"typed");
            drop(client);
            assert!(socket.read().is_empty() && socket.client.is_none());
        }
        assert!(socket.is_open());
        drop(socket);
        assert!(!path.exists());
    }

    #[test]
    fn a_second_client_waits_for_its_turn() {
        let (_directory, path, mut socket) = socket();
        let (first, mut second) = (UnixStream::connect(&path).unwrap(), UnixStream::connect(&path).unwrap());
        second.write_all(b"two").unwrap();
        assert!(socket.read().is_empty());
        drop(first);
        assert!(socket.read().is_empty());
        assert_eq!(socket.read(), b"two");
    }

    #[test]
    fn a_client_that_does_not_read_loses_output_and_stops_nobody() {
        let (_directory, path, mut socket) = socket();
        let _client = UnixStream::connect(&path).unwrap();
        for _ in 0..40 {
            socket.write(&[b'x'; 64 << 10]).unwrap();
        }
        assert_eq!(socket.client.as_ref().unwrap().queue.len(), QUEUE_BYTES);
    }

    #[test]
    fn a_socket_left_behind_is_replaced_but_none_in_use() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("console");
        drop(UnixListener::bind(&path).unwrap());
        let _socket = Socket::listen(&path).unwrap();
        let Err(message) = Socket::listen(&path) else { panic!("it is in use") };
        assert!(message.contains(&path.display().to_string()) && message.contains("in use"), "{message}");

        let file = directory.path().join("file");
        fs::write(&file, "precious").unwrap();
        assert!(Socket::listen(&file).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"precious");
    }
}
