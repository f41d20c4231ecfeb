//! Address spaces by the number: what is remembered of one is marked with
//! numbers that are given once. So a space is forgotten by giving it others, and
//! one that comes again finds what it left.

/// Spaces that are known by their numbers. What is remembered of any other is
/// lost; a shell's pipelines take some ten.
const MAX_SPACES: usize = 64;

/// Log2 of the numbers a CPU has before it has to forget all and start anew.
const NUMBER_BITS: u32 = 24;

/// Which translations hold now: those learnt in one of two contexts. No context
/// is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Contexts {
    /// That of the present address space.
    pub(crate) local: u32,
    /// That of global translations.
    pub(crate) global: u32,
}

impl Contexts {
    /// Whether what was learnt in this context holds.
    #[inline]
    pub(crate) fn hold(self, context: u32) -> bool {
        context == self.local || context == self.global
    }
}

/// An address space, or all that is global.
#[derive(Clone, Copy)]
struct Space {
    /// The guest's number for it.
    name: u64,
    /// Marks its translations.
    context: u32,
    /// Marks its entries in the jump cache. 0 if it has got none yet.
    generation: u32,
}

/// The numbers.
pub(crate) struct Spaces {
    /// Never empty.
    known: Vec<Space>,
    current: usize,
    global: Space,
    /// The CPU's first number, and the number given last.
    base: u32,
    last: u32,
    /// Which of the known spaces is next to be given up.
    oldest: usize,
}

impl Spaces {
    /// With CPU number `cpu` in the address space `name`, and nothing remembered.
    /// CPUs share what compares generations, so each has numbers of its own.
    pub(crate) fn new(cpu: u32, name: u64) -> Spaces {
        let base = (cpu % (1 << (32 - NUMBER_BITS))) << NUMBER_BITS;
        let global = Space { name: 0, context: base + 1, generation: base + 2 };
        let first = Space { name, context: base + 3, generation: base + 4 };
        Spaces { known: vec![first], current: 0, global, base, last: base + 4, oldest: 0 }
    }

    /// The same with all numbers to be given again.
    pub(crate) fn anew(&self, name: u64) -> Spaces {
        Spaces::new(self.base >> NUMBER_BITS, name)
    }

    /// The present address space.
    pub(crate) fn current(&self) -> u64 {
        self.known[self.current].name
    }

    /// Which translations hold.
    pub(crate) fn contexts(&self) -> Contexts {
        Contexts { local: self.known[self.current].context, global: self.global.context }
    }

    /// The context of an address space, if something may be remembered of it.
    pub(crate) fn context_of(&self, name: u64) -> Option<u32> {
        self.known.iter().find(|space| space.name == name).map(|space| space.context)
    }

    /// What marks entries of the jump cache for code that is global, or that may
    /// be the present space's.
    pub(crate) fn generation(&self, global: bool) -> u32 {
        if global { self.global.generation } else { self.known[self.current].generation }
    }

    /// Makes another address space the present one.
    pub(crate) fn enter(&mut self, name: u64) {
        self.current = match self.known.iter().position(|space| space.name == name) {
            Some(index) => index,
            None => self.add(name),
        };
        if self.known[self.current].generation == 0 {
            self.known[self.current].generation = self.next();
        }
    }

    fn add(&mut self, name: u64) -> usize {
        let space = Space { name, context: self.next(), generation: 0 };
        if self.known.len() < MAX_SPACES {
            self.known.push(space);
            return self.known.len() - 1;
        }
        self.oldest = (self.oldest + 1) % MAX_SPACES;
        self.known[self.oldest] = space;
        self.oldest
    }

    /// Forgets what is remembered of one address space.
    pub(crate) fn renew(&mut self, name: u64) {
        if let Some(index) = self.known.iter().position(|space| space.name == name) {
            let (context, generation) = (self.next(), self.next());
            self.known[index] = Space { name, context, generation };
        }
    }

    /// Forgets what is remembered of all.
    pub(crate) fn renew_all(&mut self) {
        let space = |name, last: u32| Space { name, context: last + 1, generation: last + 2 };
        self.known = vec![space(self.current(), self.last)];
        self.global = space(0, self.last + 2);
        self.last += 4;
        (self.current, self.oldest) = (0, 0);
    }

    /// Forgets all of the jump cache, and no translation.
    pub(crate) fn renew_generations(&mut self) {
        self.known.iter_mut().for_each(|space| space.generation = 0);
        self.known[self.current].generation = self.next();
        self.global.generation = self.next();
    }

    /// Whether numbers are about to run out. All that is marked with one has to
    /// go then, before they start anew.
    pub(crate) fn is_exhausted(&self) -> bool {
        // No call above takes more than four.
        self.last - self.base > (1 << NUMBER_BITS) - 8
    }

    fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// As if nearly all numbers had been given.
    #[cfg(test)]
    pub(crate) fn spend(&mut self) {
        self.last = self.base + (1 << NUMBER_BITS) - 9;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_that_comes_again_has_its_numbers() {
        let mut spaces = Spaces::new(0, 7);
        let first = (spaces.contexts(), spaces.generation(false));
        spaces.enter(8);
        assert_ne!(spaces.contexts().local, first.0.local);
        assert_eq!(spaces.contexts().global, first.0.global);
        spaces.enter(7);
        assert_eq!((spaces.contexts(), spaces.generation(false)), first);
    }

    #[test]
    fn what_is_renewed_never_has_a_number_again() {
        let mut spaces = Spaces::new(0, 0);
        let mut given = std::collections::HashSet::new();
        for round in 0..500 {
            spaces.enter(round % 100);
            match round % 3 {
                0 => spaces.renew(round % 100),
                1 => spaces.renew_all(),
                _ => spaces.renew_generations(),
            }
            assert!(given.insert(spaces.generation(false)), "round {round}");
            if round % 3 != 2 {
                assert!(given.insert(spaces.contexts().local), "round {round}");
            }
            assert!(spaces.known.len() <= MAX_SPACES);
        }
    }

    #[test]
    fn more_spaces_than_are_known_are_still_told_apart() {
        let mut spaces = Spaces::new(0, 0);
        let mut given = std::collections::HashSet::new();
        for name in 0..200 {
            spaces.enter(name);
            assert_eq!(spaces.current(), name);
            assert!(given.insert(spaces.contexts().local));
        }
        assert_eq!(spaces.context_of(0), None);
    }

    /// One that is not there now gets its generation when it comes.
    #[test]
    fn no_generation_is_ever_zero() {
        let mut spaces = Spaces::new(0, 0);
        spaces.enter(1);
        let old = spaces.generation(false);
        spaces.enter(0);
        spaces.renew_generations();
        spaces.enter(1);
        assert!(spaces.generation(false) != 0 && spaces.generation(false) != old);
    }
}
