//! Golden tests of the components.
