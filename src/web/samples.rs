//! Views with made-up data, for the tests of components and pages.
