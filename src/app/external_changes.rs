//! What somebody asks of the source of an external deployment (7.3, 7.5), checked against its
//! project.

use crate::domain::deployment::{Deployment, Source};
use crate::domain::external::{External, Wrong};
use crate::domain::pms::Pms;

use super::AppError;
use super::reason::{Reason, reason};

/// Fields of the source to change; the others stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExternalChange {
    /// Chosen for a new one; of another it can only be what it is.
    pub source: Option<Source>,
    pub base_url: Option<String>,
    pub suite: Option<String>,
    pub components: Option<String>,
    pub options: Option<String>,
    pub frozen: Option<bool>,
    pub expire_minutes: Option<i32>,
}

impl ExternalChange {
    /// Applies the change to the source of `before`, which is new if it has no id.
    pub(super) fn resolve(
        &self,
        before: &Deployment,
        pms: Pms,
    ) -> Result<Option<External>, AppError> {
        let is_new = before.id.0 == 0;
        let source = match self.source {
            Some(source) if is_new || source == before.source() => source,
            Some(_) => {
                let source = before.source().as_str();
                let reason = reason!("the source is {source} and cannot change", source = source);
                return Err(AppError::invalid("source", reason));
            }
            None => before.source(),
        };
        if source == Source::Internal {
            return match self.first_field() {
                None => Ok(None),
                Some(field) => {
                    Err(AppError::invalid(field, "only an external deployment has a source"))
                }
            };
        }
        let old = before.external.clone().unwrap_or_default();
        let text = |new: &Option<String>, old: String| new.clone().unwrap_or(old);
        let typed = External {
            base_url: text(&self.base_url, old.base_url),
            suite: text(&self.suite, old.suite),
            components: text(&self.components, old.components),
            options: text(&self.options, old.options),
            frozen: self.frozen.unwrap_or(old.frozen),
            expire_minutes: self.expire_minutes.unwrap_or(old.expire_minutes),
        };
        let checked = typed.checked(pms);
        checked.map(Some).map_err(|(field, wrong)| AppError::invalid(field, why(wrong)))
    }

    /// The same change of a copy: what is not said is as in the source of the other one.
    pub(super) fn or(self, source: Source, old: Option<External>) -> Self {
        let source = self.source.or(Some(source));
        let Some(old) = old else { return Self { source, ..self } };
        Self {
            source,
            base_url: self.base_url.or(Some(old.base_url)),
            suite: self.suite.or(Some(old.suite)),
            components: self.components.or(Some(old.components)),
            options: self.options.or(Some(old.options)),
            frozen: self.frozen.or(Some(old.frozen)),
            expire_minutes: self.expire_minutes.or(Some(old.expire_minutes)),
        }
    }

    /// The first field that is given.
    fn first_field(&self) -> Option<&'static str> {
        [
            ("base_url", self.base_url.is_some()),
            ("suite", self.suite.is_some()),
            ("components", self.components.is_some()),
            ("options", self.options.is_some()),
            ("frozen", self.frozen.is_some()),
            ("expire", self.expire_minutes.is_some()),
        ]
        .into_iter()
        .find_map(|(field, is_given)| is_given.then_some(field))
    }
}

fn why(wrong: Wrong) -> Reason {
    match wrong {
        Wrong::BaseUrl => {
            reason!("an address such as http://archive.ubuntu.com/ubuntu, without a password")
        }
        Wrong::Suite => reason!("the suite as it stands in a source line, such as bookworm"),
        Wrong::Components => reason!("components between blanks, such as main universe"),
        Wrong::SameComponents => reason!("two of the components would have the same name"),
        Wrong::BracketOptions => reason!("options as apt writes them, such as [arch=amd64]"),
        Wrong::LineOptions => reason!("options between blanks, such as gpgcheck=1"),
        Wrong::TooLong(limit) => reason!("at most {limit} characters", limit = limit),
    }
}
