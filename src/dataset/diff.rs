//! What differs between two datasets, in the words of the field.
