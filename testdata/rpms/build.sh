#!/usr/bin/env bash
# Builds the packages of the specs here with rpmbuild, the same bytes each time for one version of
# rpm. Those that unit tests read are checked in, so that they run without rpmbuild.
# usage: testdata/rpms/build.sh [DIR]    default: this directory
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 15 January 2026, a day that the changelogs know.
export SOURCE_DATE_EPOCH=1768435200
export LC_ALL=C.UTF-8

build() {
    local mode=$1 spec=$2
    shift 2
    # A source package holds the spec file with its time.
    cp "$here/$spec" "$work/$spec"
    touch --date "@$SOURCE_DATE_EPOCH" "$work/$spec"
    rpmbuild "$mode" --quiet --target x86_64 \
        --define "_topdir $work" --define "_rpmdir $work/out" --define "_srcrpmdir $work/out" \
        --define "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
        --define "_buildhost builder.example.org" \
        --define "use_source_date_epoch_as_buildtime 1" \
        --define "clamp_mtime_to_source_date_epoch 1" \
        --define "source_date_epoch_from_changelog 0" \
        --define "debug_package %{nil}" --define "_build_id_links none" \
        --define "_invalid_encoding_terminates_build 0" \
        "$@" "$work/$spec"
}

build -bb acme-full.spec --define "_binary_payload w19.zstdio"
build -bs acme-full.spec --define "_source_payload w9.gzdio"
build -bb acme-plain.spec --define "_binary_payload w9.gzdio"
build -bb acme-plain.spec --define "plain_version 1.1^git20260115" --define "_binary_payload w6.xzdio"
build -bb acme-latin.spec --define "_binary_payload w9.gzdio"

mv "$work"/out/*.rpm "$out/"
