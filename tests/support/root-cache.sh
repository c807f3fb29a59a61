# What debian-root and rpm-root share: how this machine downloads, and how a finished system is kept.
#
# A system is a tar file in $MIGAS_CACHE (default ~/.cache/migas) under a name that is the digest of
# its recipe, with a checksum beside it; a broken or outdated one is made anew.

cache=${MIGAS_CACHE:-${HOME:-/root}/.cache/migas}/roots

say() { echo "$(basename "$0"): $*" >&2; }

# The mirror this machine itself uses, if it is a Debian machine; Debian's public one otherwise.
mirror() {
    local uri=
    if grep -qs '^ID=debian' /etc/os-release; then
        uri=$(apt-get update --print-uris 2>/dev/null |
            sed -n "s,^'\(https\?://[^']*/debian\)/dists/.*,\1,p" | head -n 1 || true)
    fi
    echo "${uri:-http://deb.debian.org/debian}"
}

# Downloads go the way this machine's apt goes.
proxy() {
    eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
    case ${http_proxy:-} in DIRECT | false) unset http_proxy ;; esac
    case ${https_proxy:-} in DIRECT | false) unset https_proxy ;; esac
    export http_proxy https_proxy
}

# keep NAME FILE...: prints the path of the tar file of system NAME, whose recipe is the FILEs. Calls
# `build`, which makes the system in $root (with $work for anything else), if none is kept.
keep() {
    local name=$1 recipe
    shift
    recipe=$(cat "$@" | sha256sum | cut -c1-12)
    tar=$cache/$name-$recipe.tar
    mkdir -p "$cache"
    exec 9>"$cache/$name.lock"
    flock 9
    if ! (cd "$cache" && sha256sum --status --check "$tar.sha256") 2>/dev/null; then
        [ ! -e "$tar" ] || say "the kept system is broken"
        rm -f "$tar" "$tar.sha256"
        [ "$(id -u)" = 0 ] || { say "making a system needs root"; exit 1; }
        (
            work=$(mktemp --directory)
            trap 'rm -rf "$work"' EXIT
            root=$work/root
            proxy
            build
            tar --numeric-owner --xattrs -C "$root" -cf "$tar.new" .
        ) >&2
        (cd "$cache" && sha256sum "$(basename "$tar").new" | sed 's/\.new$//' >"$tar.sha256")
        mv "$tar.new" "$tar"
        find "$cache" -maxdepth 1 -name "$name-*" ! -name "$name-$recipe.*" -mtime +14 -delete
    fi
    echo "$tar"
}
