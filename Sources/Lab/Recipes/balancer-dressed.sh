# The balancer's layer of a host that is dressed as Enterprise Linux, for balancer-SYSTEM.sh, which has defined what it is
# dressed in: `dress` for the layer in $merged, `dress_payload` for what its RPMs are packed from. Leaves balancer/ and payload/.
layer "$build/balancer" "$build/base"
in_layer apt-get -qq -y --no-install-recommends install $(list balancer | tr , ' ') > "$build/work/balancer.log" 2>&1
mkdir -p "$merged/etc/rpm" "$merged/etc/yum.repos.d" "$merged/etc/dnf/vars" "$merged/usr/share/lab-repo" \
    "$merged/var/lib/rpm"
printf '%%_dbpath /var/lib/rpm\n' > "$merged/etc/rpm/macros.lab"
printf '[main]\ngpgcheck=1\nclean_requirements_on_remove=True\nbest=False\nskip_if_unavailable=False\nkeepcache=0\n' \
    > "$merged/etc/dnf/dnf.conf"
printf 'stock\n' > "$merged/etc/dnf/vars/infra"
rm -f "$merged/etc/os-release" "$merged/etc/debian_version"
cp "$here/os-release-$system" "$merged/usr/lib/os-release"
ln -s ../usr/lib/os-release "$merged/etc/os-release"
printf '\\S\nKernel \\r on an \\m\n\n' > "$merged/etc/issue"
dress
sed -i 's/^#*CREATE_HOME.*//; $a CREATE_HOME yes' "$merged/etc/login.defs"

say "what the RPMs are packed from"
mkdir -p "$build/work/debs/partial"
in_layer apt-get -qq -y --no-install-recommends --download-only -o Dir::Cache::archives=/lab/debs \
    install $(list "payload of $system" | tr , ' ') >> "$build/work/balancer.log" 2>&1
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
dress_payload
(cd "$build/payload" && find . -mindepth 2 -printf '%y %P\n') > "$build/work/payload.tree"
