# Older runs folded into one: taken back together from then on, with the oldest before-images of all that they changed. Which entries
# are needless by that is known to whoever calls.
#
# The power may go at any moment. First the runs say that they are folded; then what an entry has over an older one is added to that, which
# changes nothing of what both undo; then the newer one counts no more; then it is removed.

# hp_fold FORMAT NEWEST COUNT RUN… [RUN/NUMBER OLDER]…: COUNT runs; of each pair of entries the first is covered by the second, or, where
# that is `-`, was taken back.
hp_fold() {
    hp_format=$1 hp_newest=$2 hp_count=$3
    shift 3
    # What a fold that was cut off has left.
    rm -rf "$hp_home"/runs/*/gone.*
    hp_marked=
    while [ "$hp_count" -gt 0 ]; do
        hp_fold_mark "$1"
        hp_marked="$hp_marked $1"
        hp_count=$((hp_count - 1))
        shift
    done
    hp_flush
    hp_gone=
    while [ $# -gt 0 ]; do
        if hp_fold_entry "$hp_home/runs/$1" "$2"; then hp_gone="$hp_gone $1"; fi
        shift 2
    done
    hp_flush
    for hp_n in $hp_gone; do mv -fT -- "$hp_home/runs/$hp_n" "$hp_home/runs/${hp_n%/*}/gone.${hp_n#*/}" || hp_die "cannot rename $hp_home/runs/$hp_n"; done
    hp_flush
    rm -rf "$hp_home"/runs/*/gone.*
    # Functions that nothing is left for.
    for hp_n in $hp_marked; do
        for hp_d in "$hp_home/runs/$hp_n"/[0-9]*; do [ -d "$hp_d" ] || rm -f "$hp_home/runs/$hp_n/undo.sh"; done
    done
}

# hp_fold_mark RUN: where it took part here.
hp_fold_mark() {
    hp_meta=$hp_home/runs/$1/meta
    [ -s "$hp_meta" ] || return 0
    hp_write "$hp_meta.new" "$(grep -v -e '^format=' -e '^folded=' "$hp_meta")" "format=$hp_format" "folded=$hp_newest"
    if hp_flush_file "$hp_meta.new" && mv -fT -- "$hp_meta.new" "$hp_meta"; then return 0; fi
    hp_die "cannot write to $hp_meta"
}

# hp_fold_entry DIR OLDER: whether the entry is needless from now on.
hp_fold_entry() {
    [ -d "$1" ] || return 1
    # People were told of what is kept there.
    [ ! -e "$1/found" ] || return 1
    [ "$2" != - ] || return 0
    hp_older=$hp_home/runs/$2
    [ -d "$hp_older" ] || hp_die "there is no change $2 on this host"
    hp_f=$(cat "$hp_older/function")
    [ "$hp_f" = "$(cat "$1/function")" ] && hp_have "${hp_f}_fold" || return 0
    e=$hp_older
    "${hp_f}_fold" "$1" </dev/null || hp_die "cannot fold $1 into $hp_older"
}

# hp_fold_part NAME FILE: takes the place of what the older entry keeps by that name; at any moment the one or the other is there.
hp_fold_part() {
    rm -rf "$e/part"
    hp_copy "$2" "$e/part" && hp_flush_file "$e/part" && mv -fT -- "$e/part" "$e/$1"
}
