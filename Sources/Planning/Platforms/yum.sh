# RPM packages, by yum, or by dnf, which answers to that name too where it is not missing. Names that begin with `package` are those of the time when there was no
# other package manager: journals know them.

package_format='%{NAME}-%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}.%{ARCH}\n'
package_list() { rpm -qa --qf "$package_format" | sort; }

# yum_program ARG…: whichever of the two is there.
yum_program() { if hp_have yum; then yum "$@"; else dnf "$@"; fi; }

# package_yum SOURCE ARG…: SOURCE is `host`, or a directory beside which `SOURCE.d` holds the only repository file used.
package_yum() {
    source=$1
    shift
    case $source in
    host) yum_program "$@" ;;
    *)
        yum_ended=0
        yum_program "--setopt=reposdir=$source.d" "--disablerepo=*" "--enablerepo=haprov*" "$@" || yum_ended=$?
        package_forget
        return "$yum_ended"
        ;;
    esac
}

# package_forget: what yum 3, dnf 4 and dnf 5 keep of haprov's own repositories; they are there for one command.
package_forget() {
    for d in $package_memory; do
        [ -d "$d" ] || continue
        ( cd "$d" && find . -mindepth 1 -maxdepth 3 -name 'haprov-*' -prune ) | while IFS= read -r f; do
            rm -rf -- "${d:?}/$f"
            # yum 3 makes a directory an architecture and release.
            case $f in ./*/*) ( cd "$d" && rmdir -p --ignore-fail-on-non-empty -- "$(dirname -- "${f#./}")" ) ;; esac
        done
    done
}
package_memory='/var/cache/yum /var/lib/yum/repos /var/cache/dnf /var/lib/dnf/repos /var/cache/libdnf5'

# package_rpms DIR SIZE: SIZE bytes of standard input, a tar, become a repository in DIR.
package_rpms() {
    rm -rf "$1.d"
    hp_folder "$1.d"
    package_unpack "$1" "$2" "the RPMs"
    hp_write "$1.d/haprov.repo" '[haprov-rpms]' 'name=haprov: RPMs from the controller' "baseurl=file://$1" 'enabled=1' \
        'gpgcheck=0' 'metadata_expire=0'
}

# package_vault DIR RELEASE REPOSITORY…: a repository file for the vault of this minor release, such as 7.7.1908.
package_vault() {
    hp_folder "$1.d"
    dir=$1 release=$2
    shift 2
    hp_write "$dir.d/haprov.repo"
    for r in "$@"; do
        cat >>"$dir.d/haprov.repo" <<EOF || hp_die "cannot write to $dir.d/haprov.repo"
[haprov-vault-$r]
name=haprov: CentOS $release, $r
baseurl=https://vault.centos.org/$release/$r/\$basearch/
enabled=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-${release%%.*}
EOF
    done
}

# package_resolve SOURCE NAME…: what yum would do, as it says it, and nothing done.
package_resolve() {
    resolve_source=$1
    shift
    set -- --assumeno install "$@"
    # yum 3 alone saves in /tmp what it would have done; its successors do not know the option.
    if yum_is_3; then set -- --setopt=autosavets=0 "$@"; fi
    package_yum "$resolve_source" "$@" 2>&1 </dev/null || :
}

yum_is_3() { grep -qs yummain "$(command -v yum)"; }

# package_try_rpms SIZE NAME…: package_resolve with the index of standard input, of which nothing stays.
package_try_rpms() {
    package_scratch
    package_rpms "$package_folder/rpms" "$1"
    shift
    package_resolve "$package_folder/rpms" "$@"
}

# package_try_vault RELEASE REPOSITORIES NAME…: package_resolve with the vault's REPOSITORIES, in one word.
package_try_vault() {
    package_scratch
    # shellcheck disable=SC2086 # its words
    package_vault "$package_folder/vault" "$1" $2
    shift 2
    package_resolve "$package_folder/vault" "$@"
}
package_scratch() {
    package_folder=$(mktemp -d /tmp/haprov.XXXXXX) || exit 1
    trap 'rm -rf "$package_folder"' EXIT
}

# package_install SOURCE UPGRADES NAME…: UPGRADES is `refuse-upgrades` or `allow-upgrades`.
package_install_save() {
    package_list >"$e/before/packages"
    user_keep || return 1
    package_cache_save
}
package_install_do() {
    source=$1
    upgrades=$2
    shift 2
    # What a yum that fails has brought must be known too: whatever comes later is not ours to remove.
    yum_status=0
    package_yum "$source" -y install "$@" </dev/null || yum_status=$?
    [ "$yum_status" -eq 0 ] || hp_keep "$e/before/failed"
    package_list >"$e/before/after"
    accounts_brought
    [ "$yum_status" -eq 0 ] || return "$yum_status"
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
# package_list_then: the list as an interrupted yum left it. Packages that came well after its last word were brought by
# somebody else; packages that went away since do not matter.
package_list_then() {
    limit=$(($(stat -c %Y "$e/log") + 300))
    rpm -qa --qf "%{INSTALLTIME} $package_format" |
        awk -v limit="$limit" '$1 <= limit { print $2 }' | sort
}
# package_plain FILE: the names in it without epochs: rpm prints them with, and takes them without.
package_plain() { sed 's/-[0-9]*:\([^-]*-[^-]*\)$/-\1/' "$1"; }
# package_erase FILE OPTION…
package_erase() {
    names=$(package_plain "$1")
    shift
    # shellcheck disable=SC2086
    rpm -e "$@" $names
}
# package_scripts: what makes the users of the packages in $e/remove: their scripts, and rpm itself by `user(NAME)` from 4.19 on.
package_scripts() {
    [ -s "$e/remove" ] || return 0
    # shellcheck disable=SC2046 # its words
    rpm -q --scripts --provides $(package_plain "$e/remove")
}
# package_remove: takes away what is in $e/remove, which nothing else needs. By yum, which keeps books of its own and would warn
# of what it has not done itself; without any repository, and without what it holds for no longer needed. What it leaves goes
# by rpm: one that is broken, or at work for somebody else, is no reason to leave a host half taken back. Yum would take along
# what needs what it removes: rpm is asked first, whose refusal is the last word.
package_remove() {
    package_erase "$e/remove" --test || return 1
    # shellcheck disable=SC2046 # its words
    yum_program -y '--disablerepo=*' --setopt=clean_requirements_on_remove=0 --setopt=exit_on_lock=1 \
        remove $(cat "$e/remove") </dev/null || :
    package_list | comm -12 - "$e/remove" >"$e/rest"
    [ ! -s "$e/rest" ] || package_erase "$e/rest"
}
# package_spare: takes out of $e/remove what packages that stay have come to need, and puts it into $e/needed; those
# packages into $e/needing.
package_spare() {
    : >"$e/needed"
    rm -f "$e/needing"
    until [ ! -s "$e/remove" ] || package_erase "$e/remove" --test >"$e/refusal" 2>&1; do
        # A line for each thing that would be missing: `THING is needed by (installed) PACKAGE`.
        [ -e "$e/needing" ] || sed -n 's/.* is needed by (installed) //p' "$e/refusal" | sort -u >"$e/needing"
        awk '/ is needed by \(installed\) / { print $1 }' "$e/refusal" | sort -u |
            while read -r thing; do rpm -q --whatprovides --qf "$package_format" "$thing" || :; done |
            sort -u | comm -12 - "$e/remove" >"$e/more"
        # It refuses for another reason, and will say so again.
        [ -s "$e/more" ] || return 0
        cat "$e/more" >>"$e/needed"
        comm -23 "$e/remove" "$e/more" >"$e/rest"
        mv -f "$e/rest" "$e/remove"
    done
}
# package_new REPLACED BROUGHT: what is no newer version of a package that was there before.
package_new() {
    awk 'function key(p, arch) { arch = p; sub(/.*\./, "", arch); sub(/-[^-]*-[^-]*$/, "", p); return p "." arch }
        FILENAME == ARGV[1] { old[key($0)]; next }
        !(key($0) in old)' "$1" "$2"
}
# Where packages put files, on whatever disks.
package_disks='/ /usr /var /opt'

# package_sweep: what an rpm that was killed has left under names of its own, NAME;HHHHHHHH, since then.
package_sweep() {
    hex='[0-9a-f]'
    # shellcheck disable=SC2086 # its words
    find $package_disks -xdev ! -type d -name "*;$hex$hex$hex$hex$hex$hex$hex$hex" -cnewer "$e/before/packages" \
        >"$e/swept" 2>/dev/null || :
    [ -s "$e/swept" ] || return 0
    while IFS= read -r f; do rm -f -- "$f"; done <"$e/swept"
    # Half a library may have found its way in.
    ! hp_have ldconfig || ldconfig
}
package_install_undo() {
    rm -f "$e/note"
    package_list >"$e/now"
    well=no
    if [ -e "$e/before/after" ] && [ ! -e "$e/before/failed" ]; then well=yes; fi
    [ -e "$e/before/after" ] || package_list_then >"$e/before/after"
    # Only what this change brought, and only what is still there.
    comm -13 "$e/before/packages" "$e/before/after" | comm -12 - "$e/now" >"$e/brought"
    comm -23 "$e/before/packages" "$e/before/after" >"$e/replaced"
    package_new "$e/replaced" "$e/brought" >"$e/remove"
    package_spare
    accounts_gather "$e/accounts"
    [ -e "$e/before/accounts" ] || package_scripts | accounts_then
    [ ! -s "$e/remove" ] || package_remove || return 1
    [ "$well" = yes ] || package_sweep
    accounts_undo
    if [ -s "$e/needed" ]; then
        echo "these packages are kept, because others have come to need them ($(package_words "$e/needing")):" \
            "$(sort "$e/needed" | package_words)" >"$e/note"
    fi
    [ ! -s "$e/replaced" ] ||
        echo "packages replaced by newer ones cannot be taken back: $(package_words "$e/replaced")" >>"$e/note"
    package_cache_undo
}

# yum_owns PATH: whether it belongs to an RPM.
yum_owns() { rpm -qf "$1" >/dev/null 2>&1; }

# yum_owners PATH…: which of these files belong to an RPM.
yum_owners() {
    hp_have rpm || return 0
    n=$#
    while [ "$n" -gt 0 ]; do
        [ ! -f "$1" ] || set -- "$@" "$1"
        shift
        n=$((n - 1))
    done
    yum_rpm owner --file "$@"
}

# yum_packages NAME…: what provides these; empty where nothing does.
yum_packages() {
    hp_have rpm || return 0
    yum_rpm package --whatprovides "$@"
}

# yum_rpm WORD OPTION NAME…: one question for all names where rpm gives one line a name, as it does unless several packages
# answer for one; else a question a name.
yum_rpm() {
    word=$1 option=$2
    shift 2
    [ $# -gt 0 ] || return 0
    answers=$(rpm -q "$option" --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' "$@" 2>/dev/null)
    if [ "$(printf '%s\n' "$answers" | wc -l)" -eq $# ]; then
        printf '%s\n' "$answers" | while IFS= read -r answer; do
            case $answer in *' '*) [ "$word" != package ] || hp_say "$word" "$1" '' ;; *) hp_say "$word" "$1" "$answer" ;; esac
            shift
        done
        return
    fi
    for name in "$@"; do
        answer=$(rpm -q "$option" --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' "$name" 2>/dev/null | head -n 1)
        case $answer in *' '*) answer='' ;; esac
        if [ -n "$answer" ] || [ "$word" = package ]; then hp_say "$word" "$name" "$answer"; fi
    done
}

# yum_repositories: every enabled repository, the host it is fetched from, and whether that can be reached at all.
yum_repositories() {
    for f in /etc/yum.repos.d/*.repo; do
        [ -r "$f" ] || continue
        awk -F= '
            function flush() { if (id != "" && enabled != 0) print id "\t" url; id = ""; url = ""; enabled = 1 }
            /^[ \t]*[#;]/ { next }
            /^\[/ { flush(); id = substr($0, 2, index($0, "]") - 2); next }
            { key = $1; gsub(/[ \t]/, "", key); value = substr($0, index($0, "=") + 1); gsub(/^[ \t]+|[ \t]+$/, "", value) }
            key == "enabled" { enabled = (value ~ /^(0|no|false)/) ? 0 : 1 }
            (key == "baseurl" || key == "mirrorlist" || key == "metalink") && (url == "" || key == "baseurl") { url = value }
            END { flush() }' "$f"
    done | while IFS="$hp_tab" read -r id url; do
        case $url in
        file://*) package_repository "$id" "$url" "${url#file://}/repodata/repomd.xml" ;;
        *) package_repository "$id" "$url" ;;
        esac
    done
}
