//! The network, as in `--net user,hostfwd=tcp::2222-:22`.

use std::fs;
use std::str::FromStr;

use mynah::net::{Config, Error, UserNet, nameserver};

/// Where the host keeps the addresses of its name servers (resolv.conf(5)).
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// What the guest's network card is plugged into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetOption {
    /// A router that passes connections on to the host's network.
    User(Box<Config>),
    /// There is no network card.
    None,
}

impl FromStr for NetOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split(',').next() {
            Some("user") => match text.parse() {
                Ok(config) => Ok(Self::User(Box::new(config))),
                Err(error) => Err(Error::to_string(&error)),
            },
            Some("none") if text == "none" => Ok(Self::None),
            _ => Err(format!("`{text}` is no network; use none, user or user,hostfwd=tcp::2222-:22")),
        }
    }
}

impl NetOption {
    /// The other end of the cable, if there is a card.
    ///
    /// # Errors
    /// A host port cannot be listened on.
    pub fn open(&self) -> Result<Option<Box<UserNet>>, Error> {
        let Self::User(config) = self else { return Ok(None) };
        let mut config = config.clone();
        // Without name servers the guest gets no answers, as the host does.
        config.dns_server = fs::read_to_string(RESOLV_CONF).ok().and_then(|text| nameserver(&text));
        Ok(Some(Box::new(UserNet::new(*config)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_none() {
        assert_eq!("none".parse(), Ok(NetOption::None));
        let Ok(NetOption::User(config)) = "user,hostfwd=tcp::2222-:22".parse() else {
            panic!("a sound option")
        };
        assert_eq!(config.host_forwards.len(), 1);
        assert!(NetOption::None.open().unwrap().is_none());
        assert!("user".parse::<NetOption>().unwrap().open().unwrap().is_some());
    }

    #[test]
    fn errors_name_the_bad_part() {
        for (text, part) in [("", "hostfwd"), ("tap", "`tap`"), ("none,x", "`none,x`"), ("user,x=1", "`x=1`")]
        {
            let message = text.parse::<NetOption>().unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
