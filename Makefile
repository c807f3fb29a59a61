# `make help` lists what there is. `make check` before each commit, `make test` before each merge.

# These need nothing but cargo; the tests of tests/e2e/ use the real parts.
FAST := --test tidy $(patsubst tests/%.rs,--test %,$(wildcard tests/*.rs))

# The fuzz targets too, but not what links them.
LINT := cargo clippy --locked --workspace --no-default-features --all-targets -- -D warnings

LISTEN ?= 127.0.0.1:8080
SECONDS ?= 60
TARGETS ?=

.PHONY: help demo run build check test e2e bench fuzz fmt golden static deps

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):[^#]*## /\1 - /p' $(MAKEFILE_LIST)

demo: ## show the whole job: a site, a package, a desktop with real apt
	cargo build --locked --bin migas --example demo
	cargo run --locked --quiet --example demo

run: ## serve a seeded site to click through: make run LISTEN=127.0.0.1:8080
	cargo build --locked --bin migas --example seeded_site
	cargo run --locked --quiet --example seeded_site -- $(LISTEN)

build: ## build the executable (debug)
	cargo build --locked

check: ## format, lint and fast tests: before each commit
	cargo fmt --check
	$(LINT)
	cargo test --locked --lib --bins $(FAST)

test: deps ## everything, with real apt and a real browser: what CI runs
	cargo fmt --check
	$(LINT)
	cargo test --locked --no-fail-fast

e2e: deps ## only the end-to-end tests (real apt, real browser)
	cargo test --locked --test e2e

fmt: ## format the source
	cargo fmt

golden: ## rewrite the golden files; review the diff
	INSTA_UPDATE=always cargo test --locked --lib $(FAST)

static: ## release build, and proof that it needs nothing of the machine
	cargo build --locked --release
	.ci/static

bench: ## what publishing, uploads and downloads cost beside the usual tools: see docs/benchmarks.md
	cargo build --locked --release --bin migas --example many_debs --example many_rpms --example evaluate
	testdata/debs/fetch.sh --big
	benches/publish.py; tools=$$?; benches/publish_rpm.py || tools=1; benches/release.py || tools=1; benches/lists.py || tools=1; benches/site.py && exit $$tools

fuzz: ## try the parsers with input that nobody wrote: make fuzz SECONDS=300 TARGETS="rpm deb"
	.ci/fuzz $(SECONDS) $(TARGETS)

deps: ## install the system packages the tests use (apt-get, as root or with sudo)
	.ci/deps
