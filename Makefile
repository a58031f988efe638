# SPDX-License-Identifier: GPL-3.0-or-later
#
# starttls-gate. Targets: all (default), demo, check, lint, format, fuzz, mutants, bench, install,
# uninstall, clean; deps before demo or check installs what they need.
#
#   make WERROR=1              warnings are errors
#   make SAN=address,undefined with sanitizers, in a build folder of its own
#   make WOLFSSL_DIR=PREFIX    with the static wolfSSL there, and libxml2 if there is one, in
#                              build/release
#   make V=1                   show the commands

CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
CONFORMANCE_DIR ?= ../shared/conformance
FUZZ_SECONDS ?= 10
PYTEST_OPTIONS ?= -n 8 --dist loadgroup
E2E ?= tests/e2e

comma := ,
VERSION := 0.1.0
LIBRARIES := libcjson libgsasl libidn2

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wswitch-enum
HARDENING := -fstack-protector-strong -fPIE
CFLAGS ?= -O2 -g
ifdef WOLFSSL_DIR
BUILD := $(BUILD)/release
WOLFSSL_OPTIONS := $(WOLFSSL_DIR)/include/wolfssl/options.h
STATIC_XML := $(wildcard $(WOLFSSL_DIR)/lib/libxml2.a)
STATIC_CFLAGS := -isystem $(WOLFSSL_DIR)/include \
	$(STATIC_XML:%=-isystem $(WOLFSSL_DIR)/include/libxml2)
STATIC_LIBS := $(WOLFSSL_DIR)/lib/libwolfssl.a $(STATIC_XML) -lm
else
LIBRARIES += wolfssl
endif
ifndef STATIC_XML
LIBRARIES += libxml-2.0
endif
ifdef SAN
BUILD := $(BUILD)/san-$(subst $(comma),-,$(SAN))
HARDENING += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
LINKING := -fsanitize=$(SAN)
else
HARDENING += -D_FORTIFY_SOURCE=2
endif
ifdef WERROR
WARNINGS += -Werror
endif
ifndef V
QUIET := @
endif

override CPPFLAGS += -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -DGATE_VERSION='"$(VERSION)"' \
	$(STATIC_CFLAGS) $(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
override LDFLAGS += -pie -Wl,-z,relro -Wl,-z,now $(LINKING)
LDLIBS = $(STATIC_LIBS) $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -pthread
COMPILE = $(CC) $(CPPFLAGS) -std=c11 $(CFLAGS) $(WARNINGS) $(HARDENING) -pthread -MMD -MP

PROGRAM := $(BUILD)/starttls-gate
SOURCES := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
GENERATED := $(BUILD)/shipped.o $(BUILD)/failure_types.o $(BUILD)/client_profiles.o
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(GENERATED)
JUDGES := $(wildcard src/checks/*.c src/run/judge.c src/run/weigh.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*/*_test.c))
CONFORMANCE_TESTS := $(patsubst tests/conformance/%.c,$(BUILD)/tests/conformance/%,\
	$(wildcard tests/conformance/*.c))
E2E_HELPERS := $(patsubst tests/e2e/%.c,$(BUILD)/tests/e2e/%,$(wildcard tests/e2e/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c))
CLIENTS := $(sort $(wildcard checks/clients/*.json))
CHECKLISTS := $(filter-out $(CLIENTS),$(wildcard checks/*.json checks/*/*.json))
C_FILES := $(wildcard src/*/*.[ch] include/*/*.h tests/*/*.[ch] tests/unit/*/*.[ch])

# When deps is asked for along with others, whatever needs a tool waits for it.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
TOOLS := deps
endif

all: $(PROGRAM)

$(PROGRAM): $(BUILD)/src/cli/main.o $(BUILD)/libgate.a
	@echo "  LINK    $@"
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libgate.a: $(OBJECTS)
	@rm -f $@
	$(QUIET)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(WOLFSSL_OPTIONS) | $(TOOLS)
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(QUIET)$(COMPILE) -c -o $@ $<

# What several unit tests share.
$(BUILD)/tests/unit/%.o: override CPPFLAGS += -Itests/unit

# The checklists that come with the program, as C.
$(BUILD)/shipped.c: src/checklist/embed.sh $(CHECKLISTS) | $(TOOLS)
	@mkdir -p $(@D)
	$(QUIET)sh src/checklist/embed.sh checks >$@.new && mv $@.new $@

# The types that assertions can fail with, as the judges name them.
$(BUILD)/failure_types.c: src/cli/failure_types.awk $(JUDGES)
	@mkdir -p $(@D)
	$(QUIET)LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

# The clients that tls.clients knows.
$(BUILD)/client_profiles.c: src/wire/client_profiles.awk $(CLIENTS)
	@mkdir -p $(@D)
	$(QUIET)LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

$(GENERATED): %.o: %.c
	$(QUIET)$(COMPILE) -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libgate.a
	@mkdir -p $(@D)
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# What to bring in follows from the other goals.
CHECKING := check bench bench-fleet fuzz lint unit conformance differential e2e threads release \
	mutants tidy format
deps:
	sh tests/deps $(if $(filter $(CHECKING),$(MAKECMDGOALS)),check,$(if $(filter \
		demo,$(MAKECMDGOALS)),demo,build))

demo: $(PROGRAM)
	@GATE=$(PROGRAM) $(PYTHON) tests/demo/demo.py $(FAULT)

unit: $(UNIT_TESTS)
	@sh tests/run-unit $^

conformance: $(CONFORMANCE_TESTS)
	@for test in $^; do CONFORMANCE_DIR=$(CONFORMANCE_DIR) $$test || [ $$? -eq 77 ] || exit 1; done

# The same cases put to openssl verify; every difference is a listed one.
differential: $(CONFORMANCE_TESTS)
	@CONFORMANCE_DIR=$(CONFORMANCE_DIR) $(PYTHON) tests/conformance/openssl_differential.py \
		$(BUILD)/tests/conformance/path_conformance || [ $$? -eq 77 ]

# The program, and those by which tests reach what has no command.
e2e-programs: $(PROGRAM) $(E2E_HELPERS)

e2e: e2e-programs build/consumers/package.json build/peers/package.json
	GATE=$(PROGRAM) $(PYTHON) -m pytest -q -p no:cacheprovider \
		$(PYTEST_OPTIONS) $(E2E)

# The readers of JUnit, and the servers, that come from npm.
build/%/package.json: tests/%/package.json | $(TOOLS)
	@sh tests/npm-packages $< $(@D)

# Everything that must hold. With SAN=... the unit and end-to-end tests run sanitized.
ifdef SAN
check: unit conformance e2e
else
check: lint fuzz
	$(MAKE) CC=clang BUILD=build/clang WERROR=1 all
	$(MAKE) CC=gcc WERROR=1 all
	$(MAKE) SAN=address,undefined unit conformance e2e
	$(MAKE) SAN=thread threads
	$(MAKE) release
	$(MAKE) unit conformance differential e2e
endif

# The same with the libraries of a release build, where they can be built.
RELEASE_E2E := tests/e2e/test_real_servers.py tests/e2e/test_certificate_proof.py \
	tests/e2e/test_other_stacks.py
release: | $(TOOLS)
	@sh tests/release-libraries build/wolfssl || [ $$? -eq 77 ]
	@if [ -e build/wolfssl/built ]; then $(MAKE) WOLFSSL_DIR=build/wolfssl E2E='$(RELEASE_E2E)' \
		unit conformance e2e; fi

# What runs in parallel, under the thread sanitizer.
THREADED := $(addprefix $(BUILD)/tests/unit/,x509/signature_memo_test x509/trust_test \
	x509/curve_points_test run/collect_test)
threads: e2e-programs $(THREADED)
	@sh tests/run-unit $(THREADED)
	GATE=$(PROGRAM) $(PYTHON) -m pytest -q -p no:cacheprovider $(PYTEST_OPTIONS) \
		tests/e2e/test_selection.py tests/e2e/test_interruption.py tests/e2e/test_posture.py \
		tests/e2e/test_dns.py

# Versions of clang-format do not agree: what Debian 12 has is the one that is followed.
lint: | $(TOOLS)
	$(PYTHON) tests/lint/layers.py
	$(PYTHON) tests/lint/unused.py
	@case $$(clang-format --version) in *' version 14.'*) \
		clang-format --dry-run --Werror $(C_FILES) ;; \
	*) echo "  this is not clang-format 14: the format is not checked" ;; esac
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability \
		--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
		--library=tests/lint/cppcheck.cfg -DGATE_VERSION='"$(VERSION)"' -Iinclude src

tidy: compile_commands.json
	clang-tidy --quiet $(wildcard src/*/*.c)

compile_commands.json: Makefile | $(TOOLS)
	$(QUIET)$(MAKE) -s clean && bear -- $(MAKE) -s all

format:
	clang-format -i $(C_FILES)

# Each fuzzer for FUZZ_SECONDS, from an empty corpus.
fuzz: $(FUZZERS:%=$(BUILD)/fuzz/%)
	@sh tests/run-fuzz $(FUZZ_SECONDS) $^

$(BUILD)/fuzz/%: tests/fuzz/%.c $(SOURCES) $(BUILD)/shipped.c
	@mkdir -p $(@D)
	@echo "  CC      $< (fuzzer)"
	$(QUIET)$(MAKE) -s CC=clang BUILD=build/fuzzing SAN=address,undefined \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' build/fuzzing/libgate.a
	$(QUIET)clang $(CPPFLAGS) -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined -o $@ $< \
		build/fuzzing/libgate.a $(LDLIBS)

# Whether the tests notice when the source is made wrong; MUTANTS='words' tries some of them.
mutants:
	$(PYTHON) tests/mutants/run.py $(MUTANTS)

# What it costs, beside the goals: with one server and a hundred; with very many.
bench: $(PROGRAM) $(BUILD)/measure $(BUILD)/mail_server
	GATE=$(PROGRAM) $(PYTHON) tests/bench/bench.py $(BUILD)/measure $(BUILD)/mail_server

bench-fleet: $(PROGRAM) $(BUILD)/measure $(BUILD)/mail_server
	GATE=$(PROGRAM) $(PYTHON) tests/bench/fleet.py $(BUILD)/measure $(BUILD)/mail_server

$(BUILD)/mail_server: tests/bench/mail_server.c | $(TOOLS)
	@mkdir -p $(@D)
	$(QUIET)$(CC) -std=c11 -D_DEFAULT_SOURCE $(WARNINGS) -O2 -o $@ $< -lssl -lcrypto -pthread

$(BUILD)/measure: tests/bench/measure.c | $(TOOLS)
	@mkdir -p $(@D)
	$(QUIET)$(CC) -std=c11 -D_DEFAULT_SOURCE -O2 -o $@ $<

$(BUILD)/starttls-gate.1: $(PROGRAM)
	$(QUIET)$(PROGRAM) manual >$@

install: $(PROGRAM) $(BUILD)/starttls-gate.1
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/starttls-gate
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/starttls-gate
	install -m 644 $(BUILD)/starttls-gate.1 $(DESTDIR)$(PREFIX)/share/man/man1/starttls-gate.1
	install -m 644 schemas/*.json schemas/*.xsd $(DESTDIR)$(PREFIX)/share/starttls-gate

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/starttls-gate
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/starttls-gate.1
	rm -rf $(DESTDIR)$(PREFIX)/share/starttls-gate

clean:
	rm -rf build compile_commands.json

.PHONY: all deps demo unit conformance differential e2e e2e-programs check threads release lint tidy format fuzz \
	mutants bench bench-fleet install uninstall clean
.SECONDARY:
-include $(OBJECTS:.o=.d) $(BUILD)/src/cli/main.d $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/tests/unit/*/*.d)
