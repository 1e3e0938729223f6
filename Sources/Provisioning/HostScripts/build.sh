# Compiling, on the one host that has the compilers. Everything happens below hp_home and is removed afterwards.

# build_unpack BUILD SIZE: SIZE bytes of standard input, a tarball, become the source tree.
build_unpack() {
    b=$hp_home/build/$1
    # Also what a compile left that was cut off.
    hp_end_builds
    build_clean
    hp_folder "$b/source"
    hp_folder "$b/stage"
    hp_take "$2" "$b/tarball" "the tarball"
    hp_words=$(tar -xf "$b/tarball" -C "$b/source" --strip-components=1 --no-same-owner 2>&1) ||
        hp_die "the tarball cannot be unpacked: $(printf '%s\n' "$hp_words" | head -n 1)"
    rm -f "$b/tarball"
    hp_folder "$hp_volatile/jobs/build-$1"
    hp_say unpacked
}

# build_found BUILD: whether a haprov that lost this host, or died, has left its tree, with all steps until now well or under way:
# what they said is read again then.
build_found() {
    [ -d "$hp_home/build/$1/stage" ] || return 0
    [ -d "$hp_volatile/jobs/build-$1" ] || return 0
    for j in "$hp_volatile/jobs/build-$1"/step-*; do
        [ -e "$j" ] || continue
        hp_job_runs "$j" || [ "$(cat "$j/status" 2>/dev/null)" = 0 ] || return 0
    done
    hp_say unpacked
}

# build_compiler: the major version of gcc, the number of processors, and the major versions of OpenSSL's and PCRE's headers.
build_compiler() {
    hp_say gcc "$(gcc -dumpversion 2>/dev/null | cut -d. -f1)" "$(getconf _NPROCESSORS_ONLN)" "$(build_openssl)" "$(build_pcre)"
}

# build_pcre: the older one where both are there.
build_pcre() {
    if build_has pcre.h; then echo 1; elif build_has pcre2.h; then echo 2; fi
}
build_has() { printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <%s>\n' "$1" | gcc -E -P - >/dev/null 2>&1; }

# build_openssl: versions before 3 do not say it in one number.
build_openssl() {
    printf '#include <openssl/opensslv.h>\nhp OPENSSL_VERSION_MAJOR\n' | gcc -E -P - 2>/dev/null |
        sed -n 's/^hp \([0-9][0-9]*\)$/\1/p'
}

# build_step BUILD NAME COMMAND…: one command in the source tree. Its output goes to standard output as it comes; {stage}
# in its words stands for the staging directory.
build_step() {
    b=$hp_home/build/$1
    name=$2
    shift 2
    n=$#
    while [ "$n" -gt 0 ]; do
        w=$1
        shift
        case $w in
        *'{stage}'*) w="${w%%'{stage}'*}$b/stage${w#*'{stage}'}" ;;
        esac
        set -- "$@" "$w"
        n=$((n - 1))
    done
    hp_go_on
    hp_say step "$name" "$*"
    ( umask 022; cd "$b/source" && "$@" ) 2>&1 </dev/null
    hp_build_status=$?
    [ "$hp_build_status" -eq 0 ] || { hp_say stepfailed "$name" "$hp_build_status"; exit 1; }
    hp_say stepdone "$name"
}

# build_pack BUILD PREFIX: what was installed below PREFIX becomes an archive; the rest is named and left out.
build_pack() {
    b=$hp_home/build/$1
    [ -d "$b/stage$2" ] || hp_die "the build installed nothing below $2"
    ( cd "$b/stage" && find . ! -type d ! -path ".$2/*" ) | while IFS= read -r f; do hp_say outside "${f#.}"; done
    ( cd "$b/stage$2" && find . | sort | tar -cf - --no-recursion --owner=0 --group=0 --mtime=@0 -T - ) |
        { hp_words=$(gzip -n 2>&1 >"$b/artifact") || hp_die "the tree cannot be packed: $(hp_reason)"; } || exit 1
    hp_say artifact "$(wc -c <"$b/artifact")" "$(hp_sha256 "$b/artifact")"
}

# build_fetch BUILD: the tree goes to standard output.
build_fetch() { cat "$hp_home/build/$1/artifact"; }

build_clean() { rm -rf "${hp_home:?}/build"; }
