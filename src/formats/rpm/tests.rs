//! What the reader says of packages made by rpmbuild, of forged ones, and of what is none.

mod damage;
mod forge;
mod samples;
