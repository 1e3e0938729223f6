# What package managers share.

# package_cache_save, package_cache_undo: what the linker finds. Its bytes come back too, unless they would hide what has come
# since, or is kept.
package_cache_save() {
    hp_image /etc/ld.so.cache "$e/before/ld.so.cache"
    # The cache may lack what is there: not every package has it made anew.
    ldconfig -X -C "$e/before/ld.so.fresh" || :
    package_libraries "$e/before/ld.so.fresh" >"$e/before/libraries"
}
package_cache_undo() {
    [ -e "$e/before/ld.so.cache/image" ] || return 0
    ldconfig
    package_libraries /etc/ld.so.cache >"$e/libraries"
    new=$({ package_libraries "$e/before/ld.so.cache/image"; cat "$e/before/libraries" || :; } | sort -u | comm -13 - "$e/libraries")
    if [ -z "$new" ] && ! cmp -s /etc/ld.so.cache "$e/before/ld.so.cache/image"; then
        hp_restore /etc/ld.so.cache "$e/before/ld.so.cache"
    fi
}
# package_libraries CACHE
package_libraries() { ldconfig -p -C "$1" | grep '=>' | sort; }
# package_unpack DIR SIZE WHAT: SIZE bytes of standard input, a tar of WHAT, become DIR.
package_unpack() {
    rm -rf "$1"
    hp_folder "$1"
    hp_words=$(head -c "$2" | tar -xf - -C "$1" 2>&1) ||
        hp_die "$3 did not arrive as they were sent: $(printf '%s\n' "$hp_words" | head -n 1)"
}
# package_words [FILE]: its lines in one.
package_words() { cat "$@" | paste -sd' ' - | sed 's/ /, /g'; }

# package_reachable URL: whether its host has an address, as far as that can be told; one that is an address needs no name.
package_reachable() {
    h=${1#*://}
    h=${h%%/*}
    h=${h##*@}
    # An address of IPv6 has colons of its own.
    case $h in
    \[*)
        h=${h#?}
        h=${h%%]*}
        ;;
    *) h=${h%%:*} ;;
    esac
    # A name with variables is for the package manager to put together.
    case $h in *'$'*) return 0 ;; esac
    [ -n "$h" ] && hp_within 5 getent ahosts "$h" >/dev/null 2>&1
}

# package_repository ID URL [PATH]: says whether packages can be had from there, by PATH where that is on this host. A password
# in the URL is nobody's business.
package_repository() {
    package_answers=no
    if [ -n "${3:-}" ]; then
        [ ! -e "$3" ] || package_answers=yes
    elif package_reachable "$2"; then
        package_answers=yes
    fi
    hp_say repository "$1" "$(printf '%s\n' "$2" | sed 's,//[^/@]*@,//,')" "$package_answers"
}
