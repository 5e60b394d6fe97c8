#!/usr/bin/env python3
"""How many tests ran, failed and were skipped, from the results that test.sh collected.

  test_summary.py FOLDER

FOLDER holds JUnit files of ctest (ctest-*.xml) and of GoogleTest (any other), and scripts.txt with
lines such as "passed NAME". Fails where a test was skipped that KNOWN_SKIPS does not name, unless
SASEO_MAY_SKIP, a regular expression, matches its name. The last line is
"N passed, N failed, N skipped".
"""
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What may be skipped: patterns of a test's name and of what it printed, and where that is right.
KNOWN_SKIPS = [
    (r"asan/.*OutOfMemory", "", "sanitizers need the whole address space; the release build's runs"),
    (r"release/engine_peer", "wants node 20", "the independent engine wants Node.js 20 or later"),
    (r"real-", "", "the weights, or the engine beside ours, are out of reach"),
    (r"bare-debian", "", "needs root, debootstrap and apt sources of Debian 12"),
]


def results_of_ctest(path):
    build = path.stem.removeprefix("ctest-")
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = case.get("name")
        if re.search(r"\.\d+$", name) and case.get("status") != "fail":
            continue  # A share of a program, whose tests GoogleTest counts itself.
        state = {"run": "passed", "fail": "failed"}.get(case.get("status"), "skipped")
        yield f"{build}/{name}", state, case.findtext("system-out") or ""


def results_of_googletest(path):
    build = path.parent.name
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f'{build}/{case.get("classname")}.{case.get("name")}'
        if case.get("status") == "notrun":
            continue  # Of another share.
        failed = case.find("failure") is not None
        skipped = case.get("result") == "skipped" or case.find("skipped") is not None
        yield name, "failed" if failed else "skipped" if skipped else "passed", ""


def results_of_scripts(path):
    for line in path.read_text().splitlines():
        state, name = line.split(" ", 1)
        yield name, state, ""


def reason_to_skip(name, output):
    """Why the test may be skipped; None where nobody asked for that."""
    for pattern, printed, why in KNOWN_SKIPS:
        if re.match(pattern, name) and re.search(printed, output):
            return why
    asked = os.environ.get("SASEO_MAY_SKIP")
    return "asked for by SASEO_MAY_SKIP" if asked and re.search(asked, name) else None


def main():
    folder = pathlib.Path(sys.argv[1])
    results = []
    for path in sorted(folder.rglob("*.xml")):
        read = results_of_ctest if path.name.startswith("ctest-") else results_of_googletest
        results += read(path)
    if (folder / "scripts.txt").exists():
        results += results_of_scripts(folder / "scripts.txt")
    unasked = 0
    for name, state, output in sorted(results):
        if state == "skipped":
            reason = reason_to_skip(name, output)
            unasked += reason is None
            print(f"skipped: {name} ({reason or 'nobody asked for that: its log says why'})")
        if state == "failed":
            print(f"failed: {name}")
    states = [state for _, state, _ in results]
    passed, failed, skipped = (states.count(s) for s in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    if not results or failed or unasked:
        sys.exit(1)

main()
