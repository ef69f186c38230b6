//! iCalendar (RFC 5545): an event of whole days for each meeting, visit and event whose days are known.

use super::{Export, TOLD, by_link, exact, in_order, label, leave_out, linked, status};
use crate::catalog::NounId;
use crate::catalog::vocabulary::HELD;
use crate::dataset::model::{Entry, Model};
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::value::date::{Bounds, Day, to_civil};
use crate::value::text::Text;
use sha2::{Digest, Sha256};

/// What has days, with the link that its accounts have.
const DATED: [(NounId, &str); 3] =
    [(NounId::Meetings, "meeting"), (NounId::Visits, "visit"), (NounId::Events, "event")];

/// Statuses that a calendar knows.
const STATUSES: [(&str, &str); 3] = [(HELD, "CONFIRMED"), ("planned", "TENTATIVE"), ("cancelled", "CANCELLED")];

/// Octets in a line, without its end.
const WIDTH: usize = 75;

/// What has its days.
///
/// # Errors
/// When it was stopped.
pub fn export(model: &Model, progress: &Progress) -> Result<Export, Diagnostic> {
    progress.begin(super::EXPORTING, DATED.iter().map(|(noun, _)| model.of(*noun).len() as u64).sum());
    let mut made = Export::default();
    let mut calendar = Calendar { text: String::new() };
    let title = model.settings.get("title").map_or("bilat", String::as_str);
    calendar.line("BEGIN", "VCALENDAR");
    calendar.line("VERSION", "2.0");
    calendar.line("PRODID", "-//bilat//bilat export//EN");
    calendar.line("CALSCALE", "GREGORIAN");
    calendar.text("NAME", title);
    calendar.text("X-WR-CALNAME", title);
    let of = Sha256::digest(title.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    for (noun, link) in DATED {
        let told = by_link(model, NounId::Accounts, link);
        for (at, entry) in in_order(model, noun) {
            progress.go_on(1)?;
            let name = noun.noun().name;
            let Some(days) = exact(entry) else {
                made.lost.one(&format!("{name} with a vague date"));
                continue;
            };
            // The day after is written, and years have four digits.
            if to_civil(days.end_max + 1).year() > 9999 || to_civil(days.end_max + 1) == to_civil(days.end_max) {
                made.lost.one(&format!("{name} at the end of time"));
                continue;
            }
            let accounts = told.get(&at).map_or(&[][..], Vec::as_slice);
            calendar.event(model, noun, entry, days, accounts, &of);
            made.taken.one(name);
            if !STATUSES.iter().any(|(known, _)| *known == status(entry)) {
                made.lost.one(&format!("statuses {}", status(entry)));
            }
        }
    }
    calendar.line("END", "VCALENDAR");
    let taken = [
        NounId::Meetings,
        NounId::Visits,
        NounId::Events,
        NounId::Participants,
        NounId::Leaders,
        NounId::Places,
        NounId::Countries,
        NounId::Publications,
    ];
    leave_out(model, &taken, TOLD, &mut made);
    made.text = calendar.text;
    Ok(made)
}

struct Calendar {
    text: String,
}

impl Calendar {
    fn event(&mut self, model: &Model, noun: NounId, entry: &Entry, days: Bounds, accounts: &[usize], of: &str) {
        let name = noun.noun().name;
        self.line("BEGIN", "VEVENT");
        self.text("UID", &format!("{name}-{}@{of}.bilat", entry.key));
        // No clock: the same file is the same calendar.
        self.line("DTSTAMP", &format!("{}T000000Z", basic(model.reference)));
        self.line("DTSTART;VALUE=DATE", &basic(days.start_min));
        self.line("DTEND;VALUE=DATE", &basic(days.end_max + 1));
        self.text("SUMMARY", &summary(entry));
        let place = linked(model, entry, "place", NounId::Places)
            .or_else(|| model.of(NounId::Places).get(*entry.many.get("places")?.first()?));
        let country = ["host_country", "country"]
            .iter()
            .find_map(|link| label(model, entry, link, NounId::Countries))
            .filter(|country| place.is_none_or(|place| place.label != *country));
        let place: Vec<String> = place.map(|place| place.label.to_string()).into_iter().chain(country).collect();
        if !place.is_empty() {
            self.text("LOCATION", &place.join(", "));
        }
        let said = said(model, entry, accounts);
        if !said.is_empty() {
            self.text("DESCRIPTION", &said);
        }
        match STATUSES.iter().find(|(known, _)| *known == status(entry)) {
            Some((_, theirs)) => self.line("STATUS", theirs),
            None => self.text("X-STATUS", status(entry)),
        }
        // It does not make whoever keeps the calendar busy.
        self.line("TRANSP", "TRANSPARENT");
        self.text("CATEGORIES", noun.noun().singular);
        self.text("X-EDTF", entry.text.get("date").map_or("", Text::as_str));
        self.line("END", "VEVENT");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// One line, folded where it is too long, but never within a character.
    fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if octets + c.len_utf8() > WIDTH {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(c);
            octets += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// `20240516`
fn basic(day: Day) -> String {
    to_civil(day).strftime("%Y%m%d").to_string()
}

/// The label without the date, which the calendar shows itself, and with a status that it has no word for.
fn summary(entry: &Entry) -> String {
    let date = entry.text.get("date").map(|date| format!(", {date}")).unwrap_or_default();
    let label = entry.label.strip_suffix(&date).unwrap_or(&entry.label);
    let known = STATUSES.iter().any(|(known, _)| *known == status(entry));
    if known { label.to_string() } else { format!("{label} ({})", status(entry)) }
}

/// The remark, what it is, and where that is from, each on its line.
fn said(model: &Model, entry: &Entry, accounts: &[usize]) -> String {
    let word = |name: &str| entry.text.get(name).map(|word| format!("{name}: {word}"));
    let mut lines: Vec<String> = [word("format"), word("kind"), entry.text.get("remark").map(ToString::to_string)]
        .into_iter()
        .flatten()
        .collect();
    if entry.text.contains_key("disputed") {
        lines.push("disputed: accounts of it contradict each other".to_string());
    }
    for account in accounts.iter().filter_map(|at| model.of(NounId::Accounts).get(*at)) {
        let publication = linked(model, account, "publication", NounId::Publications);
        let address = publication.and_then(|publication| publication.text.get("address").map(ToString::to_string));
        let parts: Vec<String> = [Some(account.label.to_string()), address].into_iter().flatten().collect();
        lines.push(format!("source: {}", parts.join(", ")));
    }
    lines.join("\n")
}

/// Text as iCalendar has it; what it cannot hold becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => made.extend(['\\', c]),
            '\n' | '\r' => made.push_str("\\n"),
            '\t' => made.push(c),
            c if c.is_control() => made.push('\u{FFFD}'),
            c => made.push(c),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_between_characters_and_unfolds_to_itself() {
        for text in ["x".repeat(74), "x".repeat(75), "ж".repeat(200), "习x".repeat(100), "👨‍👩‍👧".repeat(40)]
        {
            let mut calendar = Calendar { text: String::new() };
            calendar.line("X", &text);
            assert!(calendar.text.lines().all(|line| line.len() <= WIDTH), "{}", calendar.text);
            assert_eq!(calendar.text.replace("\r\n ", ""), format!("X:{text}\r\n"));
        }
    }
}
