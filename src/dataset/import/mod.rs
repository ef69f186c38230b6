//! Tables from anywhere: read, mapped, matched, merged.

pub mod table;
