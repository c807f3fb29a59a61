//! Cumulative curves as SVG, with a table beside them: what was planned, and what came (D-TIME-05).

use maud::{Markup, html};

use crate::catalogue::Lang;
use crate::t;

/// A place on the curves, from left to right.
pub struct Point {
    pub name: String,
    pub planned: usize,
    /// None where it cannot be known yet.
    pub actual: Option<usize>,
}

/// The curves of one kind of thing.
pub struct Curve<'a> {
    pub lang: Lang,
    pub title: &'a str,
    /// Head of the first column of the table.
    pub along: &'a str,
    pub points: &'a [Point],
}

const HEIGHT: usize = 200;
const WIDTH: usize = 600;

impl Curve<'_> {
    /// Both curves; the actual one only where something is known of it.
    pub fn render(&self) -> Markup {
        let Self { lang, title, points, .. } = *self;
        let most = points.iter().map(|point| point.planned.max(point.actual.unwrap_or(0)));
        let most = most.max().unwrap_or(0).max(1);
        let first = points.first().map(|point| point.name.as_str()).unwrap_or_default();
        let last = points.last().map(|point| point.name.as_str()).unwrap_or_default();
        let planned = path(points, most, |point| Some(point.planned));
        let actual = path(points, most, |point| point.actual);
        let count = i64::try_from(most).unwrap_or(i64::MAX);
        html! {
            div.columns {
                figure.chart.curve {
                    svg role="img" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
                        preserveAspectRatio="none" {
                        title { (title) }
                        desc { (self.description(most)) }
                        polyline.line-planned points=(planned) {}
                        @if !actual.is_empty() { polyline.line-actual points=(actual) {} }
                    }
                    figcaption {
                        div.chart-ends {
                            span { (first) }
                            span { (t!(lang, "chart-most", count = count)) }
                            span { (last) }
                        }
                        ul.legend {
                            li { span.swatch-planned aria-hidden="true" {} (t!(lang, "curve-planned")) }
                            @if !actual.is_empty() {
                                li {
                                    span.swatch-actual aria-hidden="true" {}
                                    (t!(lang, "curve-actual"))
                                }
                            }
                        }
                    }
                }
                (self.table(!actual.is_empty()))
            }
        }
    }

    fn description(&self, most: usize) -> String {
        let count = i64::try_from(most).unwrap_or(i64::MAX);
        let end = |point: Option<&Point>| point.map(|point| point.name.clone()).unwrap_or_default();
        let (first, last) = (end(self.points.first()), end(self.points.last()));
        t!(self.lang, "curve-description", first = first, last = last, count = count)
    }

    /// The places where something changes, and the ends.
    fn table(&self, with_actual: bool) -> Markup {
        let values = |point: &Point| (point.planned, point.actual);
        let mut shown: Vec<&Point> = Vec::new();
        for (place, point) in self.points.iter().enumerate() {
            let is_last = place + 1 == self.points.len();
            let same = shown.last().is_some_and(|before| values(before) == values(point));
            if !same || is_last {
                shown.push(point);
            }
        }
        html! {
            div.table-box.curve-table tabindex="0" role="region" aria-label=(self.title) {
                table {
                    caption.hidden-text { (self.title) }
                    thead {
                        tr {
                            th scope="col" { (self.along) }
                            th.number scope="col" { (t!(self.lang, "curve-planned")) }
                            @if with_actual {
                                th.number scope="col" { (t!(self.lang, "curve-actual")) }
                            }
                        }
                    }
                    tbody {
                        @for point in shown {
                            tr {
                                th scope="row" { (point.name) }
                                td.number { (point.planned) }
                                @if with_actual {
                                    td.number { @if let Some(actual) = point.actual { (actual) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `x,y x,y…`, as far as there are values.
fn path(points: &[Point], most: usize, value: impl Fn(&Point) -> Option<usize>) -> String {
    let steps = points.len().saturating_sub(1).max(1);
    let place = |(place, point): (usize, &Point)| {
        let y = HEIGHT - 2 - value(point)? * (HEIGHT - 4) / most;
        Some(format!("{},{y}", place * WIDTH / steps))
    };
    let places: Vec<String> = points.iter().enumerate().map_while(place).collect();
    places.join(" ")
}
