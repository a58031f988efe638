# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation shows is run: its checklist, its commands, its table of exit statuses."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

import gate as gate_module

README = (gate_module.ROOT / "README.md").read_text()
FENCED = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(language):
    return [text for name, text in FENCED.findall(README) if name == language]


def run(*arguments, **options):
    return subprocess.run([gate_module.BINARY, *arguments], capture_output=True, text=True,
                          timeout=20, **options)


def test_the_checklist_of_the_readme_is_valid(tmp_path, certificates):
    [text] = blocks("json")
    json.loads(text)
    (tmp_path / "release.json").write_text(text)
    (tmp_path / "staging-ca.pem").write_bytes(open(certificates.ca_file, "rb").read())
    done = run("validate", "release.json", cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
    assert done.returncode == 0, done.stderr


def test_the_report_of_the_readme_is_on_the_line_that_it_names():
    [text] = blocks("json")
    [report] = blocks("xml")
    [line] = set(re.findall(r'line="(\d+)"', report))
    assert "certificate.expiry" in text.splitlines()[int(line) - 1]


def without_what_varies(text):
    """The sample stands for every day and machine."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "DATE", text)
    text = re.sub(r'time="[\d.]+"', 'time="0"', text)
    text = re.sub(r"CN=[^)]*", "CN", text)
    text = re.sub(r"staging, \S+, [\d.]+", "staging, ADDRESS", text)
    return re.sub(r"\.\.\.$", "", text, flags=re.M)


def test_the_report_of_the_readme_is_what_a_run_writes(tmp_path, scripted, certificates):
    """An expired certificate, as the README shows it."""
    server = scripted(context=certificates.context("expired"))
    [text] = blocks("json")
    [sample] = blocks("xml")
    (tmp_path / "release.json").write_text(text.replace("587", str(server.port)))
    (tmp_path / "staging-ca.pem").write_bytes(open(certificates.ca_file, "rb").read())
    done = run("run", "release.json", "--junit", "report.xml", "--var", f"host={gate_module.HOST}",
               cwd=tmp_path, env={"SMTP_PASSWORD": gate_module.PASSWORD})
    assert done.returncode == 1, done.stdout + done.stderr
    report = without_what_varies((tmp_path / "report.xml").read_text())
    for line in without_what_varies(sample).splitlines():
        assert line.strip() in report, f"{line}\n{report}"


def test_the_includes_of_the_readme_are_valid(tmp_path):
    [text] = blocks("jsonc")
    (tmp_path / "both.json").write_text(text)
    done = run("list", "both.json", cwd=tmp_path, env={})
    assert done.returncode == 0, done.stderr
    _, inbound, users = re.split(r"^both on ", done.stdout, flags=re.M)
    assert "no-auth-before-tls" in inbound and "implicit TLS" in users
    assert re.search(r"^  certificate.expiry .*\(advisory\)$", inbound, re.M), done.stdout
    assert re.search(r"^  mozilla-intermediate-6.0.ciphers .*\[tls, policy\]", users, re.M)


def test_make_has_what_the_readme_says():
    words = re.findall(r"^make ([a-z ]+?) *(?:#.*|FAULT=.*)?$|`make ([a-z]+)", README, re.M)
    targets = {word for pair in words for word in " ".join(pair).split()}
    assert {"deps", "demo", "check", "install"} <= targets
    makefile = (gate_module.ROOT / "Makefile").read_text()
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.M)] == []


def test_the_program_is_where_the_readme_says(tmp_path):
    """And `make install` puts it where the PREFIX says."""
    if gate_module.BINARY != gate_module.ROOT / "build" / "starttls-gate":
        pytest.skip("another build is tested")
    assert "`build/starttls-gate`" in README
    subprocess.run(["make", "-s", "install", f"DESTDIR={tmp_path}", "PREFIX=/opt"], check=True,
                   cwd=gate_module.ROOT, timeout=300)
    done = subprocess.run([tmp_path / "opt/bin/starttls-gate", "--version"], capture_output=True)
    assert done.stdout == run("--version").stdout.encode()
    assert (tmp_path / "opt/share/man/man1/starttls-gate.1").read_text() == run("manual").stdout
    shared = {path.name for path in (tmp_path / "opt/share/starttls-gate").iterdir()}
    manual = plain(run("manual").stdout)
    assert shared == set(re.findall(r"PREFIX/share/starttls-gate/(\S+)", manual))


@pytest.mark.parametrize("command", re.findall(r"^starttls-gate run (.*)$", README, re.M))
def test_a_run_of_the_readme_is_well_formed(command, tmp_path, certificates):
    words = [word.strip("'") for word in command.split("  #")[0].split()]
    [text] = blocks("json")
    (tmp_path / "release.json").write_text(text)
    (tmp_path / "staging-ca.pem").write_bytes(open(certificates.ca_file, "rb").read())
    for name in "fleet.json", "hosts.txt":
        shutil.copy(gate_module.ROOT / "ci-examples" / name, tmp_path)
    done = run("run", *words, "--dry-run", cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
    assert done.returncode == 0, done.stderr
    assert "connections:" in done.stdout


@pytest.mark.parametrize("command", re.findall(r"^starttls-gate inspect (.*)$", README, re.M))
def test_an_inspect_of_the_readme_is_well_formed(command):
    done = run("inspect", *command.split("  #")[0].split(), "--address", "127.0.0.99", "--timeout",
               "1s")
    assert done.returncode == 3 and "no connection" in done.stderr, done.stderr


def test_the_readme_has_all_commands():
    shown = set(re.findall(r"^\| `(\w+)", README, re.M))
    listed = set(re.findall(r"^  (\w+)", run("--help").stdout.split("exit status")[0], re.M))
    assert shown == listed


def test_the_readme_and_the_help_agree_on_exit_statuses():
    for status, meaning in re.findall(r"^\| (\d) \| (.*) \|$", README, re.M):
        assert re.search(rf"^  {status} +{re.escape(meaning)}$", run("--help").stdout, re.M)


def plain(manual):
    """What a reader sees, but for layout."""
    text = re.sub(r"\\f[BIR]", "", manual)
    return text.replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")


def wide_help(command):
    """So that an option and what is said about it share a line, two blanks between them."""
    text = run(command, "--help", env={"COLUMNS": "500"}).stdout
    return re.sub(r"^( +(?:-\w, )?--[^ ]+(?: [A-Z=\[\]:a-z|]+)?)\n +", r"\1  ", text, flags=re.M)


def test_the_manual_has_every_option_of_every_command():
    manual = plain(run("manual").stdout)
    for command in "run", "validate", "list", "merge", "explain", "schema", "manual":
        for line in re.findall(r"^ +((?:-\w, )?--.*?)(?:  .*)?$", wide_help(command), re.M):
            assert f".TP\n{line}\n" in manual, line
    assert "-o, --report FORMAT=FILE\n" in manual
    for heading in ("COMMANDS", "OPTIONS", "REPORT FORMATS", "CHECKLISTS", "ASSERTIONS",
                    "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert f".SH {heading}\n" in manual
    for name in ("NO_COLOR", "COLUMNS", "SSL_CERT_FILE", "STARTTLS_GATE_VAR_NAME",
                 "/etc/ssl/certs/ca-certificates.crt"):
        assert f".TP\n{name}\n" in manual


def test_the_examples_of_the_manual_are_well_formed(tmp_path, certificates):
    [text] = blocks("json")
    (tmp_path / "release.json").write_text(text)
    (tmp_path / "staging-ca.pem").write_bytes(open(certificates.ca_file, "rb").read())
    manual = plain(run("manual").stdout).split(".SH EXAMPLES\n")[1]
    for example in re.findall(r"^starttls-gate (.*)$", manual, re.M):
        words = shlex.split(example)
        dry = ["--dry-run"] if words[0] == "run" else []
        done = run(*words, *dry, cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
        assert done.returncode == 0, done.stderr


def test_the_manual_can_be_formatted():
    formatter = shutil.which("groff")
    if not formatter:
        pytest.skip("no groff")
    done = subprocess.run([formatter, "-man", "-ww", "-Tascii"], input=run("manual").stdout,
                          capture_output=True, text=True)
    assert done.stderr == ""
    assert "--report FORMAT=FILE" in re.sub(r".\x08|\x1b\[[\d;]*m", "", done.stdout)


def test_the_manual_has_every_key_of_a_checklist():
    manual = plain(run("manual").stdout)
    definitions = json.loads(run("schema").stdout)
    for form in [definitions, *definitions["definitions"].values()]:
        for key in form["properties"]:
            if not key.startswith("$") and "description" in form["properties"][key]:
                assert f".TP\n{key} (" in manual, key


def failure_types():
    """The types that judges give, as their sources have them."""
    sources = "".join(path.read_text() for path in (gate_module.ROOT / "src/checks").glob("*.c"))
    calls = re.findall(r"finding_(?:fail|error)\((.*?)\);", sources, re.S)
    return sorted({name for call in calls for name in re.findall(r'"([A-Z][a-z]\w+)",', call)})


@pytest.mark.parametrize("name", failure_types())
def test_explain_knows_the_failure_type(name):
    """Reports have a prefix before it."""
    for word in name, f"starttls-gate.{name}":
        done = run("explain", word)
        assert done.returncode == 0, done.stderr
        assertions = re.findall(r"^  ([a-z_]+\.\w+)", done.stdout, re.M)
        assert done.stdout.startswith(f"{name}: ")
        assert assertions or "of any assertion" in done.stdout


def test_a_failure_type_leads_to_its_assertion():
    text = run("explain", "StarttlsReoffered").stdout
    assert "\nstarttls.not_reoffered: " in text and "\nhow to fix it\n" in text
    text = run("explain", "starttls.not_reoffered").stdout
    assert re.search(r"failure types\n  .*StarttlsReoffered", text)


@pytest.mark.parametrize("path", gate_module.shipped_checklists(), ids=lambda path: path.stem)
def test_explain_knows_the_checklist(path):
    content = json.loads(path.read_text())
    name = str(path.relative_to(gate_module.ROOT / "checks"))[:-len(".json")]
    text = run("explain", name).stdout
    assert text.startswith(f"{name}\n")
    flat = " ".join(text.split())
    assert " ".join(content["description"].split()) in flat
    for row in content["assertions"]:
        assert row.get("id", row["assert"]) in flat
        assert row.get("title", row["assert"]) in flat
        if "refuses" in row:
            assert f"refuses {', '.join(row['refuses'])}" in flat
    assert run("explain", path.stem).stdout == text


def test_explain_has_advice_for_the_servers_of_each_protocol():
    text = run("explain", "tls.version").stdout
    for words in "Postfix: smtpd_tls_protocols", "Dovecot: ssl_min_protocol", "ProFTPD: TLSProtocol", \
            "nginx: ssl_protocols":
        assert words in " ".join(text.split()), text
    text = run("explain", "starttls.forgets_state").stdout
    assert "mailboxes" not in text and "FTP" not in text, text


def test_explain_shows_types_and_choices():
    text = run("explain", "tls.version").stdout
    assert 'minimum: one of "1.0", "1.1", "1.2", "1.3"; "1.2" unless given' in text
    text = run("explain", "certificate.expiry").stdout
    assert "days: a whole number from 0 to 3650" in text
    assert "chain: true or false; true unless given" in text
    text = run("explain", "auth.login").stdout
    assert re.search(r"password: a reference to a secret, as .*; required", text)
    text = " ".join(run("explain", "tls.versions").stdout.split())
    assert re.search(r'refuses: a list of "ssl2", "ssl3", "1.0"', text)


def test_the_manual_names_all_assertions_and_renders():
    manual = run("manual").stdout
    names = re.findall(r"^  ([a-z_]+\.\w+)", run("list").stdout, re.M)
    assert len(names) > 20
    for name in names:
        assert f".B {name}" in manual


def target_for(name, explained, certificates):
    """A server, a domain, or for what is said of files alone, a certificate before it is deployed."""
    if 'a target with "mx"' in explained:
        return {"mx": "example.com"}
    if name != "certificate.matches_key":
        return {"host": "mail.example.com", "port": 587}
    identity = certificates.identities["good"]
    return {"host": "mail.example.com", "certificate_file": str(identity.chain),
            "private_key_file": str(identity.key)}


@pytest.mark.parametrize("name", re.findall(r"^  ([a-z_]+\.\w+)", run("list").stdout, re.M))
def test_the_example_of(name, tmp_path, certificates):
    """The example that explain shows can be put into a checklist as it is."""
    done = run("explain", name)
    assert done.returncode == 0
    example = json.loads(done.stdout.split("example\n")[1])
    assert example["assert"] == name
    for heading in ("why\n", "how to fix it\n", "source\n"):
        assert heading in done.stdout
    if any("file" in key for key in example):
        pytest.skip("names a file that is not there")
    text = {"variables": {"username": "u"}, "secrets": {"password": {"env": "SMTP_PASSWORD"}},
            "trust": {"system": True}, "targets": [target_for(name, done.stdout, certificates)],
            "assertions": [example]}
    (tmp_path / "a.json").write_text(json.dumps(text))
    done = run("validate", "a.json", cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("word, said", [
    ("mx", ['"mx" in a target', "--mx DOMAIN", "nobody is asked for a password"]),
    ("addresses", ['"addresses" in a target', "`all`, each by itself"]),
    ("ipv6", ['"ipv6" in a target', "`if_routed`"]),
    ("dns", ['"dns" in a checklist', '"resolver"', '"trust_anchor"', '"timeout"']),
    ("resolver", ['"resolver" in "dns"', "--resolver ADDRESS[@PORT]"]),
    ("junit", ["--junit FILE"])])
def test_explain_knows_words_of_checklists_and_options(word, said):
    text = run("explain", word).stdout
    for words in said:
        assert words in text, text
    for option in re.findall(r"^--([\w-]+)", text, re.M):
        assert f"--{option}" in run("explain", "--", f"--{option}").stdout


def test_explain_tells_each_word_once():
    text = run("explain", "addresses").stdout
    assert text.count("which addresses of a host".capitalize()) == 1, text
    done = run("explain", "adresses")
    assert done.returncode == 2 and "did you mean 'addresses'" in done.stderr
