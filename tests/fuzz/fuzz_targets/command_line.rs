//! Any words on the command line, and any values of the options that have a
//! grammar of their own.

#![no_main]

use clap::Parser;
use libfuzzer_sys::fuzz_target;
use machines::net::{Config, nameserver};
use mynah_fuzz::cli::drive::DriveOption;
use mynah_fuzz::cli::network::NetOption;
use mynah_fuzz::cli::options::Options;
use mynah_fuzz::cli::serial::SerialOption;
use mynah_fuzz::cli::{memory, tiers};

/// What is wrong is said in a sentence.
fn said<T>(parsed: Result<T, String>) {
    if let Err(message) = parsed {
        assert!(message.len() > 10, "{message}");
    }
}

fuzz_target!(|text: &str| {
    let _ = nameserver(text);
    said(memory::parse(text));
    said(tiers::parse(text));
    said(text.parse::<DriveOption>());
    said(text.parse::<SerialOption>());
    said(text.parse::<NetOption>());
    said(text.parse::<Config>().map_err(|error| error.to_string()));
    let words = ["mynah"].into_iter().chain(text.split('\n'));
    said(Options::try_parse_from(words).map_err(|error| error.to_string()));
});
