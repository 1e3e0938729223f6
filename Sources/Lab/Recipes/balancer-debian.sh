# The balancer's layer of a host that is Debian and nothing else, for image.sh: leaves balancer/ and debs/, a local archive.
layer "$build/balancer" "$build/base"

say "the local archive"
mkdir -p "$build/work/debs/partial"
in_layer apt-get -qq -y --no-install-recommends --download-only -o Dir::Cache::archives=/lab/debs \
    install $(list "debs of $suite" | tr , ' ') > "$build/work/balancer.log" 2>&1 || {
    cat "$build/work/balancer.log" >&2
    exit 1
}
rm -rf "$merged"/etc/apt/sources.list* "$merged"/var/lib/apt/lists "$merged"/var/cache/apt/*.bin
printf 'deb [trusted=yes] file:/usr/share/lab-repo ./\n' > "$merged/etc/apt/sources.list"
mkdir -p "$merged/usr/share/lab-repo"
unlayer
rm -rf "$build/work/debs/partial" "$build/work/debs/lock"
mv "$build/work/debs" "$build/debs"
# An archive in one folder (sources.list(5), "flat"): the index, and what vouches for it.
(
    cd "$build/debs" || exit
    for deb in *.deb; do
        dpkg-deb -f "$deb"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d ' ' -f 1)"
    done > Packages
    printf 'Origin: lab\nSuite: %s\nCodename: %s\nDate: %s\nArchitectures: amd64\nSHA256:\n %s %s Packages\n' "$suite" "$suite" \
        "$(date -uR)" "$(sha256sum Packages | cut -d ' ' -f 1)" "$(stat -c %s Packages)" > Release
)
