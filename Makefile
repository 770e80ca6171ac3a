.DEFAULT_GOAL := help
.PHONY: help build release sbom demo test manual race bench bench-sheets lint fmt docs score score-intake fit-columns rule golden ci

GO ?= go
OUT ?= out/demo

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# Go stamps the commit into what it builds in a plain checkout only; this does it
# in a worktree too.
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)

# Of all that the binary links, the tag tinygo concerns Arrow alone: it writes JSON
# with the standard library then, not with a second one of 1.4 MB. What is tested is
# what is shipped, so tests are built with it too. Functions on 16 bytes instead of
# 32 save 0.2 MB.
TAGS = tinygo
BIN ?= bin/fundtrace
GO_BUILD = CGO_ENABLED=0 $(GO) build -trimpath -tags $(TAGS) -ldflags "-s -w -funcalign=16 -X main.commit=$(COMMIT)"

build: ## bin/fundtrace
	$(GO_BUILD) -o $(BIN) ./cmd/fundtrace

release: build sbom ## dist/: the binary for every system we release for, checksums and the bill of materials
	for target in linux-amd64 linux-arm64 windows-amd64.exe; do \
		GOOS=$${target%%-*} GOARCH=$$(basename $${target#*-} .exe) $(GO_BUILD) -o dist/fundtrace-$$target ./cmd/fundtrace || exit 1; \
	done
	cd dist && sha256sum fundtrace-* fundtrace.cdx.json > SHA256SUMS

sbom: build ## dist/fundtrace.cdx.json: every module in the binary with version, hash and licence (CycloneDX)
	mkdir -p dist
	$(GO) tool -modfile=.ci/sbom.mod cyclonedx-gomod bin -json -licenses -std -version $(shell bin/fundtrace version | sed -n 's/^fundtrace //p') -output dist/fundtrace.cdx.json bin/fundtrace

demo: build ## the main job on fixtures/demo: leads in out/demo
	bin/fundtrace run fixtures/demo/input --policy fixtures/demo/policy.yaml --as-of 2017-12-31 --out $(OUT)

test: ## every test, in an order of its own
	$(GO) test -tags $(TAGS) -shuffle=on ./...

manual: ## the tests that need files or programs from elsewhere, and skip where these are absent
	$(GO) test -tags $(TAGS) -count=1 -v -run '^TestManual' ./pipeline/...

# The tests left out follow thousands of random networks or a county of a hundred
# thousand payments, which takes minutes under the detector, or hold a time.
race: ## the stages that run on several workers, with the race detector
	$(GO) test -tags $(TAGS) -race -skip 'ChunksJoin|IdentityIsExact|ReadingsBoundEveryReading|AgesFenByFen|OrderOfRowsDoesNotMatter|NothingIsLostOrMade|VeryWideSheet' \
		./pipeline/chain ./pipeline/exec ./pipeline/intake ./pipeline/key ./pipeline/pairing ./pipeline/settle

bench: ## every benchmark, ours beside its peers
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchtime 1x ./...

bench-sheets: ## reading spreadsheets, as ratios to peers
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchtime 1x -timeout 60m ./pipeline/sheet/ ./pipeline/intake/ ./pipeline/

lint: ## gofmt, go vet, staticcheck, deadcode, licences and the house rules
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) test -tags $(TAGS),lint -run "Imports|Clock|Formatted|Documented|Comments|TopLevel|Staticcheck|Deadcode|Licences|Reproducible" ./pipeline/

fmt: ## gofmt everything
	gofmt -w cmd pipeline rules fixtures

score: ## recall, precision and look-alikes of every rule on generated counties
	$(GO) run ./fixtures/score

HEADERS ?= $(wildcard ../shared/headers/dev.jsonl)

score-intake: ## how well headers of labelled sheets are read: by table, field and margin, and without the word that tells each
	$(GO) run ./fixtures/columns fixtures/columns/labelled.jsonl
	@test -z "$(HEADERS)" || $(GO) run ./fixtures/columns $(HEADERS)
	@test -z "$(HEADERS)" || $(GO) run ./fixtures/columns -leave-one-out $(HEADERS)

fit-columns: ## fit the weights of the evidence for columns and tables; put what it prints into lexicon.yaml
	$(GO) run ./fixtures/columns -part fitted -fit fixtures/columns/labelled.jsonl $(HEADERS)

docs: build ## rewrite the pages of docs/ that the program writes
	bin/fundtrace rules --markdown > docs/rules.md
	bin/fundtrace tables --markdown > docs/tables.md
	bin/fundtrace tables --glossary > docs/glossary.md

rule: ## NAME=dup-example: the files of a new rule
	$(GO) run ./rules/new $(NAME)

golden: build ## rewrite what fixtures/golden expects; look at the diff
	bin/fundtrace regress fixtures/golden --update
	git diff --stat -- fixtures/golden

ci: ## what CI runs
	bash .ci/run
