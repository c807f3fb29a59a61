//! Requests whose change is looked at before it stays: the appliance that handlers are given is one
//! on trial, and they do not know.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::FromRequest as _;
use actix_web::dev::{Extensions, Payload, ServiceRequest};
use actix_web::web::{Bytes, Data};

use super::actor::SignedIn;
use crate::app::trial::{Purpose, Trial};
use crate::app::{App, AppError};

/// A request on trial.
pub struct OnTrial {
    pub trial: Arc<Trial>,
    pub by: SignedIn,
    /// The appliance itself.
    pub app: Data<App>,
}

/// Puts a request of somebody who is signed in on trial; `None` for anybody else's.
///
/// # Errors
/// [`AppError`] from the database.
pub async fn begin(
    request: &mut ServiceRequest,
    purpose: Purpose,
) -> Result<Option<OnTrial>, AppError> {
    let by = SignedIn::from_request(request.request(), &mut Payload::None).into_inner();
    let app = request.app_data::<Data<App>>().cloned();
    let (Ok(by), Some(app)) = (by, app) else { return Ok(None) };
    let trial = app.trial(purpose, &by.actor).await?;
    let mut data = Extensions::new();
    data.insert(Data::new(app.on_trial(&trial)));
    request.add_data_container(Rc::new(data));
    Ok(Some(OnTrial { trial, by, app }))
}

/// Gives a request its body back after it was read.
pub fn give_back(request: &mut ServiceRequest, body: Bytes) {
    let once = futures_util::stream::once(std::future::ready(Ok(body)));
    request.set_payload(Payload::Stream { payload: Box::pin(once) });
}
