# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gate costs beside the tools that people use now.

usage: bench.py MEASURE MAIL_SERVER [RUNS]

All tools are put to the same local Postfix, directly and behind a proxy with 50 ms of round trip,
or, where there are many servers, to the same fleet of small ones; in turns within one run: compare
the ratios, not the times of two machines. MEASURE and MAIL_SERVER are the compiled measure.c and
mail_server.c. Needs root, because Postfix does.
"""

import json
import os
import pathlib
import shutil
import statistics
import sys

from measuring import (IS_RELEASE, ROOT, Bench, Row, bench_directory, gate_command, gate_module,
                       print_goals)

import checklists  # noqa: I001 (found through measuring)
from fleet import ASSERTIONS, Fleet, address
from servers import dovecot, exim
from servers.certificates import RSA_KEY, Authority
from servers.delay_proxy import DelayProxy
from servers.odd_relay import OddRelay
from servers.postfix import PASSWORD, USERNAME, Postfix, is_available

RUNS = 5
ROUND_TRIP_MS = 50
MANY = 100
PLAIN = "AGdhdGUAY29ycmVjdCBob3JzZQ=="  # the user and password of servers.postfix

GATE, S_CLIENT = "starttls-gate", "openssl s_client"
VERSIONS = "starttls-gate with tls.version"
GATES, S_CLIENTS = f"starttls-gate x {MANY}", f"xargs -P {MANY} s_client"
PORTS = f"starttls-gate x {MANY} ports"
POSTURE = "starttls-gate run posture"
CLOSES, BESIDE = "Dovecot, 50 ms", "Postfix, beside it"  # closes where the other says no
START_UP = "starttls-gate validate"
SCANNERS = {
    "sslscan": "sslscan --no-colour --starttls-smtp {}",
    "nmap ssl-enum-ciphers": "nmap -Pn --script ssl-enum-ciphers -p {1} {0}",
    "testssl.sh": "testssl --quiet --warnings off --color 0 -t smtp {}",
}
# GnuTLS, with all that Debian's Exim has by default.
PRIORITY = "NORMAL"


def write_checklist(bench, ca_file, name, targets, assertions):
    content = checklists.checklist(targets, assertions, ca_file)
    del content["limits"]
    return bench.write(f"{name}.json", json.dumps(content))


def swaks_command(port):
    return ["swaks", "--server", "127.0.0.1", "--port", port, "-tls", "--auth", "PLAIN",
            "--auth-user", USERNAME, "--auth-password", PASSWORD, "--quit-after", "AUTH"]


def s_client_command(ca_file, *arguments):
    return ["openssl", "s_client", "-starttls", "smtp", "-CAfile", ca_file, "-verify_hostname",
            gate_module.HOST, "-verify_return_error", *arguments]


def single_jobs(bench, ca_file, port):
    """(job, command, stdin) for one server."""
    session = write_checklist(bench, ca_file, f"session-{port}", port, checklists.DIALOGUE)
    versions = write_checklist(bench, ca_file, f"versions-{port}", port, checklists.SUBMISSION)
    dialogue = bench.write("dialogue", f"EHLO gate.example.test\r\nAUTH PLAIN {PLAIN}\r\nQUIT\r\n")
    report = bench.directory / "report.xml"
    return [
        (GATE, gate_command(session, "--junit", report), None),
        (VERSIONS, gate_command(versions, "--junit", report), None),
        ("swaks", swaks_command(port), None),
        (S_CLIENT, s_client_command(ca_file, "-quiet", "-connect", f"127.0.0.1:{port}"), dialogue),
    ]


def many_jobs(bench, ca_file, port):
    """(job, command) for MANY servers at once, each at an address of its own."""
    addresses = [address(n) for n in range(MANY)]
    targets = [checklists.target(port, name=f"server-{n}", address=at)
               for n, at in enumerate(addresses)]
    path = write_checklist(bench, ca_file, f"many-{port}", targets, ASSERTIONS)
    arguments = bench.write(f"arguments-{port}", "".join(f"{at}:{port}\n" for at in addresses))
    return [
        (GATES, gate_command(path)),
        (S_CLIENTS, ["xargs", "-a", arguments, "-P", str(MANY), "-n", "1",
                     *s_client_command(ca_file, "-connect")]),
    ]


def posture_command(ca_file, port):
    return gate_command("posture", "--target", f"{gate_module.HOST}:{port}", "--address",
                        "127.0.0.1", "--ca-file", ca_file)


def imaps_posture_command(bench, ca_file, port):
    target = checklists.target(port, protocol="imap", tls="implicit")
    content = checklists.checklist(target, [], ca_file, include=["posture"])
    del content["limits"], content["assertions"]
    return gate_command(bench.write("imaps.json", json.dumps(content)))


def scanner_jobs(port):
    """(job, command) of the others that find out all about the TLS of one server. What they exit
    with says nothing about what they found, so it does not count here."""
    for job, command in SCANNERS.items():
        if shutil.which(command.split()[0]):
            command = command.replace("{1} {0}", f"{port} 127.0.0.1")
            yield job, ["sh", "-c", f"{command.format(f'127.0.0.1:{port}')}; true"]


def run_single(bench, ca_file, port, runs):
    with DelayProxy(port, ROUND_TRIP_MS / 1000) as proxy:
        session = write_checklist(bench, ca_file, "start-up", 25, checklists.SUBMISSION)
        for _ in range(runs):
            bench.sample("starttls-gate --version", "no network",
                         [gate_module.BINARY, "--version"])
            bench.sample(START_UP, "no network", [gate_module.BINARY, "validate", session])
            for job, command, stdin in single_jobs(bench, ca_file, port):
                bench.sample(job, "direct", command, stdin)
            for job, command, stdin in single_jobs(bench, ca_file, proxy.port):
                bench.sample(job, "50 ms", command, stdin, proxy)


def run_many(bench, ca_file, identity, mail_server, runs):
    for round_trip_ms, place in ((0, "direct"), (ROUND_TRIP_MS, "50 ms")):
        with Fleet(mail_server, identity, round_trip_ms) as (port,):
            for _ in range(runs):
                for job, command in many_jobs(bench, ca_file, port):
                    bench.sample(job, place, command)
    # Many servers at one address, as on a staging machine.
    with Fleet(mail_server, identity, ROUND_TRIP_MS, MANY) as ports:
        targets = [checklists.target(port, name=f"port-{port}") for port in ports]
        path = write_checklist(bench, ca_file, "ports", targets, ASSERTIONS)
        for _ in range(runs):
            bench.sample(PORTS, "50 ms", gate_command(path))


def run_closing(bench, ca_file, identity, port, runs):
    """In turns with one that says no."""
    if not dovecot.is_available():
        return
    with (dovecot.dovecot(bench.directory / "dovecot", identity, {}) as imaps,
          DelayProxy(imaps, ROUND_TRIP_MS / 1000) as closing,
          DelayProxy(port, ROUND_TRIP_MS / 1000) as refusing):
        for _ in range(runs):
            bench.sample(POSTURE, CLOSES, imaps_posture_command(bench, ca_file, closing.port),
                         proxy=closing)
            bench.sample(POSTURE, BESIDE, posture_command(ca_file, refusing.port), proxy=refusing)


def run_posture(bench, ca_file, port, runs):
    """The others once each: the slowest takes more than a minute."""
    with DelayProxy(port, ROUND_TRIP_MS / 1000) as proxy:
        for place, at, counted in (("direct", port, None), ("50 ms", proxy.port, proxy)):
            for _ in range(runs):
                bench.sample(POSTURE, place, posture_command(ca_file, at), proxy=counted)
            for job, command in scanner_jobs(at):
                bench.sample(job, place, command, proxy=counted)


def run_exim(bench, ca_file, identity, runs):
    root = exim.unpacked(ROOT / "build" / "exim")
    if root is None:
        return
    with exim.exim(root, bench.directory / "exim", identity, PRIORITY) as port:
        for _ in range(runs):
            bench.sample(POSTURE, "Exim", posture_command(ca_file, port))


def run_odd(bench, ca_file, port):
    """Servers that keep a client waiting: the time that a reply may take is 30 s."""
    oddities = {"silent": {"is_silent": True}, "swallows alerts": {"swallows_alerts": True},
                "holds connections open": {}}
    for place, oddity in oddities.items():
        with OddRelay(port, **oddity) as relay:
            bench.sample(POSTURE, place, posture_command(ca_file, relay.port))


def reference(job):
    """The job that the ratios of this one are taken against: the gate doing the same."""
    if job == POSTURE or job in SCANNERS:
        return POSTURE
    return GATES if str(MANY) in job else GATE


def print_samples(bench):
    print(f"\n{'job':<31}{'place':<23}{'wall ms (min-max)':>27}{'x gate':>8}{'CPU ms':>9}"
          f"{'x gate':>8}{'MiB':>7}{'connections':>13}{'round trips':>13}{'exit':>6}")
    for (job, place), samples in bench.samples.items():
        walls = [sample.wall_ms for sample in samples]
        ratios = ["", ""]
        if (reference(job), place) in bench.samples:
            ratios = [f"{bench.ratio(job, reference(job), place, f):.2f}"
                      for f in ("wall_ms", "cpu_ms")]
        counts = ["", ""]
        if bench.median(job, place, "connections") != 0:
            counts = [f"{bench.median(job, place, f):.0f}" for f in ("connections", "round_trips")]
        wall = f"{statistics.median(walls):.1f} ({min(walls):.1f}-{max(walls):.1f})"
        statuses = ",".join(str(s) for s in sorted({sample.status for sample in samples}))
        print(f"{job:<31}{place:<23}{wall:>27}{ratios[0]:>8}"
              f"{bench.median(job, place, 'cpu_ms'):>9.1f}{ratios[1]:>8}"
              f"{bench.median(job, place, 'rss_mib'):>7.1f}{counts[0]:>13}{counts[1]:>13}"
              f"{statuses:>6}")


def goals(bench):
    yield Row("CPU of one gate with AUTH and JUnit / s_client",
              bench.ratio(GATE, S_CLIENT, "direct", "cpu_ms"), 0.9, 0.5)
    yield Row(f"{MANY} targets / xargs -P {MANY} s_client, CPU, direct",
              bench.ratio(GATES, S_CLIENTS, "direct", "cpu_ms"), 0.25, 0.12)
    yield Row(f"{MANY} targets / xargs -P {MANY} s_client, CPU, 50 ms",
              bench.ratio(GATES, S_CLIENTS, "50 ms", "cpu_ms"), 0.25, 0.12)
    yield Row("the same, wall, direct", bench.ratio(GATES, S_CLIENTS, "direct", "wall_ms"),
              0.4, 0.35)
    yield Row("the same, wall, 50 ms", bench.ratio(GATES, S_CLIENTS, "50 ms", "wall_ms"),
              0.55, 0.5, 0.29 / bench.seconds(S_CLIENTS, "50 ms"))
    yield Row(f"{MANY} ports at one address, 50 ms, no settings, s",
              bench.seconds(PORTS, "50 ms"), 2, 2, 0.29)
    yield Row("posture, 50 ms, s", bench.seconds(POSTURE, "50 ms"), 1, 1, 0.6)
    if (POSTURE, CLOSES) in bench.samples:
        yield Row("posture of a server that closes / of one that says no, 50 ms",
                  bench.seconds(POSTURE, CLOSES) / bench.seconds(POSTURE, BESIDE), 1.25)
    if (POSTURE, "Exim") in bench.samples:
        yield Row("posture of Exim, direct, s", bench.seconds(POSTURE, "Exim"), 3, 3)
    yield Row("worst odd or silent server, s",
              max(bench.seconds(*key) for key in bench.samples if key[0] == POSTURE), 35, 35)
    yield Row("start-up, CPU ms", bench.median(START_UP, "no network", "cpu_ms"), 3.5, 1.5, 0.5)
    yield Row("wall of one gate / swaks, 50 ms", bench.ratio(GATE, "swaks", "50 ms", "wall_ms"),
              0.8)
    yield Row("memory of one gate, MiB", bench.median(GATE, "direct", "rss_mib"), 16)
    yield Row("connections of a posture", bench.median(POSTURE, "50 ms", "connections"), 30)
    yield Row("further connections for tls.version",
              bench.median(VERSIONS, "50 ms", "connections") -
              bench.median(GATE, "50 ms", "connections"), 3)
    for scanner, wanted in (("sslscan", 1 / 10), ("testssl.sh", 1 / 35)):
        if (scanner, "50 ms") in bench.samples:
            yield Row(f"posture / {scanner}, wall, 50 ms",
                      bench.ratio(POSTURE, scanner, "50 ms", "wall_ms"), wanted)


def measure_all(bench, mail_server, runs):
    authority = Authority(bench.directory / "authority", "Bench CA")
    identity = authority.issue("server", [gate_module.HOST])
    rsa = authority.issue("rsa", [gate_module.HOST], key_type=RSA_KEY)
    services = {"submission": {"smtpd_tls_security_level": "encrypt"},
                "modern": {"smtpd_tls_security_level": "encrypt",
                           "smtpd_tls_mandatory_ciphers": "high",
                           "smtpd_tls_mandatory_exclude_ciphers": "aNULL,kRSA,kDHE,SHA1"}}
    ca_file = authority.certificate
    with Postfix(bench.directory / "postfix", identity, services) as postfix:
        run_single(bench, ca_file, postfix.ports["submission"], runs)
        run_posture(bench, ca_file, postfix.ports["modern"], runs)
        run_closing(bench, ca_file, identity, postfix.ports["modern"], runs)
        run_exim(bench, ca_file, identity, runs)
    run_many(bench, ca_file, identity, mail_server, runs)
    with Postfix(bench.directory / "rsa", rsa,
                 {"odd": {"smtpd_tls_security_level": "may"}}) as postfix:
        run_odd(bench, ca_file, postfix.ports["odd"])


def main(arguments):
    if os.geteuid() != 0 or not is_available() or not shutil.which("swaks"):
        print("bench: needs root, Postfix, Dovecot and swaks (tests/deps check)", file=sys.stderr)
        return 1
    runs = int(arguments[2]) if len(arguments) > 2 else RUNS
    with bench_directory() as name:
        pathlib.Path(name).chmod(0o755)
        bench = Bench(arguments[0], name)
        measure_all(bench, arguments[1], runs)
    print(f"{'a release build' if IS_RELEASE else 'with the packaged wolfSSL'}, "
          f"{len(os.sched_getaffinity(0))} cores")
    print_samples(bench)
    in_turns = [samples for (job, place), samples in bench.samples.items()
                if job != POSTURE or place in ("direct", "50 ms", CLOSES, BESIDE)]
    if any(sample.status for samples in in_turns for sample in samples):
        print("\nbench: not every run succeeded, so the figures say nothing", file=sys.stderr)
        return 1
    print_goals(goals(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
