# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gate costs with very many servers and very large reports.

usage: fleet.py MEASURE MAIL_SERVER

MEASURE and MAIL_SERVER are the compiled measure.c and mail_server.c; the servers share the cores
with the gate. Each has an address of its own in 127.0.0.0/8, and all have the same intermediate.
"""

import json
import subprocess
import sys

from measuring import Bench, Row, bench_directory, gate_command, gate_module, print_goals

import checklists  # noqa: I001 (found through measuring)
from servers import forwarder, knot
from servers.certificates import Authority

RUNS = 3
ROUND_TRIP_MS = 50
# What s_client looks at too: the dialogue up to TLS and the certificate.
ASSERTIONS = [row for row in checklists.DIALOGUE if not row["assert"].startswith("auth.")]
# So many targets with so many assertions of a server that is not there.
CASES = (1000, 100)
# So many domains with so many mail servers, of one signed zone.
DOMAINS = (100, 4)
ROWS_OF_DOMAINS = ["dns.mx", "dns.secure", "dns.addresses", "starttls.advertised"]


class Fleet:
    """Mail servers at that many ports of every address; as a context manager it gives the ports."""

    def __init__(self, mail_server, identity, round_trip_ms, ports=1):
        self.command = [mail_server, identity.chain, identity.key, str(round_trip_ms), str(ports)]
        self.ports = ports

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        return [int(self.process.stdout.readline()) for _ in range(self.ports)]

    def __exit__(self, *_):
        self.process.communicate()


def address(number):
    return f"127.{1 + number // 65025}.{number // 255 % 255}.{1 + number % 255}"


def fleet_checklist(bench, ca_file, count, port):
    return bench.write(f"fleet-{count}.json", json.dumps({
        "trust": {"system": False, "ca_file": str(ca_file)},
        "limits": {"deadline": "10m"},
        "target_defaults": {"port": port},
        "targets": [{"name": f"mx{n}", "host": gate_module.HOST, "address": address(n)}
                    for n in range(count)],
        "assertions": ASSERTIONS}))


def cases_checklist(bench):
    targets, assertions = CASES
    return bench.write("cases.json", json.dumps({
        "limits": {"deadline": "10m"},
        "targets": [{"name": f"mx{n}", "host": address(n), "port": 1} for n in range(targets)],
        "assertions": [{"assert": "connection.established", "id": f"assertion-{n}"}
                       for n in range(assertions)]}))


def run_fleet(bench, authority, mail_server):
    identity = authority.issue("server", [gate_module.HOST])
    root = authority.issuer.certificate
    for count, round_trip_ms, place in ((1000, ROUND_TRIP_MS, "50 ms"), (1000, 0, "direct"),
                                        (10000, 0, "direct")):
        with Fleet(mail_server, identity, round_trip_ms) as (port,):
            path = fleet_checklist(bench, root, count, port)
            for _ in range(RUNS if count == 1000 else 1):
                bench.sample(f"{count} targets", place, gate_command(
                    path, "-q", "--junit", bench.directory / "report.xml"))


def run_cases(bench):
    path = cases_checklist(bench)
    for _ in range(RUNS):
        bench.sample("cases", "no report", gate_command(path, "-q"))
        for form in ("junit", "json"):
            bench.sample("cases", form, gate_command(
                path, "-q", "--report", f"{form}={bench.directory / 'report'}"))


def zone_of_domains():
    domains, servers = DOMAINS
    for domain in range(domains):
        for server in range(servers):
            host = f"mx{server}.d{domain}"
            yield f"d{domain} MX 10 {host}\n{host} A {address(domain * servers + server)}\n"


def run_domains(bench, authority, mail_server):
    """Look-ups are counted in a run of its own, by a resolver that passes them on slowly."""
    identity = authority.issue("domains", [gate_module.HOST])
    zones = {"example.test": ("".join(zone_of_domains()), True)}
    with (Fleet(mail_server, identity, 0) as (port,),
          knot.knot(bench.directory / "knot", zones) as zone,
          forwarder.forwarder(zone.port, forwarder.truth, forwarder.truth) as counting):
        path = bench.write("domains.json", json.dumps({
            "trust": {"system": False, "ca_file": str(authority.issuer.certificate)},
            "dns": {"resolver": "${resolver}", "trust_anchor": str(zone.anchor)},
            "targets": [{"mx": f"d{n}.example.test", "port": port} for n in range(DOMAINS[0])],
            "assertions": [{"assert": row} for row in ROWS_OF_DOMAINS]}))
        for _ in range(RUNS):
            bench.sample("domains", "direct", gate_command(
                path, "-q", "--var", f"resolver={zone.resolver}", "--junit",
                bench.directory / "report.xml"))
        bench.sample("domains", "counted", gate_command(
            path, "-q", "--var", f"resolver={counting.resolver}"))
        bench.look_ups = len(counting.questions)


def goals(bench):
    job, place = "1000 targets", "50 ms"
    yield Row("1,000 targets, 50 ms: wall, s", bench.seconds(job, place), 3.5, 3)
    yield Row("1,000 targets, 50 ms: CPU, s", bench.median(job, place, "cpu_ms") / 1000, 1.8, 1)
    yield Row("1,000 targets, 50 ms: memory, MiB", bench.median(job, place, "rss_mib"), 60, 40)
    job, place = "10000 targets", "direct"
    yield Row("10,000 targets, direct: wall, s", bench.seconds(job, place), 20, 15)
    yield Row("10,000 targets, direct: CPU, s", bench.median(job, place, "cpu_ms") / 1000)
    yield Row("10,000 targets, direct: memory, MiB", bench.median(job, place, "rss_mib"), 150, 130)
    yield Row("10,000 / 10 x 1,000 targets, CPU",
              bench.ratio(job, "1000 targets", place, "cpu_ms") / 10, 1.1, 1.1, 1)
    yield Row("100 domains of 4 servers: look-ups", bench.look_ups)
    yield Row("100 domains of 4 servers: wall, s", bench.seconds("domains", "direct"))
    yield Row("100 domains of 4 servers: CPU, s",
              bench.median("domains", "direct", "cpu_ms") / 1000)
    yield Row("100 domains of 4 servers: memory, MiB",
              bench.median("domains", "direct", "rss_mib"))
    for form in ("junit", "json"):
        yield Row(f"100,000 cases, {form}: wall, s", bench.seconds("cases", form), 1.5)
        yield Row(f"100,000 cases, {form}: memory, MiB",
                  bench.median("cases", form, "rss_mib"), 150)
    yield Row("100,000 cases without a report: memory, MiB",
              bench.median("cases", "no report", "rss_mib"))


def main(arguments):
    with bench_directory() as name:
        bench = Bench(arguments[0], name)
        root = Authority(bench.directory / "root", "Bench Root")
        run_fleet(bench, Authority(bench.directory / "authority", "Bench CA", issuer=root),
                  arguments[1])
        run_domains(bench, Authority(bench.directory / "domains", "Bench CA", issuer=root),
                    arguments[1])
        run_cases(bench)
    wrong = {key: samples for key, samples in bench.samples.items()
             if any(sample.status != (key[0] == "cases") for sample in samples)}
    if wrong:
        print(f"\nfleet: not every run ended as it should: {wrong}", file=sys.stderr)
        return 1
    print_goals(goals(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
