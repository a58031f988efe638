# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation shows is run: its checklist, its commands, its table of exit statuses."""

import json
import re
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


@pytest.mark.parametrize("command", re.findall(r"^starttls-gate run (.*)$", README, re.M))
def test_a_run_of_the_readme_is_well_formed(command, tmp_path, certificates):
    words = [word.strip("'") for word in command.split("  #")[0].split()]
    [text] = blocks("json")
    (tmp_path / "release.json").write_text(text)
    (tmp_path / "staging-ca.pem").write_bytes(open(certificates.ca_file, "rb").read())
    done = run("run", *words, "--dry-run", cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
    assert done.returncode == 0, done.stderr
    assert "connections:" in done.stdout


def test_the_readme_has_all_commands():
    shown = set(re.findall(r"^\| `(\w+)", README, re.M))
    listed = set(re.findall(r"^  (\w+)", run("--help").stdout.split("exit status")[0], re.M))
    assert shown == listed


def test_the_readme_and_the_help_agree_on_exit_statuses():
    for status, meaning in re.findall(r"^\| (\d) \| (.*) \|$", README, re.M):
        assert re.search(rf"^  {status} +{re.escape(meaning)}$", run("--help").stdout, re.M)


def test_the_manual_names_all_assertions_and_renders():
    manual = run("manual").stdout
    names = re.findall(r"^  ([a-z]+\.\w+)", run("list").stdout, re.M)
    assert len(names) > 20
    for name in names:
        assert f".B {name}" in manual


def target_for(name, certificates):
    """A server, or for what is said of files alone, a certificate before it is deployed."""
    if name != "certificate.matches_key":
        return {"host": "mail.example.com", "port": 587}
    identity = certificates.identities["good"]
    return {"host": "mail.example.com", "certificate_file": str(identity.chain),
            "private_key_file": str(identity.key)}


@pytest.mark.parametrize("name", re.findall(r"^  ([a-z]+\.\w+)", run("list").stdout, re.M))
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
            "trust": {"system": True}, "targets": [target_for(name, certificates)],
            "assertions": [example]}
    (tmp_path / "a.json").write_text(json.dumps(text))
    done = run("validate", "a.json", cwd=tmp_path, env={"SMTP_PASSWORD": "x"})
    assert done.returncode == 0, done.stderr
