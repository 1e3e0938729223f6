# Boots a host, again whenever it restarts itself: its systemd-nspawn, in a control group of its own and a mount namespace that
# goes with it.
#   host.sh GROUP ROOT LAYERS STORE IMAGE NETNS MACHINE HOSTNAME [NSPAWN-OPTION...]
# STORE is the folder of what the host writes; IMAGE, where that file exists, is the disk that belongs there.
set -eu
echo $$ > "$1/cgroup.procs"
# Nothing of it is flushed unless the host asks for it.
[ ! -e "$5" ] || mount -o loop,commit=3600 "$5" "$4"
mkdir -p "$4/upper" "$4/work"
mount -t overlay haprov-lab -o "lowerdir=$3,upperdir=$4/upper,workdir=$4/work" "$2"
root=$2 netns=$6 machine=$7 hostname=$8
shift 8
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
# A host's clock is the machine's: CAP_SYS_TIME is never granted.
while :; do
    status=0
    systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --network-namespace-path="$netns" --boot \
        --machine="$machine" --hostname="$hostname" --console=read-only --link-journal=no --resolv-conf=off --timezone=off \
        --capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_NET_BROADCAST,CAP_IPC_LOCK,CAP_SYS_NICE,CAP_SYS_RESOURCE \
        --drop-capability=CAP_SYS_TIME "$@" || status=$?
    # What it ends with where the host wants to be booted again.
    [ "$status" = 133 ] || exit "$status"
    # A kernel's network does not outlive a restart either.
    name=${netns##*/}
    for link in $(ip -n "$name" -o link | sed -n 's/^[0-9]*: \([^:@]*\).*/\1/p'); do
        [ "$link" = lo ] || { ip -n "$name" address flush dev "$link"; ip -n "$name" link set "$link" down; }
    done
    ! command -v nft >/dev/null || ip netns exec "$name" nft flush ruleset
done
