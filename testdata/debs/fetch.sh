#!/bin/sh
# Fetches a few hundred small packages of the distribution into the test cache, for the
# comparison with apt-ftparchive and for the benchmarks: testdata/debs/fetch.sh [FOLDER]
# Names the archive no longer has are left out; what is there already is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-${MIGAS_CACHE:-$HOME/.cache/migas}/debs}
mkdir -p "$folder"
cd "$folder"
if [ "$(find . -name '*.deb' | wc -l)" -ge 330 ]; then exit 0; fi
known=$(mktemp)
trap 'rm -f "$known"' EXIT
apt-cache --generate pkgnames 2>/dev/null | sort > "$known"
sort "$here/names.txt" | comm -12 - "$known" | xargs apt-get -qq download
find . -name '*.deb' | wc -l
