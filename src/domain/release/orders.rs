//! Orders of several givers as one list (7.4).

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::Serialize;

use super::super::text::SharedText;
use super::token_name;

/// Who gives an order, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Giver {
    Deployment(SharedText),
    Policy(SharedText),
}

impl Giver {
    /// Its name alone.
    pub fn name(&self) -> &str {
        match self {
            Self::Deployment(name) | Self::Policy(name) => name,
        }
    }
}

impl fmt::Display for Giver {
    /// A deployment's name stands alone, as clients have always read it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deployment(name) => f.write_str(name),
            Self::Policy(name) => write!(f, "policy {name}"),
        }
    }
}

/// A package order and who gave it: deployments in name order, then policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub package: String,
    pub from: Vec<Giver>,
}

/// Lists being concatenated, the first of equal tokens kept (D-MERGE-01, D-MERGE-02).
#[derive(Debug)]
pub(super) struct Merged<'a> {
    orders: Vec<Order>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Merged<'a> {
    /// With room for so many tokens.
    pub(super) fn with_capacity(tokens: usize) -> Self {
        Self { orders: Vec::with_capacity(tokens), places: HashMap::with_capacity(tokens) }
    }

    /// Appends the list of one giver.
    pub(super) fn add(
        &mut self,
        giver: impl FnOnce() -> Giver,
        tokens: impl Iterator<Item = &'a str>,
    ) {
        let mut tokens = tokens.peekable();
        if tokens.peek().is_none() {
            return;
        }
        let giver = giver();
        for token in tokens {
            let place = *self.places.entry(token).or_insert(self.orders.len());
            match self.orders.get_mut(place) {
                Some(order) if order.from.last() == Some(&giver) => {}
                Some(order) => order.from.push(giver.clone()),
                None => {
                    self.orders.push(Order { package: token.to_owned(), from: vec![giver.clone()] })
                }
            }
        }
    }

    pub(super) fn into_orders(self) -> Vec<Order> {
        self.orders
    }
}

/// Tokens to install whose package is also to be removed, in the order of the installation.
pub(super) fn conflicts(install: &[Order], remove: &[Order]) -> Vec<String> {
    let removed: BTreeSet<&str> = remove.iter().map(|order| token_name(&order.package)).collect();
    let both = install.iter().filter(|order| removed.contains(token_name(&order.package)));
    both.map(|order| order.package.clone()).collect()
}
