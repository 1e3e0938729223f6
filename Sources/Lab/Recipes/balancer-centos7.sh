# The balancer's layer of a host that is dressed as CentOS 7.7, for image.sh.
dress() {
    ln -s dnf-3 "$merged/usr/bin/yum"
    ln -s dnf/dnf.conf "$merged/etc/yum.conf"
    printf 'centos\n' > "$merged/etc/dnf/vars/contentdir"
    printf 'CentOS Linux release 7.7.1908 (Core)\n' > "$merged/etc/centos-release"
    ln -s centos-release "$merged/etc/redhat-release"
    ln -s centos-release "$merged/etc/system-release"
}
dress_payload() { :; }
# shellcheck source=/dev/null
. "$here/balancer-dressed.sh"
