# Builds the layers that lab hosts start from: base, then balancer and application above it.
# Runs as root in a mount namespace of its own, so nothing stays mounted when it dies.
#   image.sh BUILD SUITE SYSTEM
# leaves in BUILD: base/ balancer/ application/ work/, and what balancer-SYSTEM.sh leaves.
set -eu
build=$1 suite=$2 system=$3
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
here=$(dirname "$0")
. "$here/layers.sh"

say "debian $suite by mmdebstrap"
mmdebstrap --quiet --variant=minbase --skip=cleanup/apt/lists \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --include="$(list base),$(list "base of $system")" "$suite" "$build/base"

root=$build/base
# No host may share a key or an identity with another.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/hosts"
: > "$root/etc/machine-id"
sed -i '/pam_systemd/d' "$root/etc/pam.d/common-session"
mkdir -p "$root/usr/libexec" "$root/etc/systemd/journald.conf.d" "$root/etc/ssh/sshd_config.d"
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nRateLimitIntervalSec=0\n' \
    > "$root/etc/systemd/journald.conf.d/lab.conf"
# Tests count connections and channels in sshd's own words.
printf 'LogLevel DEBUG1\nMaxStartups 100:30:200\n' > "$root/etc/ssh/sshd_config.d/lab.conf"
cp "$here/rsyslog.conf" "$root/etc/rsyslog.conf"
rm -f "$root"/etc/rsyslog.d/* "$root/etc/cron.daily/dpkg" "$root/etc/cron.daily/apt-compat"
# The kernel's log belongs to the machine, not to a host.
sed -i 's/^hosts:.*/hosts: files dns/' "$root/etc/nsswitch.conf"
if [ "$system" != debian ]; then
    mkdir -p "$root/etc/sysconfig/network-scripts"
    cp "$here/lab-network" "$root/usr/sbin/lab-network"
    chmod 755 "$root/usr/sbin/lab-network"
    cp "$here/network.service" "$root/usr/lib/systemd/system/network.service"
    chroot "$root" systemctl --quiet enable network.service
fi
chroot "$root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer getty@tty1.service console-getty.service \
    systemd-pstore.service remote-fs.target systemd-logind.service systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service systemd-udevd.service systemd-udev-trigger.service \
    systemd-ask-password-console.path systemd-ask-password-wall.path dev-hugepages.mount

say "balancer and application layers"
(
    layer "$build/application" "$build/base"
    in_layer apt-get -qq -y --no-install-recommends install $(list application | tr , ' ')
    [ "$system" = debian ] || in_layer systemctl --quiet disable firewalld
    rm -rf "$merged"/etc/nginx/sites-enabled "$merged"/etc/apt/sources.list* "$merged"/var/lib/apt/lists \
        "$merged"/var/cache/apt/*.bin
    cp "$here/nginx.conf" "$merged/etc/nginx/nginx.conf"
    unlayer
) > "$build/work/application.log" 2>&1 &
application=$!

# shellcheck source=/dev/null
. "$here/balancer-$system.sh"
wait $application || {
    cat "$build/work/application.log" >&2
    exit 1
}
