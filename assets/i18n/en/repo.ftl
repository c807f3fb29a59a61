repo-making-key = Making a signing key
repo-reading = Reading packages
repo-publishing = Publishing
repo-key-made = A signing key was made: { $path }. Keep it: computers will trust it.
repo-refused-file = refused { $path }: { $reason }
repo-refused = { $count ->
    [one] one file is no package of this repository
   *[other] { $count } files are no packages of this repository
}
repo-built = { $count ->
    [one] The repository has one package
   *[other] The repository has { $count } packages
} ({ $added } added, { $removed } removed).
repo-signed = Signed by { $fingerprint }.
repo-unchanged = { $count ->
    [one] Nothing changed: one package.
   *[other] Nothing changed: { $count } packages.
}
