#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Convert a question set on the sections of one manual into questions.jsonl and Markdown to ingest.

usage: emqap.py QUESTIONS.jsonl SECTIONS OUTPUT [--title TITLE] [--split NAME] [--separate]

The form is that of the EMQAP data (questions on e-manuals with long answers):

  QUESTIONS.jsonl  an object a line: id, question, answer, type, gold_section_id and, where other
                   sections have the same text, gold_alt (an array of section ids)
  SECTIONS         a folder with <section id>.md: a line "# heading", then the text

Written into OUTPUT, which is made:

  manual/*.md      to ingest: one manual with a chapter for each section, in the order of the
                   numbers in the ids; a heading that was there before gets " (2)", " (3)", ...
                   With --separate a file for each section instead.
  questions.jsonl  in the form of corpora/README.md and docs/question-sets.md; gold_alt become
                   further gold sections; page numbers are left out, as Markdown has no pages

Each fault is a line on standard error with file, line and field; exit status 1 if there is one.
"""
import argparse
import json
import os
import re
import sys

faults = []


def fault(place, text):
    faults.append("%s: %s" % (place, text))


def number_of(name):
    """Section ids in the order of their numbers: section_2 before section_10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def read_sections(folder):
    """{id: (heading, text)} in the manual's order."""
    sections = {}
    names = sorted((name for name in os.listdir(folder) if name.endswith(".md")), key=number_of)
    for name in names:
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            heading, _, text = file.read().partition("\n")
        if not heading.startswith("# ") or not heading[2:].strip():
            fault(path + ":1", "expected \"# heading\", found %r" % heading[:60])
            continue
        # " > " parts the headings of a path.
        sections[name[:-3]] = (" ".join(heading[2:].replace(" > ", " - ").split()), text.strip())
    if not sections:
        fault(folder, "no *.md in it")
    return sections


def plain(text):
    """The text without headings, lists and quotes of its own: a line's first sign is text here."""
    return re.sub(r"(?m)^(\s*)([-+*#>|=~`])", r"\1\\\2", text)


def write_manual(sections, folder, title, separate):
    """Writes the Markdown; {id: gold section} of each."""
    os.makedirs(folder, exist_ok=True)
    places, seen, parts = {}, {}, []
    for name, (heading, text) in sections.items():
        if separate:
            places[name] = {"document": name + ".md"}
            with open(os.path.join(folder, name + ".md"), "w", encoding="utf-8") as file:
                file.write("# %s\n\n%s\n" % (heading, plain(text)))
            continue
        seen[heading] = seen.get(heading, 0) + 1
        unique = heading if seen[heading] == 1 else "%s (%d)" % (heading, seen[heading])
        places[name] = {"section": unique}
        parts.append("# %s\n\n%s\n" % (unique, plain(text)))
    if not separate:
        with open(os.path.join(folder, "manual.md"), "w", encoding="utf-8") as file:
            file.write("---\ntitle: \"%s\"\nproduct: \"%s\"\nlanguage: en\n---\n\n%s" % (title, title, "\n".join(parts)))
    return places


def text_field(row, key, place):
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        fault("%s, \"%s\"" % (place, key), "expected text, found %r" % (value,))
        return ""
    return " ".join(value.split())


def convert(row, place, places, split):
    question = {key: text_field(row, key, place) for key in ("id", "question", "answer")}
    ids = [row.get("gold_section_id")] + list(row.get("gold_alt") or [])
    gold = []
    for name in ids:
        if name in places:
            if places[name] not in gold:
                gold.append(places[name])
        else:
            fault("%s, \"gold_section_id\"" % place, "no section %r" % (name,))
    return {"id": question["id"], "type": str(row.get("type") or ""), "split": split, "language": "en",
            "question": question["question"], "answer": question["answer"], "facts": [], "gold": gold}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("questions")
    parser.add_argument("sections")
    parser.add_argument("output")
    parser.add_argument("--title", default="Manual")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--separate", action="store_true")
    args = parser.parse_args()
    sections = read_sections(args.sections)
    places = write_manual(sections, os.path.join(args.output, "manual"), args.title, args.separate)
    rows = []
    with open(args.questions, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            place = "%s:%d" % (args.questions, number)
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                fault(place, "no JSON: %s" % error)
                continue
            if not isinstance(row, dict):
                fault(place, "expected an object")
                continue
            rows.append(convert(row, place, places, args.split))
    if faults:
        sys.exit("\n".join(faults))
    with open(os.path.join(args.output, "questions.jsonl"), "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print("%d questions, %d sections" % (len(rows), len(sections)))


if __name__ == "__main__":
    main()
