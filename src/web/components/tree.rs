//! Trees: hardware, and what a folder holds.

use maud::{Markup, Render, html};

/// A node with what is below it.
pub struct Node {
    pub anchor: String,
    pub label: Markup,
    /// Properties of the node, shown when it is opened.
    pub about: Option<Markup>,
    pub open: bool,
    pub children: Vec<Node>,
}

/// A tree that opens and closes by itself.
pub struct Tree<'a> {
    pub label: String,
    pub roots: &'a [Node],
}

impl Render for Tree<'_> {
    fn render(&self) -> Markup {
        html! { ul.tree aria-label=(self.label) { @for node in self.roots { (branch(node, 0)) } } }
    }
}

/// Deepest level drawn; what a computer reports may not exhaust the stack.
const DEPTH: usize = 32;

fn branch(node: &Node, depth: usize) -> Markup {
    let leaf = node.children.is_empty() && node.about.is_none();
    html! {
        li id=(node.anchor) {
            @if leaf {
                (node.label)
            } @else {
                details open[node.open] {
                    summary { (node.label) }
                    @if let Some(about) = &node.about { (about) }
                    @if !node.children.is_empty() && depth < DEPTH {
                        ul { @for child in &node.children { (branch(child, depth + 1)) } }
                    }
                }
            }
        }
    }
}
