# The balancer's layer of a host that is dressed as Rocky Linux 9.4, for image.sh: dnf alone, without the name of yum, no init
# scripts, and HAProxy and keepalived among the packages, as they are there.
dress() {
    printf 'Rocky Linux release 9.4 (Blue Onyx)\n' > "$merged/etc/rocky-release"
    ln -s rocky-release "$merged/etc/redhat-release"
    ln -s rocky-release "$merged/etc/system-release"
    rm -rf "$merged"/etc/init.d "$merged"/etc/rc?.d
}

# What Debian's packages have for init scripts, debconf and syslog goes; the units and files of EL 9 come.
dress_payload() {
    for name in haproxy keepalived; do
        tree=$build/payload/$name
        rm -rf "$tree/etc/default" "$tree/etc/init.d" "$tree/etc/rsyslog.d" "$tree"/usr/lib/systemd/system "$tree/etc/apparmor.d"
        mkdir -p "$tree/usr/lib/systemd/system" "$tree/etc/sysconfig" "$tree/etc/$name"
        cp "$here/$name.service" "$tree/usr/lib/systemd/system/$name.service"
    done
    rm -rf "$build/payload/haproxy/etc/haproxy/errors"
    mkdir -p "$build/payload/haproxy/etc/haproxy/conf.d" "$build/payload/haproxy/var/lib/haproxy"
    cp "$here/haproxy.cfg" "$build/payload/haproxy/etc/haproxy/haproxy.cfg"
    printf 'OPTIONS=""\n' > "$build/payload/haproxy/etc/sysconfig/haproxy"
    cp "$here/keepalived.conf" "$build/payload/keepalived/etc/keepalived/keepalived.conf"
    printf 'KEEPALIVED_OPTIONS="-D"\n' > "$build/payload/keepalived/etc/sysconfig/keepalived"
}
# shellcheck source=/dev/null
. "$here/balancer-dressed.sh"
