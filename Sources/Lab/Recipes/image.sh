# Builds the layers that lab hosts start from: base, then balancer and application above it.
# Runs as root in a mount namespace of its own, so nothing stays mounted when it dies.
#   image.sh BUILD SUITE
# leaves in BUILD: base/ balancer/ application/ payload/ (what the RPMs are packed from) and work/.
set -eu
build=$1 suite=$2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
here=$(dirname "$0")
. "$here/layers.sh"

say "debian $suite by mmdebstrap"
mmdebstrap --quiet --variant=minbase --skip=cleanup/apt/lists \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --include="$(list base)" "$suite" "$build/base"

root=$build/base
# No host may share a key or an identity with another.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/hosts"
: > "$root/etc/machine-id"
sed -i '/pam_systemd/d' "$root/etc/pam.d/common-session"
cp "$here/lab-network" "$root/usr/sbin/lab-network"
chmod 755 "$root/usr/sbin/lab-network"
cp "$here/network.service" "$root/usr/lib/systemd/system/network.service"
mkdir -p "$root/etc/sysconfig/network-scripts" "$root/usr/libexec" \
    "$root/etc/systemd/journald.conf.d" "$root/etc/ssh/sshd_config.d"
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nRateLimitIntervalSec=0\n' \
    > "$root/etc/systemd/journald.conf.d/lab.conf"
# Tests count connections and channels in sshd's own words.
printf 'LogLevel DEBUG1\nMaxStartups 100:30:200\n' > "$root/etc/ssh/sshd_config.d/lab.conf"
cp "$here/rsyslog.conf" "$root/etc/rsyslog.conf"
rm -f "$root"/etc/rsyslog.d/* "$root/etc/cron.daily/dpkg" "$root/etc/cron.daily/apt-compat"
# The kernel's log belongs to the machine, not to a host.
sed -i 's/^hosts:.*/hosts: files dns/' "$root/etc/nsswitch.conf"
chroot "$root" systemctl --quiet enable network.service
chroot "$root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer getty@tty1.service console-getty.service \
    systemd-pstore.service remote-fs.target systemd-logind.service systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service systemd-udevd.service systemd-udev-trigger.service \
    systemd-ask-password-console.path systemd-ask-password-wall.path dev-hugepages.mount

say "balancer and application layers"
(
    layer "$build/application" "$build/base"
    in_layer apt-get -qq -y --no-install-recommends install $(list application | tr , ' ')
    in_layer systemctl --quiet disable firewalld
    rm -rf "$merged"/etc/nginx/sites-enabled "$merged"/etc/apt/sources.list* "$merged"/var/lib/apt/lists \
        "$merged"/var/cache/apt/*.bin
    cp "$here/nginx.conf" "$merged/etc/nginx/nginx.conf"
    unlayer
) > "$build/work/application.log" 2>&1 &
application=$!

layer "$build/balancer" "$build/base"
in_layer apt-get -qq -y --no-install-recommends install $(list balancer | tr , ' ') > "$build/work/balancer.log" 2>&1
ln -s dnf-3 "$merged/usr/bin/yum"
ln -s dnf/dnf.conf "$merged/etc/yum.conf"
mkdir -p "$merged/etc/rpm" "$merged/etc/yum.repos.d" "$merged/etc/dnf/vars" "$merged/usr/share/lab-repo" \
    "$merged/var/lib/rpm"
printf '%%_dbpath /var/lib/rpm\n' > "$merged/etc/rpm/macros.lab"
printf '[main]\ngpgcheck=1\nclean_requirements_on_remove=True\nbest=False\nskip_if_unavailable=False\nkeepcache=0\n' \
    > "$merged/etc/dnf/dnf.conf"
printf 'stock\n' > "$merged/etc/dnf/vars/infra"
printf 'centos\n' > "$merged/etc/dnf/vars/contentdir"
rm -f "$merged/etc/os-release" "$merged/etc/debian_version"
cp "$here/os-release" "$merged/usr/lib/os-release"
ln -s ../usr/lib/os-release "$merged/etc/os-release"
printf 'CentOS Linux release 7.7.1908 (Core)\n' > "$merged/etc/centos-release"
ln -s centos-release "$merged/etc/redhat-release"
ln -s centos-release "$merged/etc/system-release"
printf '\\S\nKernel \\r on an \\m\n\n' > "$merged/etc/issue"
sed -i 's/^#*CREATE_HOME.*//; $a CREATE_HOME yes' "$merged/etc/login.defs"

say "what the RPMs are packed from"
mkdir -p "$build/work/debs/partial"
in_layer apt-get -qq -y --no-install-recommends --download-only -o Dir::Cache::archives=/lab/debs \
    install $(list payload | tr , ' ') >> "$build/work/balancer.log" 2>&1
# What the packing is decided from.
cp "$merged/var/lib/dpkg/status" "$build/work/balancer.status"
for file in "$merged"/var/lib/dpkg/info/*.list; do
    name=${file##*/}
    name=${name%.list}
    printf '= %s\n' "${name%:*}"
    cat "$file"
done > "$build/work/balancer.lists"
(cd "$merged" && find . -xdev -printf '%y /%P\n') > "$build/work/balancer.tree"
unlayer
mkdir -p "$build/payload"
for deb in "$build"/work/debs/*.deb; do
    name=$(dpkg-deb -f "$deb" Package)
    mkdir -p "$build/payload/$name"
    dpkg-deb -x "$deb" "$build/payload/$name"
    dpkg-deb -f "$deb"
    echo
done > "$build/work/payload.status"
# The same places as in the base, where /lib and its like are links; and nothing to read.
for tree in "$build"/payload/*; do
    for top in bin sbin lib lib64; do
        if [ -d "$tree/$top" ]; then
            mkdir -p "$tree/usr"
            cp -a "$tree/$top" "$tree/usr/"
            rm -rf "${tree:?}/$top"
        fi
    done
    for quiet in doc man info locale lintian bug doc-base gdb gcc; do rm -rf "${tree:?}/usr/share/${quiet:?}"; done
done
ln -s gcc "$build/payload/gcc/usr/bin/cc"
(cd "$build/payload" && find . -mindepth 2 -printf '%y %P\n') > "$build/work/payload.tree"
wait $application || {
    cat "$build/work/application.log" >&2
    exit 1
}
