# haprov: every target works on a fresh Debian 12 as root with the Swift toolchain on the PATH.
#
#   make demo      the main job against the built-in lab, from bare hosts to rollback
#   make test      all tests, the lab's too
#   make unit      the tests that need no lab
#   make build     .build/release/haprov, the static prober and the static VRRP daemon
#   make vrrpd     .build/release/haprov-vrrpd alone
#   make install   into PREFIX (/usr/local)
#   make bench     a converged apply beside `ssh HOST true`, in the lab
#   make mutants   bugs planted in the VRRP election, each of which the simulation has to find
#   make fuzz      hundreds of millions of octets for the VRRP codec and the reader of keepalived.conf
#   make bench-vrrp  haprov-vrrpd beside keepalived, in namespaces
#   make lint      formatting and shell scripts

PREFIX ?= /usr/local
DESTDIR ?=
TARBALLS := $(CURDIR)/.build/tarballs
RELEASE := .build/release
# The Swift runtime is linked in: a controller needs no toolchain.
RELEASE_FLAGS := -c release --static-swift-stdlib

.PHONY: all build vrrpd build-tests install test unit lab-tests mutants fuzz demo lint bench bench-vrrp deps tarballs clean

all: build

deps:
	@Tools/install-dependencies

tarballs: deps
	@Tools/fetch-tarballs $(TARBALLS)

vrrpd: deps
	swift build -c release --product haprov-vrrpd -Xswiftc -static-executable --scratch-path .build-static
# What `swift build` would make of it: a link to the directory of this machine's architecture.
	@bin=$$(swift build -c release --show-bin-path) && mkdir -p "$$bin" && { [ -e $(RELEASE) ] || ln -s "$$bin" $(RELEASE); }
	@strip -o $(RELEASE)/haprov-vrrpd .build-static/release/haprov-vrrpd
# A library linked without need is seen here: regular expressions alone weigh 1.5 MB.
	@[ "$$(wc -c <$(RELEASE)/haprov-vrrpd)" -lt 9000000 ] || { echo "haprov-vrrpd has become too big" >&2; exit 1; }

build: deps
	swift build $(RELEASE_FLAGS) --product haprov
	swift build -c release --product haprov-prober -Xswiftc -static-executable --scratch-path .build-static
	@install -m 0755 .build-static/release/haprov-prober $(RELEASE)/haprov-prober
	@$(MAKE) --no-print-directory vrrpd

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/haprov $(DESTDIR)$(PREFIX)/share/haprov/Assets \
		$(DESTDIR)$(PREFIX)/share/man/man8
	install -m 0755 $(RELEASE)/haprov $(DESTDIR)$(PREFIX)/bin/haprov
	install -m 0755 $(RELEASE)/haprov-prober $(DESTDIR)$(PREFIX)/libexec/haprov/haprov-prober
	install -m 0755 $(RELEASE)/haprov-vrrpd $(DESTDIR)$(PREFIX)/libexec/haprov/haprov-vrrpd
	install -m 0644 Assets/manifest.yml $(DESTDIR)$(PREFIX)/share/haprov/Assets/manifest.yml
	install -m 0644 Assets/haprov-vrrpd.8 $(DESTDIR)$(PREFIX)/share/man/man8/haprov-vrrpd.8
	cp -R Playbooks $(DESTDIR)$(PREFIX)/share/haprov/

demo: build tarballs
	@Tools/demo $(RELEASE)/haprov $(TARBALLS)

bench: build tarballs
	@Tools/bench $(RELEASE)/haprov $(TARBALLS)

bench-vrrp: vrrpd
	swift build -c release --product haprov-prober -Xswiftc -static-executable --scratch-path .build-static
	@Tools/bench-vrrp $(BENCH_FLAGS) $(RELEASE)/haprov-vrrpd .build-static/release/haprov-prober

# The tests themselves: parts of one runner, side by side where they do not disturb each other.
LAB_TESTS := HAPROV_LAB_TESTS=1 HAPROV_TEST_TARBALLS=$(TARBALLS) \
	HAPROV_PROBER=$(CURDIR)/.build-static/release/haprov-prober

# The daemon as it is shipped; without it the tests take the one that is built beside them.
export HAPROV_VRRPD := $(CURDIR)/$(RELEASE)/haprov-vrrpd

build-tests: deps vrrpd
	swift build --build-tests
	swift build -c release --product haprov-prober -Xswiftc -static-executable --scratch-path .build-static

unit: build-tests
	Tools/run-tests 'unit drills vrrp daemon interop'

lab-tests: build-tests tarballs
	$(LAB_TESTS) Tools/run-tests lab engine

mutants: build-tests
	HAPROV_MUTANTS=1 swift test --skip-build --filter MutantTests

fuzz: deps
	@Tools/fuzz $(CURDIR)/.build/fuzz

# The release build too: optimizers find in it what no debug build shows.
test: lint build build-tests tarballs
	$(LAB_TESTS) HAPROV_MUTANTS=1 Tools/run-tests lab 'unit drills vrrp mutants daemon interop engine'

lint: deps
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck --shell=sh --exclude=SC2034,SC2154,SC2086,SC2015,SC2046,SC2016,SC1091,SC2217 \
		$$(find Sources -name '*.sh')
	shellcheck Tools/* Tests/VRRPTests/Fixtures/captures/capture

clean:
	rm -rf .build .build-static
