# Packs the RPMs that balancers install from, and gives balancers an RPM database of what they have already.
# Runs as root in a mount namespace of its own, after image.sh and once work/repository.spec and work/base.spec stand.
#   rpms.sh BUILD
# leaves in BUILD: rpms/ (a repository).
set -eu
build=$1
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
here=$(dirname "$0")
. "$here/layers.sh"

pack() {
    in_layer rpmbuild -bb --quiet --target x86_64 --buildroot "$2" --define "_topdir /lab/rpmbuild" --define "_rpmdir $3" \
        --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
        --define "_binary_payload $4" --define '_use_internal_dependency_generator 0' \
        --define '__spec_install_pre %{___build_pre}' --define '__os_install_post %{nil}' \
        --define '_unpackaged_files_terminate_build 0' --define '_build_id_links none' \
        --define '_missing_doc_files_terminate_build 0' "$1" > "$build/work/$(basename "$1").log" 2>&1 || {
        tail -n 20 "$build/work/$(basename "$1").log" >&2
        exit 1
    }
}

say "RPMs"
mkdir -p "$build/work/stage" "$build/work/repo" "$build/work/installed" "$build/work/rootfs"
for tree in "$build"/payload/*; do cp -al "$tree/." "$build/work/stage/"; done
layer "$build/work/builder" "$build/balancer:$build/base"
mount -t overlay overlay -o "ro,lowerdir=$build/balancer:$build/base" "$build/work/rootfs"
in_layer apt-get -qq -y --no-install-recommends install $(list builder | tr , ' ') > "$build/work/builder.log" 2>&1 || {
    cat "$build/work/builder.log" >&2
    exit 1
}
mount --bind "$build/work/rootfs" "$merged/lab/rootfs"
pack /lab/repository.spec /lab/stage /lab/repo w3.zstdio
in_layer createrepo_c --quiet --no-database --simple-md-filenames /lab/repo
pack /lab/base.spec /lab/rootfs /lab/installed w.ufdio
umount "$merged/lab/rootfs"
unlayer
umount "$build/work/rootfs"
mv "$build/work/repo" "$build/rpms"

say "the balancers' RPM database"
layer "$build/balancer" "$build/base"
in_layer sh -c 'rpm --initdb && rpm -i --justdb --nodeps --noscripts --nosignature /lab/installed/*.rpm' >&2
mkdir -p "$merged/etc/dnf/protected.d"
in_layer rpm -qa --qf '%{NAME}\n' | sort > "$merged/etc/dnf/protected.d/base.conf"
# Nothing of Debian's packaging stays: it would be another way to a compiler.
# shellcheck disable=SC2013 # words it is
for name in $(awk '/^- :/ { for (i = 3; i <= NF; i++) print $i }' "$here/rpm-names.txt"); do
    for file in "$merged/var/lib/dpkg/info/$name.list" "$merged/var/lib/dpkg/info/$name":*.list; do
        [ -f "$file" ] || continue
        while read -r path; do
            [ -d "$merged$path" ] && [ ! -L "$merged$path" ] || rm -f "$merged$path"
        done < "$file"
    done
done
rm -rf "$merged/etc/apt" "$merged/etc/dpkg" "$merged/var/lib/dpkg" "$merged/var/lib/apt" "$merged/var/cache/apt" \
    "$merged/var/cache/debconf" "$merged/usr/lib/apt" "$merged/usr/lib/dpkg" "$merged/usr/share/dpkg" \
    "$merged/var/lib/ucf" "$merged"/var/log/dpkg.log "$merged"/var/log/apt "$merged"/usr/bin/rpmbuild
ln -sf useradd "$merged/usr/sbin/adduser"
unlayer
rm -rf "$build/base/var/lib/apt/lists" "$build/payload" "$build/work"
