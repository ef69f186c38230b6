//! CONNECT.
use super::{RunError, Session};
use crate::answer::Sink;
use crate::bind::tree::BoundConnect;
impl Session {
    pub(super) fn connect(&self, connect: &BoundConnect, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        self.query(&connect.meetings, text, sink)
    }
}
