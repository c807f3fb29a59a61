//! `/api/v1/formulas`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::formulas::FormulaForm;
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::FormulaId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// A formula as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormulaBody {
    pub id: i64,
    #[serde(flatten)]
    pub formula: FormulaForm,
    /// `basic`: built in, evaluated by the server; `client`: its code runs on the computers.
    #[schema(value_type = String)]
    pub sort: Sort,
    /// Number of its attributes.
    pub attributes: i64,
}

impl FormulaBody {
    fn new(formula: Formula, attributes: i64) -> Self {
        Self { id: formula.id.0, sort: formula.sort, formula: formula.into(), attributes }
    }
}

/// Fields of a formula to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FormulaPatch {
    pub prefix: Option<String>,
    pub name: Option<String>,
    pub enabled: Option<bool>,
    /// `N` normal, `-` list, `R` add to the right, `L` add to the left.
    #[schema(value_type = Option<String>)]
    pub kind: Option<Kind>,
    pub auto_add: Option<bool>,
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    pub code: Option<String>,
}

/// Lists formulas by name; tag categories are a list of their own.
#[utoipa::path(tag = "formulas", responses((status = 200, body = Page<FormulaBody>)))]
#[get("/formulas")]
pub async fn list(caller: Caller) -> ApiResult<Page<FormulaBody>> {
    let found = caller.app.formulas(&caller.actor).await?.into_iter();
    let found = found.filter(|(formula, _)| formula.sort != Sort::Server);
    let items = found.map(|(formula, count)| FormulaBody::new(formula, count)).collect();
    Ok(Json(Page { items, next: None }))
}

/// Returns a formula.
#[utoipa::path(tag = "formulas", responses(
    (status = 200, body = FormulaBody), (status = 404, body = Problem)))]
#[get("/formulas/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<FormulaBody> {
    let (formula, attributes) = caller.app.formula(&caller.actor, FormulaId(*id)).await?;
    Ok(Json(FormulaBody::new(formula, attributes)))
}

/// Adds a formula that computers evaluate.
#[utoipa::path(tag = "formulas", request_body = FormulaForm, responses(
    (status = 201, body = FormulaBody), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/formulas")]
pub async fn add(caller: Caller, form: Json<FormulaForm>) -> Result<HttpResponse, ApiError> {
    let formula = caller.app.add_formula(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(FormulaBody::new(formula, 0)))
}

/// Changes the fields of a formula that are given.
#[utoipa::path(tag = "formulas", request_body = FormulaPatch, responses(
    (status = 200, body = FormulaBody), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/formulas/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<FormulaPatch>,
) -> ApiResult<FormulaBody> {
    let given = given.into_inner();
    let id = FormulaId(*id);
    let (old, attributes) = caller.app.formula(&caller.actor, id).await?;
    let form = FormulaForm {
        prefix: given.prefix.unwrap_or(old.prefix),
        name: given.name.unwrap_or(old.name),
        enabled: given.enabled.unwrap_or(old.enabled),
        kind: given.kind.unwrap_or(old.kind),
        auto_add: given.auto_add.unwrap_or(old.auto_add),
        language: given.language.unwrap_or(old.language),
        code: given.code.unwrap_or(old.code),
    };
    let formula = caller.app.change_formula(&caller.actor, id, form).await?;
    Ok(Json(FormulaBody::new(formula, attributes)))
}

/// Deletes a formula with its attributes, which must be confirmed if there are some.
#[utoipa::path(tag = "formulas", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/formulas/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_formula(&caller.actor, FormulaId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[cfg(test)]
mod tests;
