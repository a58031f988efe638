# SPDX-License-Identifier: GPL-3.0-or-later
#
# starttls-gate. Targets: all (default), demo, check, lint, format, fuzz, bench, install,
# uninstall, clean; deps before demo or check installs what they need.
#
#   make WERROR=1              warnings are errors
#   make SAN=address,undefined with sanitizers, in a build folder of its own
#   make V=1                   show the commands

CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
CONFORMANCE_DIR ?= ../shared/conformance
FUZZ_SECONDS ?= 10

comma := ,
VERSION := 0.1.0
LIBRARIES := wolfssl libxml-2.0 libcjson libidn2

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wswitch-enum
HARDENING := -fstack-protector-strong -fPIE
CFLAGS ?= -O2 -g
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

override CPPFLAGS += -Iinclude -D_POSIX_C_SOURCE=200809L -DGATE_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
override LDFLAGS += -pie -Wl,-z,relro -Wl,-z,now $(LINKING)
LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -pthread
COMPILE = $(CC) $(CPPFLAGS) -std=c11 $(CFLAGS) $(WARNINGS) $(HARDENING) -pthread -MMD -MP

PROGRAM := $(BUILD)/starttls-gate
SOURCES := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/shipped.o
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*_test.c))
CONFORMANCE_TESTS := $(patsubst tests/conformance/%.c,$(BUILD)/tests/conformance/%,\
	$(wildcard tests/conformance/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c))
CHECKLISTS := $(wildcard checks/*.json checks/*/*.json)
C_FILES := $(wildcard src/*/*.c src/*/*.h include/gate/*.h tests/*/*.c tests/*/*.h)

all: $(PROGRAM)

$(PROGRAM): $(BUILD)/src/cli/main.o $(BUILD)/libgate.a
	@echo "  LINK    $@"
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libgate.a: $(OBJECTS)
	@rm -f $@
	$(QUIET)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(QUIET)$(COMPILE) -c -o $@ $<

# The checklists that come with the program, as C.
$(BUILD)/shipped.c: src/gate/embed.sh $(CHECKLISTS)
	@mkdir -p $(@D)
	$(QUIET)sh src/gate/embed.sh checks >$@.new && mv $@.new $@

$(BUILD)/shipped.o: $(BUILD)/shipped.c
	$(QUIET)$(COMPILE) -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libgate.a
	@mkdir -p $(@D)
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

deps:
	sh tests/deps $(if $(filter check bench fuzz lint,$(MAKECMDGOALS)),check,$(if $(filter \
		demo,$(MAKECMDGOALS)),demo,build))

demo: $(PROGRAM)
	@GATE=$(PROGRAM) $(PYTHON) tests/demo/demo.py $(FAULT)

unit: $(UNIT_TESTS)
	@for test in $^; do $$test 2>&1 | tail -n 3 | sed "s|^|$$(basename $$test): |"; \
		$$test >/dev/null 2>&1 || { $$test; exit 1; }; done

clean:
	rm -rf $(BUILD)

.PHONY: all deps demo unit clean
.SECONDARY:
-include $(OBJECTS:.o=.d) $(BUILD)/src/cli/main.d
