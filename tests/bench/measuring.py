# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: running commands under measure, and the table of goals."""

import collections
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]

import gate as gate_module  # noqa: E402 (found through the line above)
from servers.postfix import PASSWORD  # noqa: E402

KIB_PER_MIB = 1024
IS_RELEASE = "release" in pathlib.Path(gate_module.BINARY).parts

Sample = collections.namedtuple("Sample", "status wall_ms cpu_ms rss_mib connections round_trips")

# A row of the table: what is measured; the figure; what is wanted of it with the wolfSSL of the
# distribution and in a release build; what it cannot be below. None: nothing is.
Row = collections.namedtuple("Row", "what figure wanted release limit", defaults=(None, None, None))


class Bench:
    """Runs commands under measure and keeps the samples by (job, place)."""

    def __init__(self, measure, directory):
        self.measure = pathlib.Path(measure).resolve()
        self.directory = pathlib.Path(directory)
        self.samples = collections.defaultdict(list)

    def sample(self, job, place, command, stdin=None, proxy=None):
        before = (proxy.connections, proxy.round_trips) if proxy else (0, 0)
        with (stdin or pathlib.Path(os.devnull)).open() as source:
            run = subprocess.run([self.measure, *map(str, command)], stdin=source, check=True,
                                 capture_output=True, text=True,
                                 env={**os.environ, "SMTP_PASSWORD": PASSWORD})
        status, wall_us, cpu_us, rss_kib = map(int, run.stdout.split())
        after = (proxy.connections, proxy.round_trips) if proxy else (0, 0)
        self.samples[job, place].append(Sample(
            status, wall_us / 1000, cpu_us / 1000, rss_kib / KIB_PER_MIB,
            after[0] - before[0], after[1] - before[1]))
        print(".", end="", file=sys.stderr, flush=True)

    def median(self, job, place, figure):
        return statistics.median(getattr(s, figure) for s in self.samples[job, place])

    def ratio(self, job, other, place, figure):
        return self.median(job, place, figure) / self.median(other, place, figure)

    def seconds(self, job, place):
        return self.median(job, place, "wall_ms") / 1000

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path


def gate_command(path, *arguments):
    return [gate_module.BINARY, "run", path, *arguments]


def bench_directory():
    return tempfile.TemporaryDirectory(prefix="starttls-gate-")


def _shown(number):
    return "" if number is None else f"{number:.3g}"


def print_goals(rows):
    """The table; the goals are those of the build that was measured where both are known."""
    print(f"\n{'':<8}{'':<58}{'today':>8}{'wanted':>8}{'release':>9}{'limit':>8}")
    for row in rows:
        goal = row.release if IS_RELEASE and row.release is not None else row.wanted
        verdict = "" if goal is None else "kept" if row.figure <= goal else "MISSED"
        print(f"{verdict:<8}{row.what:<58}{row.figure:>8.3g}{_shown(row.wanted):>8}"
              f"{_shown(row.release):>9}{_shown(row.limit):>8}")
