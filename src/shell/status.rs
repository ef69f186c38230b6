//! Exit statuses: one number says how a whole run went.

use crate::answer::Outcome;
use crate::diagnostic::Diagnostic;
use crate::session::Ran;

/// How it went, in the order of importance: of several, the first that occurred is the process's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Ctrl-C.
    Interrupted,
    /// Nobody reads the output any more.
    PipeClosed,
    /// A mistake in the program.
    Bug,
    /// Data or a file.
    Data,
    /// A mistake in a query.
    Query,
    /// A mistake in the command line.
    Usage,
    TimeLimit,
    /// A claim fails.
    Fails,
    /// A claim is undecided.
    Undecided,
    /// `bilat fmt --check` found a file that it would change.
    Unformatted,
    /// `bilat diff` found a difference.
    Differs,
    Fine,
}

impl Status {
    /// Every status with its number and its meaning, for the help.
    pub const TABLE: &[(Status, i32, &str)] = &[
        (Status::Fine, 0, "fine"),
        (Status::Fails, 1, "an ASSERT fails"),
        (Status::Unformatted, 1, "bilat fmt --check: a file would change"),
        (Status::Differs, 1, "bilat diff: the files differ"),
        (Status::Usage, 2, "a mistake in the command line"),
        (Status::Query, 3, "a mistake in a query"),
        (Status::Data, 4, "data or a file: missing, damaged, not ours, not writable"),
        (Status::Undecided, 5, "an ASSERT is undecided"),
        (Status::Bug, 70, "a mistake in bilat itself"),
        (Status::TimeLimit, 124, "the time limit"),
        (Status::Interrupted, 130, "Ctrl-C"),
        (Status::PipeClosed, 141, "nobody reads the output any more"),
    ];

    pub fn code(self) -> i32 {
        Status::TABLE.iter().find(|(status, ..)| *status == self).map_or(70, |(_, code, _)| *code)
    }

    /// The status that a message leads to, by the stage that its code names.
    pub fn of(diagnostic: &Diagnostic) -> Status {
        match diagnostic.code {
            "R408" => Status::TimeLimit,
            "R409" => Status::Interrupted,
            "R415" => Status::Usage,
            "R499" => Status::Bug,
            "R411" | "R412" | "R413" | "R414" => Status::Query,
            code if code.starts_with(['S', 'B', 'P']) => Status::Query,
            _ => Status::Data,
        }
    }

    /// The status that a statement leads to.
    pub const fn after(ran: &Ran) -> Status {
        match ran {
            Ran::Verdict(outcome) => Status::of_outcome(*outcome),
            Ran::Answered | Ran::Set(_) => Status::Fine,
        }
    }

    /// The status that a claim leads to.
    pub const fn of_outcome(outcome: Outcome) -> Status {
        match outcome {
            Outcome::Holds => Status::Fine,
            Outcome::Fails => Status::Fails,
            Outcome::Undecided => Status::Undecided,
        }
    }

    /// Of two, the one that counts.
    #[must_use]
    pub fn and(self, other: Status) -> Status {
        self.min(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_status_counts() {
        let all = [
            Status::Fine,
            Status::Unformatted,
            Status::Undecided,
            Status::Fails,
            Status::TimeLimit,
            Status::Usage,
            Status::Query,
            Status::Data,
            Status::Bug,
        ];
        let codes: Vec<i32> = (1..all.len()).map(|at| all[at - 1].and(all[at]).code()).collect();
        assert_eq!(codes, [1, 5, 1, 124, 2, 3, 4, 70]);
    }

    #[test]
    fn every_code_of_every_message_has_a_status() {
        for (code, _) in crate::diagnostic::codes() {
            let status = Status::of(&Diagnostic::new(code, ""));
            assert_ne!(status, Status::Fine, "{code}");
        }
    }
}
