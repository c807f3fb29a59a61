//! What the web edges share: the listener, who is signed in, forms, limits, languages.

pub mod actor;
pub mod arrival;
pub mod forms;
pub mod health;
pub mod language;
pub mod limits;
pub mod listener;
pub mod metrics;
pub mod moment;
pub mod paths;
pub mod peer;
pub mod reference;
pub mod session;
pub mod trial;
pub mod uploads;
