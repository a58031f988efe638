# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines in ci-examples run the gate with arguments that it takes."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

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


# What is said of GitHub's jobs, GitLab's, and Kubernetes' pods: the environment of each of three.
SHARDS = {
    "github/mail-gate-shards.yml": lambda number: {"SHARD": f"{number}/3"},
    "gitlab/mail-gate-shards.yml": lambda number: {"CI_NODE_INDEX": str(number),
                                                   "CI_NODE_TOTAL": "3"},
    "kubernetes/mail-gate.yml": lambda number: {"JOB_COMPLETION_INDEX": str(number - 1)},
}


def jobs_of(pipeline):
    """The commands of a shard and of what comes behind it, and how many shards there are."""
    content = yaml.safe_load((EXAMPLES / pipeline).read_text())
    if "spec" in content:
        assert content["spec"]["completionMode"] == "Indexed"
        [pod] = content["spec"]["template"]["spec"]["containers"]
        [shards] = [row["value"] for row in pod["env"] if row["name"] == "SHARDS"]
        assert int(shards) == content["spec"]["completions"]
        readme = (EXAMPLES / pipeline).with_name("README.md").read_text()
        return (f"SHARDS={shards}; " + pod["command"][2],
                re.search(r"^ *(starttls-gate merge .*)$", readme, re.M)[1], int(shards))
    if "jobs" in content:
        commands = [step["run"] for job in content["jobs"].values() for step in job["steps"]
                    if "build/starttls-gate" in step.get("run", "")]
        return (*commands, len(content["jobs"]["shard"]["strategy"]["matrix"]["shard"]))
    return (*content["shard"]["script"], *content["mail-gate"]["script"],
            content["shard"]["parallel"])


@pytest.mark.parametrize("pipeline", SHARDS)
def test_shards_make_up_one_report(pipeline, tmp_path):
    """All servers refuse, so each is one case that failed."""
    shard, merge, count = jobs_of(pipeline)
    build = tmp_path / "starttls-gate" / "build"
    build.mkdir(parents=True)
    (build / "starttls-gate").symlink_to(gate_module.BINARY)
    checks = tmp_path / "checks"
    checks.mkdir()
    shutil.copy(EXAMPLES / "fleet.json", checks)
    (checks / "hosts.txt").write_text("".join(f"127.0.0.1:{port}\n" for port in range(1, 8)))
    artifacts = tmp_path / "shards"

    def start(command, **environment):
        """In a pod, the directories are below the root."""
        command = command.replace("/checks/", "checks/").replace("=/reports/", "=")
        return subprocess.run(["bash", "-ec", command], cwd=tmp_path, capture_output=True, text=True,
                              timeout=60, env={"PATH": f"{build}:/usr/bin:/bin", **environment})

    for number in range(1, count + 1):
        done = start(shard, **SHARDS[pipeline](number))
        assert done.returncode == 1, done.stdout + done.stderr
        assert f"shard {number} of {count}: " in done.stdout
        for report in tmp_path.glob("shard.json"):  # as it is uploaded and downloaded
            (artifacts / f"shard-{number}").mkdir(parents=True)
            report.rename(artifacts / f"shard-{number}" / "shard.json")
    done = start(merge)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "7 targets" in done.stdout
    assert len(re.findall("<testsuite ", (tmp_path / "mail-gate.xml").read_text())) == 7


def test_the_fleet_can_be_run():
    done = subprocess.run([gate_module.BINARY, "validate", EXAMPLES / "fleet.json"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads((EXAMPLES / "fleet.json").read_text())["targets_file"] == "hosts.txt"
