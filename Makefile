.DEFAULT_GOAL := help
STATICCHECK := go tool -modfile=.ci/tools/go.mod staticcheck

.PHONY: help build test race lint bench bench-short microbench demo proof

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 13

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
