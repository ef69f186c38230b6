//! A few values by the names of their columns: what a row has of many that it could have.

pub use crate::value::text::Text;

/// Values by name, in the order of the names. Rows have a few of them: to look through them takes less than any map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slots<T>(Vec<(&'static str, T)>);

impl<T> Default for Slots<T> {
    fn default() -> Slots<T> {
        Slots(Vec::new())
    }
}

impl<T> Slots<T> {
    /// With room for so many.
    pub fn with_capacity(count: usize) -> Slots<T> {
        Slots(Vec::with_capacity(count))
    }

    #[inline]
    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| is(known, name))
    }

    #[inline]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| is(known, name)).map(|(_, value)| value)
    }

    #[inline]
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.0.iter_mut().find(|(known, _)| is(known, name)).map(|(_, value)| value)
    }

    #[inline]
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Puts a value in; what was there comes out.
    pub fn insert(&mut self, name: &'static str, value: impl Into<T>) -> Option<T> {
        let value = value.into();
        match self.get_mut(name) {
            Some(there) => Some(std::mem::replace(there, value)),
            None => {
                let at = self.0.iter().rposition(|(known, _)| *known < name).map_or(0, |before| before + 1);
                // A row has few, and there are many rows: no room is kept for more than half of what is there.
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(1 + self.0.len() / 2);
                }
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// The value of that name, which is made if there is none.
    pub fn get_or_insert_with(&mut self, name: &'static str, make: impl FnOnce() -> T) -> Option<&mut T> {
        if !self.contains_key(name) {
            self.insert(name, make());
        }
        self.get_mut(name)
    }

    pub fn remove(&mut self, name: &str) -> Option<T> {
        self.position(name).map(|at| self.0.remove(at).1)
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&'static str, &mut T) -> bool) {
        self.0.retain_mut(|(name, value)| keep(name, value));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &T)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut T)> {
        self.0.iter_mut().map(|(name, value)| (*name, value))
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<T> Extend<(&'static str, T)> for Slots<T> {
    fn extend<I: IntoIterator<Item = (&'static str, T)>>(&mut self, values: I) {
        values.into_iter().for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

/// Names are declared once, so that those of one column mostly are one.
#[inline]
fn is(known: &str, name: &str) -> bool {
    // Hardly two names of as many letters begin alike: most need no more than a look.
    std::ptr::eq(known, name)
        || (known.len() == name.len() && known.as_bytes().first() == name.as_bytes().first() && known == name)
}
