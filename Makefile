# starttls-gate. `make help` lists the targets.

CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3

VERSION := 0.1.0
LIBRARIES := wolfssl libxml-2.0 libcjson libidn2

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wswitch-enum
HARDENING := -fstack-protector-strong -fPIE
CFLAGS ?= -O2 -g
ifdef SAN
HARDENING += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
BUILD := $(BUILD)/san-$(subst $(comma),-,$(SAN))
LINKING := -fsanitize=$(SAN)
else
HARDENING += -D_FORTIFY_SOURCE=2
endif
ifdef WERROR
WARNINGS += -Werror
endif
comma := ,

override CPPFLAGS += -Iinclude -D_POSIX_C_SOURCE=200809L -DGATE_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
override LDFLAGS += -pie -Wl,-z,relro -Wl,-z,now $(LINKING)
LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -pthread

SOURCES := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded_checks.o
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c))

all: $(BUILD)/starttls-gate

$(BUILD)/starttls-gate: $(BUILD)/src/cli/main.o $(BUILD)/libgate.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libgate.a: $(OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c11 $(CFLAGS) $(WARNINGS) $(HARDENING) -pthread -MMD -MP -c -o $@ $<

$(BUILD)/embedded_checks.c: src/gate/embed.sh $(shell find checks -name '*.json')
	@mkdir -p $(@D)
	src/gate/embed.sh checks >$@

$(BUILD)/embedded_checks.o: $(BUILD)/embedded_checks.c
	$(CC) $(CPPFLAGS) -std=c11 $(CFLAGS) $(WARNINGS) $(HARDENING) -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/libgate.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

unit: $(UNIT_TESTS)
	@for t in $^; do echo "$$t"; $$t || exit 1; done

clean:
	rm -rf build

.PHONY: all unit clean
-include $(OBJECTS:.o=.d)
