# Reasons of refusals whose English on a page differs from the text where they are made
# (`src/app/reason.rs`).

reason-does-not-match = That is not the current password.
reason-you-cannot-lock-yourself-out = You cannot take your own rights away, or lock yourself out.
