//! House rules that a program can check; the rest is left to readers.

#[cfg(test)]
mod files;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod source;
