# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines in ci-examples run the gate with arguments that it takes."""

import re
import shutil
import subprocess

import pytest

import gate as gate_module

EXAMPLES = gate_module.ROOT / "ci-examples"
PIPELINES = [EXAMPLES / "github" / "mail-gate.yml", EXAMPLES / "gitlab" / ".gitlab-ci.yml"]
COMMAND = re.compile(r"^\s*(?:- |run: )(starttls-gate/build/starttls-gate run .*)$", re.M)


@pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda path: path.parent.name)
def test_pipeline(pipeline, tmp_path):
    (tmp_path / "starttls-gate" / "build").mkdir(parents=True)
    (tmp_path / "starttls-gate" / "build" / "starttls-gate").symlink_to(gate_module.BINARY)
    (tmp_path / "checks").mkdir()
    shutil.copy(EXAMPLES / "staging.json", tmp_path / "checks")
    (command,) = COMMAND.findall(pipeline.read_text())
    run = subprocess.run(f"{command} --dry-run", shell=True, cwd=tmp_path, capture_output=True,
                         text=True, env={"STARTTLS_GATE_VAR_host": gate_module.HOST,
                                         "SMTP_PASSWORD": gate_module.PASSWORD})
    assert run.returncode == 0, run.stderr
    assert "certificate.expiry" in run.stdout


def test_the_report_is_published_under_the_name_it_is_written_to():
    for pipeline in PIPELINES:
        text = pipeline.read_text()
        (report,) = re.findall(r"--junit (\S+)", text)
        assert re.search(rf"(junit|report_paths): {re.escape(report)}$", text, re.M)
