#!/usr/bin/python3
"""The engine beside another CPU engine on the same model file, in turns.

  bench/peer.py MODEL... --peer PATH/llama-bench --peer-args "-fa 1 -rtr 0" --peer-args "-fa 1 -rtr 1"
                [--peer-batched PATH/llama-batched-bench] [--rounds 5] [--threads 2]
                [--tests prefill512,decode64] [--json FILE] [--markdown FILE]

Every test of every round runs ours, then the peer in each variant of its arguments, each in a
process of its own with one repetition. A round gives one ratio, ours to the peer's, of figures
seconds apart; what is printed is their median and range. Of several variants that counts whose
median is best for that test. Without --peer only our figures are printed.

What the tests compare:
  prefillN      N random tokens into an empty context; of the last one the logits
  decode64      64 tokens one by one from an empty context, each with logits
  decode64@1536 the same after 1536 tokens, which are not timed
  verifyK@512   batches of K tokens with logits for all after 512 tokens, times those of one token;
                the peer's: K sequences that share those 512 tokens and take a step each
                (llama-batched-bench -pps). With llama-bench alone: a prompt of K tokens in an empty
                context, logits of the last only, against a step there: that flatters the peer.
  memory        peak memory of a process that reads 512 tokens and writes 64
"""
import argparse
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

SIZES = [1, 2, 4, 8, 16, 32]
TESTS = ["prefill512", "prefill1536", "decode64", "decode64@1536", "verify", "memory"]
RUNS = {  # Of engine_bench.
    "prefill512": "prefill:512",
    "prefill1536": "prefill:1536",
    "decode64": "decode:64@0",
    "decode64@1536": "decode:64@1536",
    "verify": "verify:" + ",".join(map(str, SIZES)) + "@512",
    "memory": "memory:512+64",
}
SERIES = {
    "prefill512": "prefill 512",
    "prefill1536": "prefill 1536",
    "decode64": "decode 64 at 0",
    "decode64@1536": "decode 64 at 1536",
    "memory": "peak memory 512 + 64",
}
BENCH_ARGUMENTS = {  # Of llama-bench.
    "prefill512": ["-p", "512", "-n", "0"],
    "prefill1536": ["-p", "1536", "-n", "0"],
    "decode64": ["-p", "0", "-n", "64"],
    "decode64@1536": ["-p", "0", "-n", "0", "-gp", "1536,64"],
    "verify": ["-p", ",".join(map(str, SIZES[1:])), "-n", "1"],
    "memory": ["-p", "512", "-n", "64"],
}
UNITS = {"verify": ": 1", "memory": "GiB"}


class Failed(Exception):
    pass


def run(command):
    """Standard output and the peak memory in bytes of a process that must succeed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            tail = errors.read().decode(errors="replace")[-2000:]
            raise Failed(f"{shlex.join(command)}: exit status {process.returncode}\n{tail}")
        return out.read().decode(errors="replace"), usage.ru_maxrss * 1024


def ours(options, model, test):
    """Figures by name, and the median figures that have no counterpart."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.json")
        command = [options.engine_bench, model, "--run", RUNS[test], "--repeat", "1",
                   "--threads", str(options.threads), "--json", path]
        run(command + shlex.split(options.engine_args))
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    series = {one["name"]: one["median"] for one in report["series"]}
    if test == "verify":
        values = {f"verify{k}@512": series[f"verify {k} at 512, beside one"] for k in SIZES[1:]}
    else:
        values = {test: series[SERIES[test]]}
    beside = {name: value for name, value in series.items() if "share" in name or "memory" in name
              and test != "memory"}
    return values, beside, report["machine"]


def of_llama_bench(options, model, test, variant):
    command = [options.peer, "-m", model, "-t", str(options.threads), "-r", "1", "-o", "json"]
    output, memory = run(command + BENCH_ARGUMENTS[test] + shlex.split(variant))
    if test == "memory":
        return {test: memory / 2**30}
    tests = json.loads(output[output.index("["):])
    if test != "verify":
        return {test: tests[-1]["avg_ts"]}
    seconds = {(one["n_prompt"], one["n_gen"]): one["avg_ns"] / 1e9 for one in tests}
    return {f"verify{k}@512": seconds[k, 0] / seconds[0, 1] for k in SIZES[1:]}


def of_batched_bench(options, model, variant):
    # "-rtr 1" of llama-bench is a flag here.
    arguments = re.sub(r"-rtr (\d)", lambda m: "-rtr" if m[1] == "1" else "", variant)
    steps = 16
    command = [options.peer_batched, "-m", model, "-t", str(options.threads), "-c", "2048",
               "-b", "2048", "-ub", "512", "-npp", "512", "-ntg", str(steps),
               "-npl", ",".join(map(str, SIZES)), "-pps"]
    output, _ = run(command + shlex.split(arguments))
    seconds = {}
    for line in output.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 7 and cells[0] == "512":
            seconds[int(cells[2])] = float(cells[6]) / steps
    if any(k not in seconds for k in SIZES):
        raise Failed(f"{shlex.join(command)}: no table of batches\n{output[-2000:]}")
    return {f"verify{k}@512": seconds[k] / seconds[1] for k in SIZES[1:]}


def peer(options, model, test, variant):
    if test == "verify" and options.peer_batched:
        return of_batched_bench(options, model, variant)
    return of_llama_bench(options, model, test, variant)


def lower_is_better(name):
    return name == "memory" or name.startswith("verify")


def spread(values):
    if not values:
        return None
    return {"median": statistics.median(values), "min": min(values), "max": max(values),
            "values": values}


def compare(options, model):
    """{"model", "machine", "rows": [...]} after all rounds."""
    tests = options.tests.split(",")
    figures = {}  # (name, who) -> a value a round
    beside = {}
    machine = {}
    for turn in range(options.rounds):
        for test in tests:
            started = time.time()
            values, more, machine = ours(options, model, test)
            for name, value in values.items():
                figures.setdefault((name, "ours"), []).append(value)
            for name, value in more.items():
                beside.setdefault(name, []).append(value)
            for variant in options.peer_args if options.peer else []:
                for name, value in peer(options, model, test, variant).items():
                    figures.setdefault((name, variant), []).append(value)
            print(f"{os.path.basename(model)} round {turn + 1}/{options.rounds} {test}: "
                  f"{time.time() - started:.0f} s", file=sys.stderr)
    rows = []
    for name in [name for name, who in figures if who == "ours"]:
        own = figures[name, "ours"]
        row = {"test": name, "unit": UNITS.get(re.sub(r"\d.*", "", name), "tokens/s"),
               "ours": spread(own)}
        if options.peer:
            best = min if lower_is_better(name) else max
            variant = best(options.peer_args,
                           key=lambda one: statistics.median(figures[name, one]))
            theirs = figures[name, variant]
            row.update(peer=spread(theirs), variant=variant,
                       variants={one: spread(figures[name, one]) for one in options.peer_args},
                       ratio=spread([a / b for a, b in zip(own, theirs)]))
        rows.append(row)
    return {"model": os.path.basename(model), "machine": machine, "rows": rows,
            "beside": {name: spread(values) for name, values in beside.items()}}


def cell(values, digits=1):
    if values is None:
        return "-"
    if values["min"] == values["max"]:
        return f"{values['median']:.{digits}f}"
    return f"{values['median']:.{digits}f} ({values['min']:.{digits}f}-{values['max']:.{digits}f})"


def markdown(results, options):
    lines = [f"{options.rounds} rounds in turns, {options.threads} threads; median "
             "(smallest-largest). Ratios are those of a round; for verify and memory less is better.",
             "", "| model | test | ours | peer | ratio | peer's arguments |",
             "|---|---|---|---|---|---|"]
    for result in results:
        for row in result["rows"]:
            digits = 2 if lower_is_better(row["test"]) else 1
            lines.append(f"| {result['model']} | {row['test']} ({row['unit']}) "
                         f"| {cell(row['ours'], digits)} | {cell(row.get('peer'), digits)} "
                         f"| {cell(row.get('ratio'), 2)} | {row.get('variant', '-')} |")
    lines += ["", "| model | ours, beside the machine | |", "|---|---|---|"]
    for result in results:
        lines += [f"| {result['model']} | {name} | {cell(values)} |"
                  for name, values in result["beside"].items()]
    machine = results[0]["machine"]
    lines += ["", f"{machine.get('processor')}, kernels {machine.get('kernels')}."]
    return "\n".join(lines) + "\n"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--engine-bench",
                        default=os.path.join(here, "../build/release/bin/engine_bench"))
    parser.add_argument("--engine-args", default="", help="more arguments of engine_bench")
    parser.add_argument("--peer", help="a llama-bench")
    parser.add_argument("--peer-args", action="append", help="a variant; repeatable")
    parser.add_argument("--peer-batched", help="a llama-batched-bench, for verify")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--tests", default=",".join(TESTS))
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    options = parser.parse_args()
    options.peer_args = options.peer_args or [""]
    unknown = set(options.tests.split(",")) - set(TESTS)
    if unknown or options.rounds < 1:
        parser.error(f"--tests takes {', '.join(TESTS)}; --rounds at least 1")
    try:
        results = [compare(options, model) for model in options.models]
    except (Failed, OSError) as error:
        sys.exit(f"peer.py: {error}")
    text = markdown(results, options)
    print(text, end="")
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"rounds": options.rounds, "threads": options.threads, "results": results},
                      file, indent=2)


if __name__ == "__main__":
    main()
