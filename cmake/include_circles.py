#!/usr/bin/env python3
"""Fail where files #include one another in a circle.

usage: include_circles.py [--leave NODE] ROOT FOLDER...

A node is a header with the source of its name (a.h and a.cpp): what either includes, the node does.
Parts of one class in several sources (a_more.cpp) are nodes of their own. Each circle is a line on
standard error, exit status 1. Circles through a node that is left are not looked for.
"""
import argparse
import os
import re
import sys


def nodes_below(root, folders):
    """{node: set of nodes that it includes}, both as paths without ending."""
    includes = {}
    for folder in folders:
        for place, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if not name.endswith((".h", ".cpp")):
                    continue
                path = os.path.join(place, name)
                node = os.path.splitext(os.path.relpath(path, root))[0]
                with open(path, encoding="utf-8") as file:
                    found = re.findall(r'(?m)^#include "([^"]+)\.h"', file.read())
                includes.setdefault(node, set()).update(other for other in found if other != node)
    return {node: {o for o in others if o in includes} for node, others in includes.items()}


def circles(graph):
    """Strongly connected components of more than one node (Tarjan, 1972), without recursion."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for start in sorted(graph):
        if start in index:
            continue
        work = [(start, iter(sorted(graph[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, others = work[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(graph[other]))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = []
                    while True:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                        if part[-1] == node:
                            break
                    if len(part) > 1:
                        found.append(sorted(part))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--leave", action="append", default=[])
    parser.add_argument("root")
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()
    graph = nodes_below(arguments.root, arguments.folders)
    if len(graph) < 50:
        sys.exit("only %d files read: is ROOT right?" % len(graph))
    left = set(arguments.leave)
    found = circles({n: others - left for n, others in graph.items() if n not in left})
    for part in found:
        print("these include one another in a circle: " + ", ".join(part), file=sys.stderr)
    print("%d files, %d circles" % (len(graph), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
