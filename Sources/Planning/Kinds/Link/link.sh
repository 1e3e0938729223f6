# Symbolic links.

# link_make PATH TARGET
link_make_save() { hp_image "$1" "$e/before"; }
link_make_do() {
    hp_sweep "$(dirname -- "$1")"
    new="$(dirname -- "$1")/.haprov-new.$$"
    trap 'rm -f -- "$new"' EXIT
    ln -sfn -- "$2" "$new"
    mv -fT -- "$new" "$1"
}
link_make_undo() { hp_restore "$1" "$e/before"; }
