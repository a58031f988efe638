# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py [-j N] [PATTERN...]: whether the tests notice when the source is made wrong.

Each file *.txt here is a list of mutants. One is a paragraph:

    [one second past the end is still valid]
    file: path_rules.c
    old:  return at > cert->not_after;
    new:  return at > cert->not_after + 1;
    test: unit path_test

`file` is the name of a source, with its room where two have it ("checks/tls.c"), and `old` stands
in it exactly once, whatever the indentation; with several lines (`old:` and `new:` each again) the
text spans lines. `new:` with nothing takes it out. `test` is "unit NAME", in whatever room, or "e2e
FILE" with options of pytest; with several, one that goes red is enough. Each test must be green
before.

Mutants are made in copies of the tree (build/mutants), one for each job. The last line has the
totals; the exit status is 0 when at least 95 of 100 were killed and every row could be tried.
"""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import queue
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = ROOT / "build" / "mutants"
MAKE = ["make", "-s", "CFLAGS=-O1 -g"]
PATIENCE = {"unit": 60, "e2e": 300}  # seconds
MEMORY = 4 << 30  # bytes that a unit test may have: a mutant may not know an end
WANTED = 0.95
FIELDS = {"file", "old", "new", "test"}


class Mutant:
    """A row: where it was written, what it does to which source, and who should notice."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.lines = {field: [] for field in FIELDS}

    def __str__(self):
        return f"{self.lines['file'][0]}: {self.name}"

    @property
    def tests(self):
        return self.lines["test"]

    def source(self, tree):
        found = sorted((tree / "src").glob(f"**/{self.lines['file'][0]}"))
        found += sorted((tree / "include").glob(f"**/{self.lines['file'][0]}"))
        if len(found) != 1:
            raise Unfit(f"{len(found)} sources of that name")
        return found[0]

    def apply(self, text):
        pattern = r"\n[ \t]*".join(re.escape(line) for line in self.lines["old"])
        matches = list(re.finditer(pattern, text))
        if len(matches) != 1:
            raise Unfit(f"the old text stands there {len(matches)} times")
        begin, end = matches[0].span()
        return text[:begin] + "\n".join(self.lines["new"]) + text[end:]


class Unfit(Exception):
    """A row that cannot be tried."""


def read_table(path):
    mutants = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        place = f"{path.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            mutants.append(Mutant(place, line.strip("[]")))
            continue
        field, colon, value = line.partition(":")
        if field not in FIELDS or not colon or not mutants:
            sys.exit(f"{place}: not a field: {line}")
        mutants[-1].lines[field].append(value.strip())
    for mutant in mutants:
        if not all(mutant.lines.values()) or len(mutant.lines["file"]) != 1:
            sys.exit(f"{mutant.place}: a mutant has one file, and at least one old, new and test")
    return mutants


def sources():
    """Names of all files of the tree that are not made."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                             check=True, capture_output=True, text=True).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def update(tree):
    """Brings the copy up to date; what has not changed keeps its age, for make."""
    wanted = set(sources())
    for name in wanted:
        copy = tree / name
        content = (ROOT / name).read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
            os.utime(copy)
    for path in tree.rglob("*"):
        name = path.relative_to(tree).as_posix()
        if path.is_file() and name not in wanted and not name.startswith("build/"):
            path.unlink()


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(command, tree, patience, limit=None):
    """(whether it went well, what it said); one that hangs did not."""
    environment = {**os.environ, "GATE": "build/starttls-gate"}
    process = subprocess.Popen(command, cwd=tree, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True, preexec_fn=limit)
    try:
        output, _ = process.communicate(timeout=patience)
        return process.returncode == 0, output
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # pytest stops its servers
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return False, "it hangs"


def target_of(tree, test):
    """What make builds for a test."""
    kind, name, *_ = shlex.split(test)
    if kind == "e2e":
        return "e2e-programs"
    found = list((tree / "tests" / "unit").glob(f"**/{name}.c"))
    if kind != "unit" or len(found) != 1:
        raise Unfit(f"there is no test {test}")
    return f"build/{found[0].relative_to(tree).with_suffix('')}"


def build(tree, test):
    good, output = run([*MAKE, target_of(tree, test)], tree, 600)
    if not good:
        raise Unfit(f"it does not build: {output[-400:]}")


def passes(tree, test):
    build(tree, test)
    kind, name, *options = shlex.split(test)
    if kind == "unit":
        return run([target_of(tree, test)], tree, PATIENCE[kind], limit_memory)[0]
    return run([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                f"tests/e2e/{name}", *options], tree, PATIENCE[kind])[0]


def try_mutant(tree, mutant):
    """The test that noticed, or None."""
    source = mutant.source(tree)
    original = source.read_text()
    try:
        source.write_text(mutant.apply(original))
        return next((test for test in mutant.tests if not passes(tree, test)), None)
    finally:
        source.write_text(original)


def verdict_on(tree, mutant, red):
    """(verdict, remark)"""
    try:
        if red & set(mutant.tests):
            raise Unfit(f"red without it: {', '.join(red & set(mutant.tests))}")
        noticed = try_mutant(tree, mutant)
    except Unfit as unfit:
        return "unfit", f"{mutant.place}: {unfit}"
    return ("killed", noticed) if noticed else ("SURVIVED", mutant.place)


def is_red(tree, test):
    try:
        return not passes(tree, test)
    except Unfit as unfit:
        print(f"  {test}: {unfit}", flush=True)
        return True


def in_trees(trees, work, items):
    """Gives (item, work(tree, item)) as they come, each in a tree of its own."""
    free = queue.Queue()
    for tree in trees:
        free.put(tree)

    def one(item):
        tree = free.get()
        try:
            return item, work(tree, item)
        finally:
            free.put(tree)

    with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
        for done in concurrent.futures.as_completed([pool.submit(one, item) for item in items]):
            yield done.result()


def prepare(jobs):
    """The copies of the tree, built."""
    trees = [SCRATCH / str(number) for number in range(jobs)]
    for tree in trees:
        if tree != trees[0] and not tree.exists():
            shutil.copytree(trees[0], tree)  # with the objects, which keep their age
        tree.mkdir(parents=True, exist_ok=True)
        update(tree)
        good, output = run([*MAKE, f"-j{jobs}", "all"], tree, 1200)
        if not good:
            sys.exit(f"the tree does not build:\n{output}")
    return trees


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-j", type=int, default=2, metavar="N", help="jobs (2)")
    parser.add_argument("pattern", nargs="*", help="only mutants with this in their name or file")
    return parser.parse_args()


def main():
    options = arguments()
    mutants = [mutant for table in sorted(pathlib.Path(__file__).parent.glob("*.txt"))
               for mutant in read_table(table)
               if not options.pattern or any(p in str(mutant) for p in options.pattern)]
    trees = prepare(options.j)
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    print(f"{len(mutants)} mutants, {len(tests)} tests", flush=True)
    red = {test for test, is_bad in in_trees(trees, is_red, tests) if is_bad}
    counts = dict.fromkeys(("killed", "SURVIVED", "unfit"), 0)
    for mutant, (verdict, remark) in in_trees(
            trees, lambda tree, each: verdict_on(tree, each, red), mutants):
        counts[verdict] += 1
        print(f"  {verdict:8}  {mutant}  ({remark})", flush=True)
    print(f"{counts['killed']} of {len(mutants)} mutants killed, {counts['SURVIVED']} survived, "
          f"{counts['unfit']} could not be tried")
    return 0 if counts["unfit"] == 0 and counts["killed"] >= WANTED * len(mutants) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
