# Shared by the image's scripts.
say() { printf 'step: %s\n' "$1"; }

# list NAME: the names that packages.txt gives under [NAME], joined with commas.
list() {
    awk -v wanted="[$1]" '/^\[/ { on = ($0 == wanted); next } on && NF && !/^#/ { for (i = 1; i <= NF; i++) print $i }' \
        "$here/packages.txt" | paste -sd, -
}

# layer UPPER LOWER: mounts an overlay at a place of its own and names it in $merged.
layer() {
    merged=$build/work/merged.$(basename "$1")
    mkdir -p "$1" "$build/work/overlay.$(basename "$1")" "$merged"
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$1,workdir=$build/work/overlay.$(basename "$1")" "$merged"
    mount -t proc proc "$merged/proc"
    mkdir -p "$merged/lab"
    mount --bind "$build/work" "$merged/lab"
}

in_layer() { chroot "$merged" "$@" < /dev/null; }

unlayer() {
    umount "$merged/lab"
    rmdir "$merged/lab"
    umount "$merged/proc"
    umount "$merged"
    rmdir "$merged"
}
