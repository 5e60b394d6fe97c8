#!/usr/bin/env python3
"""How many tests ran, failed and were skipped, from the results that test.sh collected.

  test_summary.py FOLDER

FOLDER holds JUnit files of ctest (ctest-*.xml) and of GoogleTest (any other), and scripts.txt with
lines such as "passed NAME". Fails where a test was
skipped that KNOWN_SKIPS does not name, unless SASEO_MAY_SKIP, a regular expression, matches it.
The last line is "N passed, N failed, N skipped".
"""
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What may be skipped, and where that is right.
KNOWN_SKIPS = {
    r"asan/.*OutOfMemory": "sanitizers need the whole address space; the release build's runs",
    r"release/engine_peer": "the independent engine wants Node.js 20 or later; Debian 12 has 18",
    r"^real-weights$": "the packages that carry them are out of reach",
    r"^bare-debian$": "needs root, debootstrap and apt sources of Debian 12",
}


def results_of_ctest(path):
    build = path.stem.removeprefix("ctest-")
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = case.get("name")
        if re.search(r"\.\d+$", name) and case.get("status") != "fail":
            continue  # A share of a program, whose tests GoogleTest counts itself.
        state = "passed" if case.get("status") == "run" else "skipped"
        yield f"{build}/{name}", "failed" if case.get("status") == "fail" else state


def results_of_googletest(path):
    build = path.parent.name
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f'{build}/{case.get("classname")}.{case.get("name")}'
        if case.get("status") == "notrun":
            continue  # Of another share.
        failed = case.find("failure") is not None
        skipped = case.get("result") == "skipped" or case.find("skipped") is not None
        yield name, "failed" if failed else "skipped" if skipped else "passed"


def main():
    results = []
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.xml")):
        read = results_of_ctest if path.name.startswith("ctest-") else results_of_googletest
        results += read(path)
    scripts = pathlib.Path(sys.argv[1], "scripts.txt")
    for line in scripts.read_text().splitlines() if scripts.exists() else []:
        state, name = line.split(" ", 1)
        results.append((name, state))
    count = {state: sum(s == state for _, s in results) for state in ("passed", "failed", "skipped")}
    asked = os.environ.get("SASEO_MAY_SKIP")
    unknown = []
    for name in sorted(n for n, state in results if state == "skipped"):
        reason = next((why for pattern, why in KNOWN_SKIPS.items() if re.search(pattern, name)), None)
        if reason is None and asked and re.search(asked, name):
            reason = "asked for by SASEO_MAY_SKIP"
        if reason is None:
            unknown.append(name)
        print(f"skipped: {name} ({reason or 'nobody asked for that: its log says why'})")
    for name in sorted(n for n, state in results if state == "failed"):
        print(f"failed: {name}")
    print(f'{count["passed"]} passed, {count["failed"]} failed, {count["skipped"]} skipped')
    if count["passed"] == 0 or count["failed"] or unknown:
        sys.exit(1)


main()
