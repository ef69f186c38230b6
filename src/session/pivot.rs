//! ACROSS and ZEROS.
use super::{RunError, Session};
use crate::answer::Sink;
use crate::bind::tree::BoundQuery;
impl Session {
    pub(super) fn pivoted(&self, query: &BoundQuery, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        self.query(query, text, sink)
    }
}
