# Virtual routers that are moved to a balancer: files by which chk_move.sh, which the VRRP engine asks, knows of it.

# move_tracked ID: the engine asks for it here.
move_tracked() {
    grep -qF -e "chk_move.sh here $1\"" -e "chk_move.sh stay $1\"" /etc/keepalived/keepalived.conf 2>/dev/null ||
        hp_die "keepalived.conf does not ask for moves: \`haprov apply\` brings that"
}

# move_here ID OPERATOR TIME
move_here() {
    hp_folder "$hp_volatile"
    hp_write "$hp_volatile/moved-$1" "$2" "$3"
}

# move_home ID: it is not moved here any more.
move_home() {
    rm -f "$hp_volatile/moved-$1"
    move_tidy
}

# move_leave ID: lets go of it, and says so once the engine has asked.
move_leave() {
    hp_folder "$hp_volatile"
    rm -f "$hp_volatile/leaves-$1"
    hp_write "$hp_volatile/leave-$1"
    hp_wait 20 test -e "$hp_volatile/leaves-$1" || hp_die "the VRRP engine does not ask chk_move.sh: does it run?"
}

# move_stay ID: takes part again.
move_stay() {
    rm -f "$hp_volatile/leave-$1" "$hp_volatile/leaves-$1"
    move_tidy
}
move_tidy() { rmdir "$hp_volatile" 2>/dev/null || :; }

# move_sweep: where nothing asks for moves any more, nothing says that there are any.
move_sweep() {
    [ -e /etc/keepalived/chk_move.sh ] || rm -f "$hp_volatile"/moved-* "$hp_volatile"/leave-* "$hp_volatile"/leaves-*
}
