# Debian packages, by apt and dpkg.

# apt_list: every package that left something here, with its version and its state: installed, config-files, …
apt_list() {
    # One that waits for what another package triggers is installed.
    # shellcheck disable=SC2016 # dpkg's own
    dpkg-query -W -f '${binary:Package} ${Version} ${db:Status-Status}\n' | sed 's/ triggers-[a-z]*$/ installed/' | sort
}

# apt_get ARG…: apt-get with package lists and archives in $apt_folder, where nothing of them stays: the host's own may be old or
# missing, and are nobody's to renew. Sources are the host's, or $apt_from alone where that is a folder of packages.
apt_from=
apt_get() {
    if [ -n "$apt_from" ]; then
        printf 'deb [trusted=yes] file:%s ./\n' "$apt_from" >"$apt_folder/sources.list" || return 1
        set -- -o "Dir::Etc::sourcelist=$apt_folder/sources.list" -o Dir::Etc::sourceparts=/dev/null "$@"
    fi
    # needrestart(1) would restart what serves, on its own account and on all hosts at once.
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l apt-get -q -o "Dir::State::Lists=$apt_folder/lists" -o "Dir::Cache=$apt_folder/cache" \
        -o APT::Sandbox::User=root -o APT::Get::AutomaticRemove=false -o APT::Install-Recommends=false \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Acquire::Retries=1 -o Dpkg::Options::=--force-confdef \
        -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# apt_scratch: makes $apt_folder, which goes with the script.
apt_scratch() {
    apt_folder=$(mktemp -d /tmp/haprov.XXXXXX) || exit 1
    trap 'rm -rf "$apt_folder"' EXIT
    mkdir -p "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial"
}

# apt_resolve NAME…: what apt would do, as it says it, and nothing done.
apt_resolve() {
    apt_scratch
    apt_ask "$@"
}
apt_ask() {
    apt_get update 2>&1 || :
    # What is said before may not matter.
    echo 'haprov: lists are fetched'
    apt_get --simulate install "$@" 2>&1 || :
}

# apt_try_debs SIZE NAME…: apt_resolve with the index of standard input, a tar of SIZE bytes, of which nothing stays.
apt_try_debs() {
    apt_scratch
    apt_from=$apt_folder/debs
    package_unpack "$apt_from" "$1" "the index"
    shift
    apt_ask "$@"
}

# apt_debs DIR SIZE: SIZE bytes of standard input, a tar, become a source of packages.
apt_debs() { package_unpack "$1" "$2" "the packages"; }

# What keeps maintainer scripts from starting and stopping services (invoke-rc.d(8)): that is for the steps that come after.
apt_policy_file=/usr/sbin/policy-rc.d
apt_policy='# Written by haprov while it installs packages: what they bring is not started.'
# apt_policy_on [EXCEPTION]: somebody's own, a link perhaps, steps aside, so that it survives whatever becomes of this script.
apt_policy_on() {
    if apt_policy_is_ours; then rm -f "$apt_policy_file"
    elif [ -e "$apt_policy_file" ] || [ -L "$apt_policy_file" ]; then mv -fT "$apt_policy_file" "$apt_policy_file.haprov" || return 1; fi
    hp_write "$apt_policy_file" '#!/bin/sh' "$apt_policy" ${1:+"$1"} 'exit 101'
    chmod 755 "$apt_policy_file"
}
# apt_policy_off: gives back what was there, also after a script that died.
apt_policy_off() {
    if [ -e "$apt_policy_file.haprov" ] || [ -L "$apt_policy_file.haprov" ]; then mv -fT "$apt_policy_file.haprov" "$apt_policy_file"
    elif apt_policy_is_ours; then rm -f "$apt_policy_file"; fi
}
apt_policy_is_ours() { [ ! -L "$apt_policy_file" ] && grep -qsxF "$apt_policy" "$apt_policy_file"; }

# apt_dpkg ARG…: dpkg, once nobody else is at work with it.
apt_dpkg() {
    apt_tries=300
    until dpkg "$@" >"$e/dpkg" 2>&1; do
        apt_tries=$((apt_tries - 1))
        if [ "$apt_tries" -eq 0 ] || ! grep -q 'lock was locked by another process' "$e/dpkg"; then
            cat "$e/dpkg"
            return 1
        fi
        sleep 2
    done
}

# apt_remove ARG…: apt_dpkg. What goes is stopped; nothing is started, nor others started again for what they read no more.
apt_remove() {
    # shellcheck disable=SC2016 # the policy's own
    apt_policy_on 'case $2 in stop) exit 0 ;; esac' || return 1
    apt_ended=0
    apt_dpkg "$@" || apt_ended=$?
    apt_policy_off
    return "$apt_ended"
}

# Which packages were not asked for.
apt_marks=/var/lib/apt/extended_states

# apt_install SOURCE UPGRADES NAME…: SOURCE is `host`, or a folder of packages with their index; UPGRADES is `refuse-upgrades` or `allow-upgrades`.
apt_install_save() {
    apt_list >"$e/before/packages"
    hp_image "$apt_marks" "$e/before/extended_states"
    # Of packages that are gone but for their configuration: they may come again, with a newer one.
    # shellcheck disable=SC2016 # dpkg's own
    dpkg-query -W -f '[${binary:Package} ${db:Status-Status}]\n${Conffiles}\n' |
        awk '/^\[/ { on = ($2 == "config-files]"); name = substr($1, 2); next } on && /^ \// { print name, $1 }' >"$e/before/conffiles"
    n=0
    while read -r _ f; do
        n=$((n + 1))
        hp_image "$f" "$e/before/conffile.$n" || return 1
    done <"$e/before/conffiles"
    user_keep || return 1
    package_cache_save
}
apt_install_do() {
    [ "$1" = host ] || apt_from=$1
    upgrades=$2
    shift 2
    apt_scratch
    apt_get update || echo "not every package list could be fetched"
    # Left behind, it would keep every later upgrade of the host's from starting a service again.
    trap 'apt_policy_off; rm -rf "$apt_folder"' EXIT
    apt_policy_on || return 1
    # apt does nothing before a dpkg that was killed has come to an end; one that was not ours is somebody else's to end.
    if apt_was_cut_off; then apt_dpkg --configure -a || cat "$e/dpkg"; fi
    # What an apt that fails has brought must be known too: whatever comes later is not ours to remove.
    apt_status=0
    if [ "$upgrades" = refuse-upgrades ]; then apt_get -y --no-remove install "$@" || apt_status=$?
    else apt_get -y install "$@" || apt_status=$?; fi
    apt_policy_off
    apt_list >"$e/before/after"
    accounts_brought
    [ "$apt_status" -eq 0 ] || return "$apt_status"
    gone=$(apt_gone)
    if [ -n "$gone" ] && [ "$upgrades" = refuse-upgrades ]; then
        echo "packages that were installed before were replaced: $(apt_gone | package_words)"
        return 1
    fi
}
# apt_was_cut_off: whether an earlier run's apt was ended at its work.
apt_was_cut_off() {
    for c in "$hp_home"/runs/*/[0-9]*; do
        [ "$c" != "$e" ] || continue
        [ "$(cat "$c/function" 2>/dev/null)" = apt_install ] || continue
        hp_read_state "$c"
        case $hp_stage in started | failed) return 0 ;; esac
    done
    return 1
}
# apt_gone: packages that were installed and are no more, or in another version.
apt_gone() { comm -23 "$e/before/packages" "$e/before/after" | sed -n 's/ installed$//p'; }
# apt_list_then: the list as an interrupted apt left it. Packages that came well after its last word were brought by somebody
# else; packages that went away since do not matter.
apt_list_then() {
    limit=$(($(stat -c %Y "$e/log") + 300))
    apt_list | while read -r name rest; do
        f=/var/lib/dpkg/info/$name.list
        [ -e "$f" ] || f=/var/lib/dpkg/info/${name%:*}.list
        came=$(stat -c %Y "$f" 2>/dev/null) || came=0
        [ "$came" -gt "$limit" ] || printf '%s %s\n' "$name" "$rest"
    done
}
# apt_names FILE: the names of an `apt_list`, sorted.
apt_names() { cut -d ' ' -f 1 "$1" | sort; }
# apt_spare: takes out of $e/remove what packages that stay have come to need, and puts it into $e/needed; those packages into
# $e/needing.
apt_spare() {
    : >"$e/needed"
    rm -f "$e/needing"
    while [ -s "$e/remove" ]; do
        # What apt would remove along with them.
        xargs apt-get -q --simulate -o APT::Get::AutomaticRemove=false -o Debug::NoLocking=1 -o Dir::Cache::pkgcache= \
            -o Dir::Cache::srcpkgcache= purge <"$e/remove" 2>/dev/null |
            awk '$1 == "Purg" || $1 == "Remv" { print $2 }' | sort -u >"$e/going"
        sed 's/:.*//' "$e/remove" | sort -u >"$e/bare"
        sed 's/:.*//' "$e/going" | sort -u | comm -23 - "$e/bare" >"$e/others"
        [ -s "$e/others" ] || return 0
        [ -e "$e/needing" ] || cp "$e/others" "$e/needing"
        # What those depend on, by whatever name, and that in turn, as far as it is ours.
        # shellcheck disable=SC2016 # dpkg's own
        xargs dpkg-query -W -f '${Pre-Depends}, ${Depends}\n' <"$e/others" | apt_depended >"$e/wanted"
        # shellcheck disable=SC2016 # dpkg's own
        dpkg-query -W -f '${binary:Package}|${Package}, ${Provides}\n' |
            awk -F '|' -v wanted="$e/wanted" '
                BEGIN { while ((getline name <wanted) > 0) is[name] = 1 }
                { n = split($2, names, /, */); for (i = 1; i <= n; i++) { sub(/[ (].*/, "", names[i]); if (names[i] in is) { print $1; next } } }' |
            sort -u | comm -12 - "$e/remove" >"$e/more"
        # It would take others along for another reason: dpkg will say which.
        [ -s "$e/more" ] || return 0
        cat "$e/more" >>"$e/needed"
        comm -23 "$e/remove" "$e/more" >"$e/rest"
        mv -f "$e/rest" "$e/remove"
    done
}
# apt_depended: the names in lists of dependencies, all alternatives.
apt_depended() { tr ',|' '[\n*]' | sed 's/^ *//; s/[ (:].*//' | grep -v '^$' | sort -u; }
# apt_scripts: what makes the users of the packages in $e/remove.
apt_scripts() {
    while read -r name; do
        for script in preinst postinst; do dpkg-query --control-show "$name" "$script" 2>/dev/null || :; done
    done <"$e/remove"
}
apt_install_undo() {
    rm -f "$e/note"
    # A dpkg that was interrupted has to come to an end first.
    apt_remove --configure -a >/dev/null || :
    apt_list >"$e/now"
    [ -e "$e/before/after" ] || apt_list_then >"$e/before/after"
    apt_names "$e/now" >"$e/names"
    # Only what this change brought, and only what is still there.
    apt_names "$e/before/packages" >"$e/known"
    apt_names "$e/before/after" | comm -13 "$e/known" - | comm -12 - "$e/names" >"$e/remove"
    apt_gone >"$e/replaced"
    apt_spare
    accounts_gather "$e/accounts"
    [ -e "$e/before/accounts" ] || apt_scripts | accounts_then
    # Those that were only half unpacked too.
    # shellcheck disable=SC2046 # its words
    [ ! -s "$e/remove" ] || apt_remove --purge --force-remove-reinstreq $(cat "$e/remove") || return 1
    # What had left its configuration behind does so again.
    grep ' config-files$' "$e/before/packages" | cut -d ' ' -f 1 | sort >"$e/revived"
    apt_list | grep ' installed$' | cut -d ' ' -f 1 | sort | comm -12 - "$e/revived" >"$e/revived.now"
    # shellcheck disable=SC2046 # its words
    [ ! -s "$e/revived.now" ] || apt_remove --remove --force-remove-reinstreq $(cat "$e/revived.now") || return 1
    n=0
    while read -r name f; do
        n=$((n + 1))
        ! grep -qxF "$name" "$e/revived.now" || hp_restore "$f" "$e/before/conffile.$n" || return 1
    done <"$e/before/conffiles"
    accounts_undo
    if [ -s "$e/needed" ]; then
        echo "these packages are kept, because others have come to need them ($(package_words "$e/needing")):" \
            "$(sort "$e/needed" | package_words)" >"$e/note"
    fi
    [ ! -s "$e/replaced" ] ||
        echo "packages replaced by newer ones cannot be taken back: $(package_words "$e/replaced")" >>"$e/note"
    # Which packages came by themselves: as it was, where the packages are.
    if apt_list | cmp -s - "$e/before/packages"; then hp_restore "$apt_marks" "$e/before/extended_states"; fi
    package_cache_undo
}

# apt_owns PATH: whether a package has this file. One that was packed below /lib may be asked for below /usr/lib.
apt_owns() { hp_have dpkg && { dpkg -S "$1" >/dev/null 2>&1 || dpkg -S "${1#/usr}" >/dev/null 2>&1; }; }

# apt_owners PATH…: which of these files belong to a package.
apt_owners() {
    hp_have dpkg-query || return 0
    for path in "$@"; do
        [ -f "$path" ] || continue
        answer=$(dpkg -S "$path" 2>/dev/null || dpkg -S "${path#/usr}" 2>/dev/null) || continue
        answer=$(printf '%s\n' "$answer" | grep -v '^diversion ' | head -n 1)
        [ -z "$answer" ] || hp_say owner "$path" "${answer%%[:,]*}"
    done
}

# apt_packages NAME…: what provides these; empty where nothing does.
apt_packages() {
    hp_have dpkg-query || return 0
    apt_known=$(mktemp) || return 0
    # shellcheck disable=SC2016 # dpkg's own
    dpkg-query -W -f '${db:Status-Status}|${Package}|${Version}|${Package}, ${Provides}\n' >"$apt_known"
    for name in "$@"; do
        hp_say package "$name" "$(awk -F '|' -v name="$name" '
            $1 != "installed" { next }
            { n = split($4, names, /, */)
              for (i = 1; i <= n; i++) { sub(/[ (:].*/, "", names[i]); if (names[i] == name) { print $2 "_" $3; exit } } }' "$apt_known")"
    done
    rm -f "$apt_known"
}

apt_sources=/etc/apt
# apt_repositories: every source of packages, the host it is fetched from, and whether that can be reached at all.
apt_repositories() {
    hp_have apt-get || return 0
    {
        cat "$apt_sources/sources.list" "$apt_sources"/sources.list.d/*.list 2>/dev/null |
            awk '$1 == "deb" { sub(/^deb[ \t]+/, ""); sub(/^[\[][^]]*[]][ \t]*/, ""); print $1 "\t" $2 }'
        cat "$apt_sources"/sources.list.d/*.sources 2>/dev/null |
            awk 'function flush() { if (on && types ~ /(^| )deb( |$)/) { n = split(uris, list, / +/); split(suites, suite, / +/)
                     for (i = 1; i <= n; i++) print list[i] "\t" suite[1] }
                     on = 1; types = ""; uris = ""; suites = "" }
                 BEGIN { on = 1 }
                 /^[ \t]*$/ { flush(); next }
                 { value = $0; sub(/^[^:]*:[ \t]*/, "", value) }
                 /^Types:/ { types = value } /^URIs:/ { uris = value } /^Suites:/ { suites = value }
                 /^Enabled:/ { on = (value !~ /^(no|false|0)/) }
                 END { flush() }'
    } | sort -u | while IFS="$hp_tab" read -r url suite; do
        case $url in
        file:* | copy:* | mirror+file:*) package_repository "$suite" "$url" "${url#*:}" ;;
        *) package_repository "$suite" "$url" ;;
        esac
    done
}
