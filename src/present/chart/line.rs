//! Lines of a terminal: text and colours with the columns they take, and texts folded into a width.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A line that is being written.
#[derive(Clone, Debug, Default)]
pub struct Line {
    text: String,
    width: usize,
}

impl Line {
    pub fn of(text: &str) -> Line {
        Line::painted(text, None)
    }

    pub fn painted(text: &str, paint: Option<anstyle::Style>) -> Line {
        let mut line = Line::default();
        line.paint(text, paint);
        line
    }

    pub fn add(&mut self, text: &str) {
        self.paint(text, None);
    }

    pub fn paint(&mut self, text: &str, paint: Option<anstyle::Style>) {
        match paint.filter(|_| !text.is_empty()) {
            Some(paint) => self.text.push_str(&format!("{paint}{text}{paint:#}")),
            None => self.text.push_str(text),
        }
        self.width += text.width();
    }

    pub fn append(&mut self, other: &Line) {
        self.text.push_str(&other.text);
        self.width += other.width;
    }

    /// Blanks up to that column.
    pub fn pad(&mut self, column: usize) {
        let blanks = column.saturating_sub(self.width);
        self.text.extend(std::iter::repeat_n(' ', blanks));
        self.width += blanks;
    }

    pub fn into_text(self) -> String {
        self.text.trim_end().to_string()
    }
}

/// Columns side by side, each as wide as it says; what is shorter ends earlier.
pub fn beside(columns: &[(usize, Vec<Line>)]) -> Vec<String> {
    let height = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = Line::default();
        let mut from = 0;
        for (width, lines) in columns {
            line.pad(from);
            if let Some(part) = lines.get(at) {
                line.append(part);
            }
            from += width;
        }
        line.into_text()
    };
    (0..height).map(line).collect()
}

pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `room` columns: broken at blanks, else between clusters, and inside a cluster only where
/// one is wider than a line.
pub fn folded(text: &str, room: usize) -> Vec<String> {
    folded_by(text, room.max(2) as f64, |text| width(text) as f64)
}

/// The same where `measure` says how wide a text is; it must give less than `room` for any one character.
pub fn folded_by(text: &str, room: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    // Sums of the same widths may differ by how they were added.
    let room = room + 0.001;
    let mut lines = Vec::new();
    let (mut line, mut taken) = (String::new(), 0.0);
    let mut end = |line: &mut String| lines.push(std::mem::take(line).trim_end().to_string());
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && taken + measure(word.trim_end()) > room {
            end(&mut line);
            taken = 0.0;
        }
        for piece in word.graphemes(true).flat_map(|cluster| pieces(cluster, room, &measure)) {
            let wide = measure(piece);
            if !line.is_empty() && taken + wide > room {
                end(&mut line);
                taken = 0.0;
                // A line does not begin with the blank it is broken at.
                if piece == " " {
                    continue;
                }
            }
            line.push_str(piece);
            taken += wide;
        }
    }
    end(&mut line);
    lines
}

/// A cluster as it is, or its characters where it is wider than a line.
fn pieces<'t>(cluster: &'t str, room: f64, measure: &impl Fn(&str) -> f64) -> Vec<&'t str> {
    if measure(cluster) <= room {
        return vec![cluster];
    }
    let mut pieces = Vec::new();
    let (mut from, mut taken) = (0, 0.0);
    for (at, c) in cluster.char_indices() {
        let wide = measure(&cluster[at..at + c.len_utf8()]);
        if at > from && taken + wide > room {
            pieces.push(&cluster[from..at]);
            (from, taken) = (at, 0.0);
        }
        taken += wide;
    }
    pieces.push(&cluster[from..]);
    pieces
}
