# haprov: every target works on a fresh Debian 12 as root with the Swift toolchain on the PATH.
#
#   make demo      the main job against the built-in lab, from bare hosts to rollback
#   make test      all tests, the lab's too
#   make unit      the tests that need no lab
#   make build     .build/shipped/release/haprov, the prober and the VRRP daemon, all static
#   make vrrpd     .build/shipped/release/haprov-vrrpd alone, as Embedded Swift
#   make dist      .build/dist/haprov-VERSION-linux-x86_64: one file, with all that haprov needs inside
#   make packages  that file as .deb and .rpm too
#   make test-platforms  every platform with every engine, in the lab: half an hour and more
#   make crash-matrix  runs that end at every moment, POINTS=20 of them, SHARD=1/4; goes on where it was ended
#   make test-long  all of the lab's tests, those too of which `make test` runs a sample: three hours
#   make soak      drills drawn by chance on a lab, DURATION=10m of them, SEED=7 to repeat
#   make contention  two operators who start at the same moment, ROUNDS=100 of them, some killed at work
#   make test-libssh2  the tests of SSH with the system's libssh2; SYSTEM_LIBSSH2=1 builds anything with it
#   make install   that file, manual pages and completions into PREFIX (/usr/local)
#   make bench     a converged apply beside `ssh HOST true`, in the lab
#   make bench-drills  what drills measure, beside observers that know nothing of haprov
#   make mutants   bugs planted in the VRRP election, each of which the simulation has to find
#   make fuzz      hundreds of millions of octets for the VRRP codec and the reader of keepalived.conf
#   make bench-vrrp  haprov-vrrpd beside keepalived, in namespaces
#   make lint      formatting and shell scripts

PREFIX ?= /usr/local
DESTDIR ?=
TARBALLS := $(CURDIR)/.build/tarballs
# In a folder of its own, so that it builds beside the tests: each has stretches in which it keeps one processor busy.
SHIPPED := .build/shipped
RELEASE := $(SHIPPED)/release
# Everything is linked in: controllers and hosts need no library of any version. The linker's warnings about
# name services are answered by Sources/CStart/start.c.
RELEASE_FLAGS := --scratch-path $(SHIPPED) -c release -Xswiftc -static-executable -Xlinker -s
VERSION := $(shell sed -n 's/.*static let text = "\(.*\)"/\1/p' Sources/haprov/Haprov.swift)
DIST := .build/dist
DIST_FILE := $(DIST)/haprov-$(VERSION)-linux-x86_64

# The libssh2 that is linked in: of the system's, Debian 12's 1.10, hardened servers want more than it can.
SYSTEM_LIBSSH2 ?=
ifeq ($(SYSTEM_LIBSSH2),)
export PKG_CONFIG_PATH := $(CURDIR)/.build/libssh2/lib/pkgconfig
endif

.PHONY: all build vrrpd prober dist packages libssh2 test-libssh2 test-platforms test-long crash-matrix soak contention build-tests install test unit lab-tests mutants fuzz demo lint bench bench-drills bench-vrrp deps tarballs clean

all: build

deps:
	@Tools/install-dependencies

tarballs: deps
	@Tools/fetch-tarballs $(TARBALLS)

libssh2: deps
	@[ -n "$(SYSTEM_LIBSSH2)" ] || Tools/build-libssh2 .build/libssh2

# Embedded Swift: without a runtime, its memory is what it uses. In a folder of its own, since haprov has the same modules
# in it as they are otherwise. SwiftPM makes $(RELEASE) a link when it builds there.
vrrpd: deps
	@mkdir -p $(SHIPPED)/x86_64-unknown-linux-gnu/release
	@ln -sfn x86_64-unknown-linux-gnu/release $(RELEASE)
	Tools/build-vrrpd .build/embedded $(RELEASE)/haprov-vrrpd
# Code that is taken in without need is seen here.
	@[ "$$(wc -c <$(RELEASE)/haprov-vrrpd)" -lt 2000000 ] || { echo "haprov-vrrpd has become too big" >&2; exit 1; }

# All products are of one package, so that whoever reads its description needs the library there.
prober: libssh2
	swift build $(RELEASE_FLAGS) --product haprov-prober

build: vrrpd prober
	swift build $(RELEASE_FLAGS) --product haprov

dist: build
	@Tools/make-dist $(RELEASE) $(VERSION) $(DIST)
	@cat $(DIST)/SHA256SUMS

packages: dist
	@Tools/make-packages $(VERSION) $(DIST)
	@cat $(DIST)/SHA256SUMS

install: dist
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 0755 $(DIST_FILE) $(DESTDIR)$(PREFIX)/bin/haprov
	$(DIST_FILE) man haprov >$(DESTDIR)$(PREFIX)/share/man/man1/haprov.1
	$(DIST_FILE) man haprov-vrrpd >$(DESTDIR)$(PREFIX)/share/man/man8/haprov-vrrpd.8
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(DIST_FILE) --generate-completion-script bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/haprov

demo: build tarballs
	@Tools/demo $(RELEASE)/haprov $(TARBALLS)

bench: build tarballs
	@Tools/bench $(RELEASE)/haprov $(TARBALLS)

bench-drills: build tarballs
	@Tools/bench-drills $(RELEASE)/haprov $(TARBALLS)

bench-vrrp: vrrpd prober
	@Tools/bench-vrrp $(BENCH_FLAGS) $(RELEASE)/haprov-vrrpd $(RELEASE)/haprov-prober

# The tests themselves: parts of one runner. What computes goes first and alone, on every processor; then what waits for hosts
# most of the time, in lanes of about the same length. The first of them compiles what the others take over, so those
# begin with what needs none of it. What takes long has a sample here, and is whole in `make test-long`.
COMPUTING := 'unit vrrp mutants'
LAB_LANES := 'lab vips' 'drills daemon interop engine days proof runs' 'debian preflight own standalone outage crashes'
LAB_TESTS := HAPROV_LAB_TESTS=1 HAPROV_TEST_TARBALLS=$(TARBALLS) \
	HAPROV_PROBER=$(CURDIR)/$(RELEASE)/haprov-prober HAPROV_DIST=$(CURDIR)/$(DIST_FILE)

# The daemon as it is shipped; without it the tests take the one that is built beside them.
export HAPROV_VRRPD := $(CURDIR)/$(RELEASE)/haprov-vrrpd

build-tests: libssh2
	swift build --build-tests

unit: vrrpd prober build-tests
	Tools/run-tests 'unit drills vrrp daemon interop'

lab-tests: packages build-tests tarballs
	$(LAB_TESTS) HAPROV_CRASH_POINTS=$(SAMPLE) Tools/run-tests $(LAB_LANES)

test-platforms: packages build-tests tarballs
	$(LAB_TESTS) HAPROV_PLATFORM_TESTS=1 Tools/run-tests 'platforms debian'

# Of the crash matrix, in every test run.
SAMPLE := 1

POINTS ?= all
SHARD ?= 1/1
# What has an outcome on record is not tried again: remove the record to begin anew.
crash-matrix: packages build-tests tarballs
	$(LAB_TESTS) HAPROV_CRASH_POINTS=$(POINTS) HAPROV_CRASH_SHARD=$(SHARD) HAPROV_CRASH_RECORD=$(CURDIR)/.build/crashes \
		Tools/run-tests crashes

test-long: packages build-tests tarballs
	$(LAB_TESTS) HAPROV_LONG_TESTS=1 HAPROV_CRASH_POINTS=$(SAMPLE) Tools/run-tests $(LAB_LANES) 'el9 clusters adopt'

DURATION ?= 10m
# Drills by chance, on a lab of its own.
soak: build tarballs
	@Tools/soak $(RELEASE)/haprov $(TARBALLS) $(DURATION) $(SEED)

ROUNDS ?= 100
contention: packages build-tests tarballs
	$(LAB_TESTS) HAPROV_CONTENTION_ROUNDS=$(ROUNDS) Tools/run-tests contention
	@grep '^contention: ' .build/test-logs/contention.log

# In a folder of its own, as small as a whole build can be.
test-libssh2: deps
	env -u PKG_CONFIG_PATH swift test --scratch-path .build-system --filter 'SSHTests|SSHKeysTests'

mutants: build-tests
	HAPROV_MUTANTS=1 swift test --skip-build --filter MutantTests

fuzz: deps
	@Tools/fuzz $(CURDIR)/.build/fuzz

# The release build too: optimizers find in it what no debug build shows.
test: lint
	@$(MAKE) --no-print-directory --jobs=2 packages build-tests tarballs
	HAPROV_MUTANTS=sample Tools/run-tests $(COMPUTING)
	$(LAB_TESTS) HAPROV_CRASH_POINTS=$(SAMPLE) Tools/run-tests $(LAB_LANES)

lint: deps
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck --shell=sh --exclude=SC2034,SC2154,SC2086,SC2015,SC2046,SC2016,SC1091,SC2217 \
		$$(find Sources -name '*.sh')
	shellcheck Tools/* Tests/VRRPTests/Fixtures/captures/capture

clean:
	rm -rf .build .build-system
