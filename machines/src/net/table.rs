//! A bounded table that gives up its longest idle entry: what every kind of
//! flow is kept in.

use std::collections::BTreeMap;

/// At most `capacity` values, each remembering when it was last of use. Ordered
/// by key, so that runs repeat.
pub(super) struct Table<K, V> {
    entries: BTreeMap<K, Entry<V>>,
    capacity: usize,
}

struct Entry<V> {
    value: V,
    used_ns: u64,
}

impl<K: Ord + Copy, V> Table<K, V> {
    pub(super) fn new(capacity: usize) -> Table<K, V> {
        assert!(capacity > 0, "a table without room cannot make any");
        Table { entries: BTreeMap::new(), capacity }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// The value of `key`, marked as used now.
    pub(super) fn touch(&mut self, key: &K, now_ns: u64) -> Option<&mut V> {
        let entry = self.entries.get_mut(key)?;
        entry.used_ns = now_ns;
        Some(&mut entry.value)
    }

    /// The value of `key`, without marking it as used.
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Adds a value, and returns the one that had to go for it: the key's old
    /// one, or the longest idle.
    pub(super) fn insert(&mut self, key: K, value: V, now_ns: u64) -> Option<(K, V)> {
        let old = match self.entries.contains_key(&key) {
            true => Some(key),
            false if self.entries.len() >= self.capacity => self.longest_idle(),
            false => None,
        };
        let evicted = old.and_then(|old| Some((old, self.remove(&old)?)));
        self.entries.insert(key, Entry { value, used_ns: now_ns });
        evicted
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key).map(|entry| entry.value)
    }

    /// Takes out what `idle_ns` says has been idle for too long.
    pub(super) fn expire(&mut self, now_ns: u64, idle_ns: impl Fn(&K) -> u64) -> Vec<(K, V)> {
        self.entries
            .extract_if(.., |key, entry| now_ns.saturating_sub(entry.used_ns) >= idle_ns(key))
            .map(|(key, entry)| (key, entry.value))
            .collect()
    }

    /// When [`expire`](Self::expire) will next find something.
    pub(super) fn next_expiry(&self, idle_ns: impl Fn(&K) -> u64) -> Option<u64> {
        self.entries.iter().map(|(key, entry)| entry.used_ns.saturating_add(idle_ns(key))).min()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter().map(|(key, entry)| (key, &entry.value))
    }

    pub(super) fn longest_idle(&self) -> Option<K> {
        self.entries.iter().min_by_key(|(_, entry)| entry.used_ns).map(|(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_full_table_gives_up_its_longest_idle_entry() {
        let mut table = Table::new(2);
        assert!(table.insert(1, 'a', 10).is_none());
        assert!(table.insert(2, 'b', 20).is_none());
        assert_eq!(table.touch(&1, 30), Some(&mut 'a'));
        assert_eq!(table.insert(3, 'c', 40), Some((2, 'b')));
        assert_eq!(table.insert(3, 'd', 50), Some((3, 'c')));
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn entries_expire_exactly_when_announced() {
        let mut table = Table::new(4);
        table.insert(1, 'a', 100);
        table.insert(2, 'b', 150);
        let at = table.next_expiry(|_| 60).expect("two entries wait to expire");
        assert_eq!(at, 160);
        assert!(table.expire(at - 1, |_| 60).is_empty());
        assert_eq!(table.expire(at, |_| 60), [(1, 'a')]);
    }
}
