//! Every message's constructor, side by side, and the one shape that messages have.
//!
//! A [`Diagnostic`] says what is wrong in the field's words, where, what stands nearest to it, and how to mend it. It
//! names no grammar rule, no table and no SQLite. Constructors live in one file for each stage that finds mistakes;
//! each has a code, and each code is listed in that file's `CODES` with a title.

pub mod binding;
pub mod data;
pub mod importing;
pub mod running;
pub mod story;
pub mod syntax;

use crate::span::Span;

/// One mistake, with what helps to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A letter for the stage and three digits: `S101`.
    pub code: &'static str,
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where, in the source text; `None` where there is no text (a file cannot be opened).
    pub span: Option<Span>,
    /// What stands under the underlined text; may be empty.
    pub label: String,
    /// Nearest right things, best first, as they would be written in place of the span.
    pub suggestions: Vec<String>,
    /// How to mend it, or why it is so; one sentence each.
    pub notes: Vec<String>,
    /// The mended text, where one change mends it.
    pub patch: Option<Patch>,
}

/// Whether the work ends with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    #[default]
    Error,
    /// The work goes on; whoever reads its result should know this.
    Warning,
}

impl Severity {
    pub const fn text(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// Replace the text at `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub span: Span,
    pub text: String,
    pub trust: Trust,
}

/// Whether a patch says what was surely meant. What is no more than a guess is shown; the formatter applies the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    #[default]
    Guess,
    Sure,
    /// Sure, unless the underlined word is an attribute or a link: then a comma may be missing.
    UnlessColumn,
}

impl Diagnostic {
    pub fn new(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            span: None,
            label: String::new(),
            suggestions: Vec::new(),
            notes: Vec::new(),
            patch: None,
        }
    }

    /// What does not end the work.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::new(code, message) }
    }

    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    #[must_use]
    pub fn suggest(mut self, suggestions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.suggestions.extend(suggestions.into_iter().map(Into::into));
        self
    }

    #[must_use]
    pub fn patch(mut self, span: Span, text: impl Into<String>) -> Self {
        self.patch = Some(Patch { span, text: text.into(), trust: Trust::Guess });
        self
    }

    /// The patch, where the suggestions leave no choice.
    pub fn only_patch(&self) -> Option<&Patch> {
        self.patch.as_ref().filter(|_| self.suggestions.len() < 2)
    }

    /// How far the patch is to be trusted.
    #[must_use]
    pub fn trusted(mut self, trust: Trust) -> Self {
        if let Some(patch) = &mut self.patch {
            patch.trust = trust;
        }
        self
    }
}

/// Every code with its title, stage by stage.
pub fn codes() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [syntax::CODES, binding::CODES, data::CODES, importing::CODES, running::CODES, story::CODES].into_iter().flatten()
}
