#!/bin/sh
# Fetches real packages of the distribution into the test cache: some hundred small ones for the
# comparison with apt-ftparchive; with --big also 1.2 GB of larger ones for benches/publish.py.
#     testdata/debs/fetch.sh [--big]
# Names the archive no longer has are left out; what is there already is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${MIGAS_CACHE:-$HOME/.cache/migas}

fetch() { # list folder enough
    mkdir -p "$2"
    cd "$2"
    if [ "$(find . -name '*.deb' | wc -l)" -ge "$3" ]; then return; fi
    known=$(mktemp)
    apt-cache --generate pkgnames 2>/dev/null | sort > "$known"
    sort "$here/$1" | comm -12 - "$known" | xargs apt-get -qq download
    rm -f "$known"
    echo "$2: $(find . -name '*.deb' | wc -l) packages"
}

fetch names.txt "$cache/debs" 330
if [ "${1:-}" = --big ]; then fetch names-big.txt "$cache/debs-big" 130; fi
