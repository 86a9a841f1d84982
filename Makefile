.DEFAULT_GOAL := help
STATICCHECK := go tool -modfile=.ci/tools/go.mod staticcheck

.PHONY: help build test race lint bench bench-short microbench demo proof screens conformance fuzz
FUZZTIME ?= 60s
SCREENS ?= /tmp/cascade-screens

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

build: ## the binary bin/cascade, static
	CGO_ENABLED=0 go build -trimpath -o bin/cascade ./cmd/cascade

test: ## every test; those of a real Redis where redis-server is installed
	go test ./...

race: ## every test, watched for data races
	go test -race ./...

lint: ## gofmt, vet and staticcheck, without a finding
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "not gofmt-clean: $$unformatted"; exit 1; }
	go vet ./...
	go vet -tags proof ./cmd/cascade
	$(STATICCHECK) ./...

bench: ## every measurement of docs/performance.md, beside its plain alternative; about an hour
	go run ./bench -drawing docs/million.svg

bench-short: ## the same with a twentieth of the work, once each: whether it runs, not how fast it is
	go run ./bench -scale 0.05 -runs 1 -drawing "$${TMPDIR:-/tmp}/million.svg"

microbench: ## the benchmarks beside the code, of single functions
	go test -run '^$$' -bench . ./...

demo: ## everything in one process, nothing leaves the machine
	go run ./cmd/cascade demo

proof: ## kills, freezes, limits and latencies with real processes and a real Redis; CASCADE_PROOF=short for less of each
	CASCADE_TEST_REAL=1 go test -tags proof -run TestProof -count 1 -v -timeout 60m ./cmd/cascade

screens: ## pictures of every page, wide and narrow, light and dark, into SCREENS (/tmp/cascade-screens); needs chromium and redis-server
	mkdir -p $(SCREENS)
	CASCADE_TEST_REAL=1 CASCADE_SCREENS=$(SCREENS) go test -count 1 -run TestPagesFit ./cmd/cascade

conformance: ## what is asked of every provider's adapter, and how often
	@go test -count 1 -v -run TestConformance ./provider/... | awk -F ' *[|] *' ' \
		/ [|] / { sub(/^ */, "", $$1); if (!($$1 in have)) { have[$$1]; who[++w] = $$1 } if (!($$2 in asked)) { asked[$$2]; what[++q] = $$2 } n[$$2, $$1] = $$3 } \
		/^(FAIL|--- FAIL)/ { bad = 1; print } \
		END { printf "%-40s", ""; for (i = 1; i <= w; i++) printf "%9s", who[i]; print ""; \
			for (j = 1; j <= q; j++) { printf "%-40s", what[j]; for (i = 1; i <= w; i++) printf "%9d", n[what[j], who[i]]; print "" } exit bad }'

fuzz: ## every fuzz target, one after the other, each for FUZZTIME (60s)
	@set -e; for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "== $$package $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; done
