# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets from a file, one a line."""

import json
import re
import resource
import subprocess
import time

import pytest

import gate as gate_module
from checklists import checklist

GREETING = [{"assert": "connection.greeting"}]


@pytest.fixture
def listed(gate):
    """What `list` shows of the targets: checklist members, lines of hosts.txt, arguments."""
    def show(members, text, *arguments, command="list"):
        path = gate.write({"trust": {"system": False}, "assertions": GREETING, **members})
        if text is not None:
            (gate.directory / "hosts.txt").write_bytes(
                text.encode() if isinstance(text, str) else text)
        done = gate.command(command, path, *arguments, cwd=gate.directory)
        return done, re.findall(r"^test on (\S+) \((\S+) port (\d+), (\w+)", done.stdout, re.M)
    return show


LINES = """# the fleet
mx1.example
MX2.Example:465   # with TLS from the first byte

\t [2001:DB8::1]:2525 \r
2001:db8::2
b\u00fccher.example:587
"""

SHOWN = [("mx1.example:25", "mx1.example", "25", "STARTTLS"),
         ("mx2.example:465", "mx2.example", "465", "implicit"),
         ("[2001:db8::1]:2525", "2001:db8::1", "2525", "STARTTLS"),
         ("[2001:db8::2]:25", "2001:db8::2", "25", "STARTTLS"),
         ("xn--bcher-kva.example:587", "xn--bcher-kva.example", "587", "STARTTLS")]

DEFAULTS = {"target_defaults": {"port": 25}}


def test_lines_of_every_form(listed):
    done, targets = listed({**DEFAULTS, "targets_file": "hosts.txt"}, LINES)
    assert targets == SHOWN, done.text


def test_lines_of_the_command_line(listed):
    """In place of those of the checklist, with its defaults."""
    done, targets = listed({**DEFAULTS, "targets": [{"host": "other.example"}]}, LINES,
                           "--targets-file", "hosts.txt")
    assert targets == SHOWN, done.text


def test_lines_and_targets_together(listed):
    done, targets = listed({**DEFAULTS, "targets": [{"host": "other.example", "name": "other"}],
                            "targets_file": "hosts.txt"}, "mx1.example\n")
    assert [name for name, *_ in targets] == ["other", "mx1.example:25"], done.text


def test_lines_and_words_together(listed):
    done, targets = listed({**DEFAULTS, "targets": [{"host": "a.example", "name": "a"},
                                                    {"host": "b.example", "name": "b"}]},
                           "mx1.example\n", "--targets-file", "hosts.txt", "--target", "b")
    assert [name for name, *_ in targets] == ["b", "mx1.example:25"], done.text


def test_a_line_by_its_name(listed):
    """Read again, with references that count now."""
    members = {"target_defaults": {"port": 25, "ehlo_name": "${name}"},
               "targets_file": "hosts.txt"}
    done, targets = listed(members, LINES, "--target", "mx2.example:465", "--var", "name=a.example")
    assert targets == [SHOWN[1]], done.text
    done, _ = listed(members, LINES, "--target", "mx2.example:465")
    assert done.status == 2 and "name" in done.stderr, done.text


def test_assertions_of_certain_lines(listed):
    rows = [*GREETING, {"assert": "ehlo.accepted", "targets": ["mx1.example:25"]}]
    done, targets = listed({**DEFAULTS, "targets_file": "hosts.txt", "assertions": rows}, LINES)
    assert targets == SHOWN
    assert done.stdout.count("ehlo.accepted") == 1


@pytest.mark.parametrize("line, place, said", [
    ("mx1.example:0", "2:1", '"0" is not a port'),
    ("  mx1.example:65536", "2:3", '"65536" is not a port'),
    ("\u00e4 b", "2:1", "this is no target"),
    ("[2001:db8::1", "2:1", "an IPv6 address is written"),
    ("\t:25", "2:2", "the host is missing"),
    ("${host}", "2:1", "neither an address nor a host name"),
    ("smtp://mx1.example", "2:1", "is not a port"),
    ("a.example b.example", "2:1", "neither an address nor a host name"),
    ("mx0.example", "2:1", "taken already"),
    ("MX0.example:25 # again", "2:1", "taken already"),
])
def test_a_bad_line(line, place, said, listed):
    members = {**DEFAULTS, "targets_file": "hosts.txt"}
    done, _ = listed(members, f"mx0.example\n{line}\nmx9.example\n")
    assert done.status == 2, done.text
    assert said in done.stderr and f"hosts.txt:{place}" in done.stderr, done.text
    assert done.stderr.count("error:") == 1, done.text
    assert '"name" of its own' not in done.stderr, "which a line cannot have"


def test_bad_lines_of_the_command_line(listed):
    done, _ = listed(DEFAULTS, "a.example\nb c\na.example:25\n", "--targets-file", "hosts.txt",
                     "--target", "A.example")
    assert done.status == 2
    assert "--> hosts.txt:2:1" in done.stderr
    assert done.stderr.count("a.example:25 is given twice") == 2, done.text
    assert "--> hosts.txt:1:1" in done.stderr and "--> hosts.txt:3:1" in done.stderr


@pytest.mark.parametrize("text, said", [
    (b"mx1.example\0.evil.example\n", "a NUL is no part of a host"),
    (b"\xff\xfe\n", "this is no target"),
    (b"", "the file has no target"),
    (b"# nobody\n\n", "the file has no target"),
    (None, "No such file"),
], ids=["NUL", "bytes", "empty", "comments", "absent"])
@pytest.mark.parametrize("where", ["checklist", "command line"])
def test_a_bad_file(text, said, where, listed):
    """A file without targets is not a run without failures."""
    arguments = ["--targets-file", "hosts.txt"] if where == "command line" else []
    members = {} if arguments else {"targets_file": "hosts.txt"}
    done, _ = listed(members, text, *arguments, command="validate")
    assert done.status == 2 and said in done.stderr, done.text
    if text is not None or not arguments:
        assert re.search(r"--> \S+", done.stderr), done.text


def test_a_file_that_is_not_used_need_not_be_there(listed):
    done, targets = listed({"targets_file": "none.txt"}, None, "--target", "a.example:25")
    assert [name for name, *_ in targets] == ["a.example:25"], done.text


def test_a_file_in_an_included_checklist_has_no_effect(gate):
    gate.write({"targets_file": "hosts.txt", "assertions": GREETING}, "part.json")
    path = gate.write({"targets": [{"host": "a.example"}], "include": ["./part.json"]})
    done = gate.command("validate", path)
    assert done.status == 2
    assert '"targets_file" has no effect in an included checklist' in done.stderr


def test_paths_begin_at_the_checklist_and_at_the_working_directory(gate):
    (gate.directory / "sub").mkdir()
    (gate.directory / "sub" / "hosts.txt").write_text("a.example\n")
    (gate.directory / "sub" / "test.json").write_text(
        json.dumps({"targets_file": "hosts.txt", "assertions": GREETING}))
    (gate.directory / "hosts.txt").write_text("b.example\n")
    done = gate.command("list", "sub/test.json", cwd=gate.directory)
    assert "on a.example:" in done.stdout, done.text
    done = gate.command("list", "sub/test.json", "--targets-file", "hosts.txt",
                        cwd=gate.directory)
    assert "on b.example:" in done.stdout, done.text


def test_a_report_is_not_written_over_the_targets(gate):
    hosts = gate.directory / "hosts.txt"
    hosts.write_text("127.0.0.1:1\n")
    for members, arguments in [({"targets_file": "hosts.txt"}, []), ({}, ["--targets-file", hosts])]:
        path = gate.write({**members, "assertions": GREETING})
        done = gate.command("run", path, "--junit", hosts, *arguments, cwd=gate.directory)
        assert done.status == 2 and "written over" in done.stderr, done.text
        assert hosts.read_text() == "127.0.0.1:1\n"


def test_servers_of_a_file_are_gated(gate, scripted, certificates):
    servers = [scripted() for _ in range(3)]
    hosts = gate.directory / "hosts.txt"
    hosts.write_text("".join(f"{gate_module.HOST}:{server.port}\n" for server in servers))
    content = checklist([], GREETING, certificates.ca_file)
    del content["targets"]
    outcome = gate({**content, "targets_file": str(hosts)}, "--address", "127.0.0.1")
    assert outcome.status == 0, outcome.text
    assert list(outcome.suites) == [f"{gate_module.HOST}:{server.port}" for server in servers]
    assert [len(server.conversations) for server in servers] == [1, 1, 1]


def cost(*arguments):
    """What the gate says, and the seconds of CPU that it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([gate_module.BINARY, *map(str, arguments)], capture_output=True,
                          check=True, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout.decode(), (after.ru_utime + after.ru_stime -
                                  before.ru_utime - before.ru_stime)


def test_many_targets_take_no_more_than_their_number(gate):
    """Ten times as many take about ten times as long, whatever names are compared with."""
    path = gate.write({**DEFAULTS, "targets_file": "hosts.txt", "assertions": GREETING})
    seconds = []
    for count in 10_000, 100_000:
        (gate.directory / "hosts.txt").write_text(
            "".join(f"mx{number}.example:{25 + number % 3}\n" for number in range(count)))
        started = time.monotonic()
        said, used = cost("validate", path)
        assert f"of {count} targets" in said
        seconds.append(used)
        assert time.monotonic() - started < 60
    assert seconds[1] < 30 * max(seconds[0], 0.05), seconds
