# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gate costs beside the tools that people use now.

usage: bench.py MEASURE [RUNS]

All tools are put to the same local Postfix, directly and behind a proxy with 50 ms of round trip,
in turns within one run: compare the ratios, not the times of two machines. MEASURE is the compiled
measure.c. Needs root, because Postfix does.
"""

import collections
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]

import checklists  # noqa: E402 (found through the line above)
import gate as gate_module  # noqa: E402
from servers.certificates import Authority  # noqa: E402
from servers.delay_proxy import DelayProxy  # noqa: E402
from servers.postfix import PASSWORD, USERNAME, Postfix, is_available  # noqa: E402

RUNS = 5
ROUND_TRIP = 0.050  # seconds
MANY = 100
# A gate limits how many connections one address gets, so that MANY servers must not all be one.
ADDRESSES = ("127.0.0.1", "127.0.0.2")
PLAIN = "AGdhdGUAY29ycmVjdCBob3JzZQ=="  # the user and password of servers.postfix
KIB_PER_MIB = 1024
POSTURE = "starttls-gate run posture"

Sample = collections.namedtuple("Sample", "status wall_ms cpu_ms rss_mib connections round_trips")


class Bench:
    """Runs commands under measure and keeps the samples by (job, place)."""

    def __init__(self, measure, directory, ca_file):
        self.measure = measure
        self.directory = directory
        self.ca_file = ca_file
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

    def median(self, job, place, figure):
        return statistics.median(getattr(s, figure) for s in self.samples[job, place])

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path

    def checklist(self, name, port, assertions, targets=None):
        content = checklists.checklist(targets or port, assertions, self.ca_file,
                                       {"reply_timeout": "10s", "connect_timeout": "10s",
                                        "deadline": "60s",
                                        "connections": MANY // len(ADDRESSES)})
        return self.write(f"{name}-{port}.json", json.dumps(content))


def gate_command(path, *arguments):
    return [gate_module.BINARY, "run", path, *arguments]


def swaks_command(port):
    return ["swaks", "--server", "127.0.0.1", "--port", port, "-tls", "--auth", "PLAIN",
            "--auth-user", USERNAME, "--auth-password", PASSWORD, "--quit-after", "AUTH"]


def s_client_command(ca_file, *arguments):
    return ["openssl", "s_client", "-starttls", "smtp", "-CAfile", ca_file, "-verify_hostname",
            gate_module.HOST, "-verify_return_error", *arguments]


def single_jobs(bench, port):
    """(job, command, stdin) for one server."""
    session = bench.checklist("session", port, checklists.DIALOGUE)
    versions = bench.checklist("versions", port, checklists.SUBMISSION)
    dialogue = bench.write("dialogue", f"EHLO gate.example.test\r\nAUTH PLAIN {PLAIN}\r\nQUIT\r\n")
    return [
        ("starttls-gate", gate_command(session), None),
        ("starttls-gate with tls.version", gate_command(versions), None),
        ("swaks", swaks_command(port), None),
        ("openssl s_client", s_client_command(bench.ca_file, "-quiet", "-connect",
                                              f"127.0.0.1:{port}"), dialogue),
    ]


def many_jobs(bench, port):
    """(job, command, stdin) for MANY servers at once."""
    addresses = [ADDRESSES[n % len(ADDRESSES)] for n in range(MANY)]
    targets = [checklists.target(port, name=f"server-{n}", address=address)
               for n, address in enumerate(addresses)]
    # What s_client looks at too: the dialogue up to TLS and the certificate.
    rows = [row for row in checklists.DIALOGUE if not row["assert"].startswith("auth.")]
    path = bench.checklist("many", port, rows, targets)
    arguments = bench.write(f"arguments-{port}",
                            "".join(f"{address}:{port}\n" for address in addresses))
    return [
        (f"starttls-gate x {MANY}", gate_command(path, "-j", str(MANY)), None),
        (f"xargs -P {MANY} s_client", ["xargs", "-a", arguments, "-P", str(MANY), "-n", "1",
                                       *s_client_command(bench.ca_file, "-connect")], None),
    ]


def posture_jobs(bench, port):
    """(job, command, stdin) for all that can be found out about the TLS of one server. What the
    others exit with says nothing about what they found, so it does not count here."""
    address = f"127.0.0.1:{port}"
    scanners = {
        "sslscan": f"sslscan --no-colour --starttls-smtp {address}",
        "nmap ssl-enum-ciphers": f"nmap -Pn --script ssl-enum-ciphers -p {port} 127.0.0.1",
        "testssl.sh": f"testssl --quiet --warnings off --color 0 -t smtp {address}",
    }
    return [
        (POSTURE, gate_command("posture", "--target", f"{gate_module.HOST}:{port}", "--address",
                               "127.0.0.1", "--ca-file", bench.ca_file), None),
        *((job, ["sh", "-c", f"{command}; true"], None) for job, command in scanners.items()
          if shutil.which(command.split()[0])),
    ]


def start_up_jobs(bench):
    path = bench.checklist("session", 25, checklists.SUBMISSION)
    return [("starttls-gate --version", [gate_module.BINARY, "--version"], None),
            ("starttls-gate validate", [gate_module.BINARY, "validate", path], None)]


def run_all(bench, port, runs):
    with DelayProxy(port, ROUND_TRIP, ADDRESSES) as proxy:
        for _ in range(runs):
            for job, command, stdin in start_up_jobs(bench):
                bench.sample(job, "no network", command, stdin)
            for jobs in (single_jobs, many_jobs):
                for job, command, stdin in jobs(bench, port):
                    bench.sample(job, "direct", command, stdin)
                for job, command, stdin in jobs(bench, proxy.port):
                    bench.sample(job, "50 ms", command, stdin, proxy)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def run_posture(bench, port):
    """Once each: the slowest takes more than a minute."""
    with DelayProxy(port, ROUND_TRIP, ADDRESSES) as proxy:
        for place, at, counted in (("direct", port, None), ("50 ms", proxy.port, proxy)):
            for job, command, stdin in posture_jobs(bench, at):
                bench.sample(job, place, command, stdin, counted)
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def reference(job):
    """The job that the ratios of this one are taken against: the gate doing the same."""
    if job in (POSTURE, "sslscan", "nmap ssl-enum-ciphers", "testssl.sh"):
        return POSTURE
    return f"starttls-gate x {MANY}" if str(MANY) in job else "starttls-gate"


def print_table(bench):
    print(f"{'job':<31}{'place':<11}{'wall ms (min-max)':>23}{'x gate':>8}{'CPU ms':>9}"
          f"{'x gate':>8}{'MiB':>7}{'connections':>13}{'round trips':>13}{'exit':>6}")
    for (job, place), samples in bench.samples.items():
        walls = [sample.wall_ms for sample in samples]
        ratios = ["", ""]
        if place != "no network":
            ratios = [f"{bench.median(job, place, f) / bench.median(reference(job), place, f):.2f}"
                      for f in ("wall_ms", "cpu_ms")]
        counts = ["", ""]
        if place == "50 ms":
            counts = [f"{bench.median(job, place, f):.0f}" for f in ("connections", "round_trips")]
        wall = f"{statistics.median(walls):.1f} ({min(walls):.1f}-{max(walls):.1f})"
        statuses = ",".join(str(s) for s in sorted({sample.status for sample in samples}))
        print(f"{job:<31}{place:<11}{wall:>23}{ratios[0]:>8}"
              f"{bench.median(job, place, 'cpu_ms'):>9.1f}{ratios[1]:>8}"
              f"{bench.median(job, place, 'rss_mib'):>7.1f}{counts[0]:>13}{counts[1]:>13}"
              f"{statuses:>6}")


def budgets(bench):
    """(what, figure, limit) of what the project promises; a figure must not be above its limit."""
    gate, many, xargs = "starttls-gate", f"starttls-gate x {MANY}", f"xargs -P {MANY} s_client"
    median = bench.median
    yield ("CPU of one gate against s_client, direct",
           median(gate, "direct", "cpu_ms") / median("openssl s_client", "direct", "cpu_ms"), 1.0)
    yield ("wall of one gate against swaks, 50 ms",
           median(gate, "50 ms", "wall_ms") / median("swaks", "50 ms", "wall_ms"), 0.8)
    for place in ("direct", "50 ms"):
        yield (f"wall of {MANY} gates against xargs, {place}",
               median(many, place, "wall_ms") / median(xargs, place, "wall_ms"), 0.5)
        yield (f"CPU of {MANY} gates against xargs, {place}",
               median(many, place, "cpu_ms") / median(xargs, place, "cpu_ms"), 0.25)
    yield "start-up without network, ms", median("starttls-gate validate", "no network",
                                                 "wall_ms"), 10
    yield "peak memory of one gate, MiB", median(gate, "direct", "rss_mib"), 16
    yield "connections of one gate", median(gate, "50 ms", "connections"), 1
    yield ("further connections for tls.version",
           median(f"{gate} with tls.version", "50 ms", "connections") - 1, 3)
    yield "connections of the full posture", median(POSTURE, "50 ms", "connections"), 30
    yield "wall of the full posture, 50 ms, in s", median(POSTURE, "50 ms", "wall_ms") / 1000, 2
    for scanner, limit in (("sslscan", 1 / 10), ("testssl.sh", 1 / 35)):
        if (scanner, "50 ms") in bench.samples:
            yield (f"wall of the full posture against {scanner}, 50 ms",
                   median(POSTURE, "50 ms", "wall_ms") / median(scanner, "50 ms", "wall_ms"),
                   limit)


def print_budgets(bench):
    print()
    for what, figure, limit in budgets(bench):
        verdict = "kept" if figure <= limit else "MISSED"
        print(f"{verdict:<8}{what:<50}{figure:>8.2f}  at most {limit:.3g}")


def main(arguments):
    if os.geteuid() != 0 or not is_available() or not shutil.which("swaks"):
        print("bench: needs root, Postfix, Dovecot and swaks (tests/deps check)", file=sys.stderr)
        return 1
    measure, runs = arguments[0], int(arguments[1]) if len(arguments) > 1 else RUNS
    with tempfile.TemporaryDirectory(prefix="starttls-gate-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        authority = Authority(directory / "authority", "Bench CA")
        identity = authority.issue("server", [gate_module.HOST])
        services = {"submission": {"smtpd_tls_security_level": "encrypt"},
                    "modern": {"smtpd_tls_security_level": "encrypt",
                               "smtpd_tls_mandatory_ciphers": "high",
                               "smtpd_tls_mandatory_exclude_ciphers": "aNULL,kRSA,kDHE,SHA1"}}
        with Postfix(directory / "postfix", identity, services,
                     addresses=ADDRESSES) as postfix:
            bench = Bench(pathlib.Path(measure).resolve(), directory, authority.certificate)
            run_all(bench, postfix.ports["submission"], runs)
            run_posture(bench, postfix.ports["modern"])
    print_table(bench)
    if any(sample.status for samples in bench.samples.values() for sample in samples):
        print("\nbench: not every run succeeded, so the figures say nothing", file=sys.stderr)
        return 1
    print_budgets(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
