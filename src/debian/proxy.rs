//! Which HTTP proxy the environment asks for, by the usual variables:
//! `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, in either case.

/// The proxy for requests to `url`, looked up in `environment`.
pub fn for_url(url: &str, environment: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let either_case = |name: &str| {
        let value = environment(name).or_else(|| environment(&name.to_ascii_uppercase()));
        value.filter(|value| !value.is_empty())
    };
    if either_case("no_proxy").is_some_and(|list| exempts(&list, host(rest))) {
        return None;
    }
    either_case(&format!("{scheme}_proxy")).or_else(|| either_case("all_proxy"))
}

/// The host of `[user@]host[:port][/path]`.
fn host(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a `no_proxy` list names the host, a domain above it, or everything.
fn exempts(list: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    list.split([',', ' ']).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = entry.trim_start_matches("*.").trim_start_matches('.').to_ascii_lowercase();
        entry == "*" || host == entry || host.ends_with(&format!(".{entry}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variables = variables.iter().map(|(n, v)| (n.to_string(), v.to_string()));
        let variables: std::collections::HashMap<_, _> = variables.collect();
        for_url(url, |name| variables.get(name).cloned())
    }

    #[test]
    fn the_variable_follows_the_scheme() {
        let variables = [("http_proxy", "http://a:1"), ("HTTPS_PROXY", "http://b:2")];
        assert_eq!(proxy("http://deb.debian.org/debian", &variables).unwrap(), "http://a:1");
        assert_eq!(proxy("https://deb.debian.org/debian", &variables).unwrap(), "http://b:2");
        assert_eq!(proxy("https://x/", &[("ALL_PROXY", "http://c")]).unwrap(), "http://c");
        assert_eq!(proxy("http://x/", &[("http_proxy", "")]), None);
        assert_eq!(proxy("http://x/", &[]), None);
    }

    #[test]
    fn exempt_hosts_are_asked_directly() {
        let asked = |url, list| proxy(url, &[("http_proxy", "http://a"), ("no_proxy", list)]).is_none();
        assert!(asked("http://u:p@Deb.Debian.org:80/debian", "localhost, debian.org"));
        assert!(asked("http://deb.debian.org", ".debian.org"));
        assert!(asked("http://[::1]:80/", "::1"));
        assert!(asked("http://x/", "*"));
        assert!(!asked("http://notdebian.org/", "debian.org"));
        assert!(!asked("http://x/", " ,"));
    }
}
