#!/usr/bin/env python3
"""clang-tidy's short list (.clang-tidy) on every source that is part of a program.

  lint.py BUILD OTHER

BUILD is a build folder whose compiler is clang and whose sources are compiled together: headers are
then read once for dozens of sources. OTHER has the kernels that BUILD leaves out. A good result is
kept outside the checkout, under a hash of everything that it depends on (preprocessed text with
comments, command, configuration, version), so that only what changed is looked at again.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Sources that are compiled together are included by another, which is meant here.
NOT_MEANT = "--checks=-bugprone-suspicious-include"


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = pathlib.Path(base) / "saseo" / "lint"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_of_a_program(source, build):
    """Whether the source belongs to a stage, not to tests or benchmarks."""
    folder = build if source.startswith(f"{build}/") else ROOT
    place = os.path.relpath(source, folder)
    return not re.match(r"(tests|bench)/", place)


def without_root(text, build):
    """The same text wherever the checkout lies."""
    return text.replace(str(build).encode(), b"BUILD").replace(str(ROOT).encode(), b"ROOT")


def key_of(command, build, settled):
    arguments = shlex.split(command["command"])
    # The compiler, after a launcher such as ccache, may be g++; no object file is wanted.
    arguments[:arguments.index(next(a for a in arguments if a.startswith("-")))] = ["clang++"]
    out = arguments.index("-o")
    del arguments[out:out + 2]
    arguments.remove("-c")
    text = subprocess.run([*arguments, "-E", "-C"], cwd=command["directory"], capture_output=True, check=True)
    parts = [settled, without_root(" ".join(arguments).encode(), build), without_root(text.stdout, build)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def check(command, build, settled, cache):
    """Returns what clang-tidy found, or None where all is well."""
    source = command["file"]
    mark = cache / key_of(command, build, settled)
    if mark.exists():
        mark.touch()
        return None
    run = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", NOT_MEANT, source],
                         capture_output=True, text=True)
    if run.returncode == 0:
        mark.write_text(source + "\n")
        return None
    lines = run.stdout.splitlines() + run.stderr.splitlines()
    found = [i for i, line in enumerate(lines) if re.search(r"(error|warning): ", line)]
    shown = [line for i in found for line in lines[i:i + 4]]
    return "\n".join(shown or lines[-100:])


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    commands = json.loads((build / "compile_commands.json").read_text())
    commands = [c for c in commands if is_of_a_program(c["file"], build)]
    unique = {c["file"]: (c, build) for c in commands}
    other = pathlib.Path(sys.argv[2]).resolve()
    for command in json.loads((other / "compile_commands.json").read_text()):
        if "/engine/kernels/matmul_" in command["file"]:
            unique.setdefault(command["file"], (command, other))
    if len(unique) < 20:
        sys.exit(f"only {len(unique)} sources in {build}/compile_commands.json")
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    settled = b"\0".join([version, (ROOT / ".clang-tidy").read_bytes(), NOT_MEANT.encode(),
                          pathlib.Path(__file__).read_bytes()])
    cache = cache_folder()
    before = len(list(cache.iterdir()))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda c: check(*c, settled, cache), unique.values())
        findings = [finding for finding in results if finding]
    if findings:
        sys.exit("\n".join(findings))
    looked = len(list(cache.iterdir())) - before
    # The oldest results go: a few hundred are a few changes of everything.
    for old in sorted(cache.iterdir(), key=lambda mark: mark.stat().st_mtime)[:-600]:
        old.unlink()
    print(f"clang-tidy: {len(unique)} compilations, {looked} of them looked at anew")


main()
