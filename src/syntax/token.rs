//! Tokens, and the one table of keywords.

use crate::span::Span;

/// One token of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Keyword(Keyword),
    /// Letters, digits and `_`, of any script.
    Word,
    /// In single or double quotes.
    Text,
    Integer,
    Number,
    /// Digits and letters joined by hyphens, meant as a date: `2024-05`, `2024-Q2`.
    Date,
    /// `$` and a word.
    Parameter,
    Symbol(Symbol),
    /// Something that no token begins with.
    Unknown,
    /// A quote or a comment that is opened and never closed; it reaches to the end.
    Unclosed,
    /// The place after the last token.
    End,
}

macro_rules! table {
    ($(#[$note:meta])* $name:ident { $($variant:ident $text:literal),* $(,)? }) => {
        $(#[$note])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),*];

            pub const fn text(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}

table! {
    /// The keywords, as the formatter writes them.
    Keyword {
        Select "SELECT", Distinct "DISTINCT", From "FROM", Where "WHERE", GroupBy "GROUP BY", Having "HAVING",
        OrderBy "ORDER BY", Limit "LIMIT", Offset "OFFSET", Cite "CITE", As "AS", Ascending "ASC", Descending "DESC",
        With "WITH", Without "WITHOUT", In "IN", At "AT", About "ABOUT", By "BY", To "TO",
        Since "SINCE", After "AFTER", Before "BEFORE", Until "UNTIL", During "DURING", Overlaps "OVERLAPS",
        Possibly "POSSIBLY", Certainly "CERTAINLY", And "AND", Or "OR", Not "NOT", Any "ANY", Every "EVERY", No "NO",
        Between "BETWEEN", Like "LIKE", Contains "CONTAINS", Is "IS", Unknown "UNKNOWN", Null "NULL",
        Describe "DESCRIBE", Explain "EXPLAIN", AccordingTo "ACCORDING TO", Across "ACROSS", Zeros "ZEROS", Per "PER",
        Met "MET", Visited "VISITED", Hosted "HOSTED", Attended "ATTENDED", Exists "EXISTS", NoneOf "NONE",
        Today "TODAY", Assert "ASSERT", Let "LET", AsOf "AS OF", Connect "CONNECT", Rising "RISING", Chart "CHART",
    }
}

table! {
    Symbol {
        LeftParen "(", RightParen ")", Comma ",", Semicolon ";", Range "..", Dot ".", Star "*", Plus "+", Minus "-",
        Slash "/", NotEqual "!=", LessOrEqual "<=", GreaterOrEqual ">=", Equal "=", Less "<", Greater ">",
    }
}

impl Keyword {
    /// The one-word keyword of that spelling, in any case.
    pub fn from_word(word: &str) -> Option<Keyword> {
        Keyword::ALL.iter().copied().find(|keyword| keyword.text().eq_ignore_ascii_case(word))
    }

    /// The place of the clause that it begins in a query; phrases share one.
    pub const fn clause(self) -> Option<u8> {
        use Keyword::*;
        match self {
            Select => Some(0),
            From => Some(1),
            With | Without | In | At | About | By | To | AccordingTo | Since | After | Before | Until | During
            | Overlaps | Possibly | Certainly => Some(2),
            Where => Some(4),
            GroupBy => Some(5),
            Having => Some(6),
            OrderBy => Some(7),
            Limit => Some(8),
            Cite => Some(9),
            Chart => Some(10),
            _ => None,
        }
    }
}
