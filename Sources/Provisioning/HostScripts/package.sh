# RPM packages, by yum (dnf answers to that name too).

package_list() { rpm -qa --qf '%{NAME}-%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}.%{ARCH}\n' | sort; }

# package_yum SOURCE ARG…: SOURCE is `host`, or a directory of repository files that is used alone.
package_yum() {
    source=$1
    shift
    case $source in
    host) yum "$@" ;;
    *) yum "--setopt=reposdir=$source" "--disablerepo=*" "--enablerepo=haprov*" "$@" ;;
    esac
}

# package_repository DIR: the files of a repository become one that package_yum can use; prints where.
package_repository() {
    mkdir -p "$1.d"
    cat >"$1.d/haprov.repo" <<EOF
[haprov-rpms]
name=haprov: RPMs from the controller
baseurl=file://$1
enabled=1
gpgcheck=0
metadata_expire=0
EOF
}

# package_resolve SOURCE NAME…: what yum would do, as it says it, and nothing done.
package_resolve() { package_yum "$1" --assumeno install $(shift; printf '%s ' "$@") 2>&1 </dev/null || :; }

# package_install SOURCE UPGRADES NAME…: UPGRADES is `refuse-upgrades` or `allow-upgrades`.
package_install_save() {
    package_list >"$e/before/packages"
    hp_image /etc/ld.so.cache "$e/before/ld.so.cache"
}
package_install_do() {
    source=$1
    upgrades=$2
    shift 2
    package_yum "$source" -y install "$@" </dev/null
    package_list >"$e/before/after"
    # yum 3 ends 0 where one of several names does not exist.
    missing=
    for p in "$@"; do rpm -q --whatprovides "$p" >/dev/null 2>&1 || missing="$missing $p"; done
    [ -z "$missing" ] || { echo "yum ended well, but these packages are not installed:$missing"; return 1; }
    gone=$(comm -23 "$e/before/packages" "$e/before/after")
    if [ -n "$gone" ] && [ "$upgrades" = refuse-upgrades ]; then
        echo "packages that were installed before were replaced: $gone"
        return 1
    fi
}
package_install_undo() {
    package_list >"$e/now"
    [ -e "$e/before/after" ] || cp "$e/now" "$e/before/after"
    # Only what this change brought, and only what is still there.
    comm -13 "$e/before/packages" "$e/before/after" | comm -12 - "$e/now" >"$e/remove"
    if [ -s "$e/remove" ]; then
        # rpm refuses where something else has come to need them, which is right. It prints no epoch in names it takes.
        sed 's/-[0-9]*:\([^-]*-[^-]*\)$/-\1/' "$e/remove" | xargs rpm -e
    fi
    gone=$(comm -23 "$e/before/packages" "$e/before/after")
    [ -z "$gone" ] || echo "packages replaced by newer ones cannot be taken back: $gone" >"$e/note"
    if [ -e "$e/before/ld.so.cache/image" ]; then
        ldconfig
        cmp -s /etc/ld.so.cache "$e/before/ld.so.cache/image" || hp_restore /etc/ld.so.cache "$e/before/ld.so.cache"
    fi
}
