#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check every corpora/*/questions.jsonl against its manual.md and PDF.

usage: check_questions.py [--fill-pages] [FOLDER ...]

Without a FOLDER all folders beside this file that hold a manual.md are checked.
--fill-pages first writes page, page_label and pages, as found in the PDF, into
questions.jsonl. Prints a line for each fault; exit status 1 if there is one.
Needs poppler-utils (pdfinfo, pdftotext).
"""
import collections
import glob
import json
import os
import re
import subprocess
import sys

TYPES = ("how-to", "specification", "table", "troubleshooting", "yes-no", "follow-up", "unanswerable")
KEYS = {"id", "type", "split", "question", "answer", "facts", "gold", "follows", "lead", "absent"}
GOLD_KEYS = {"section", "page", "page_label", "pages"}
MIN_SILENT, MAX_SILENT = 0.15, 0.20


def fold(text):
    return " ".join(text.split())


def squeeze(text):
    return "".join(text.split())


def plain(markdown, titles):
    """The text a reader sees, about."""
    text = re.sub(r"\[\[#([A-Za-z0-9-]+)\]\]", lambda m: "「%s」" % titles.get(m.group(1), ""), markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^\s*(>\s?|:::.*$)", " ", text)
    text = re.sub(r"(?m)^\s*\|[\s:|-]+\|\s*$", " ", text)
    text = text.replace("**", "").replace("|", " ")
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return fold(text)


class Manual:
    def __init__(self, source):
        """sections: [(heading path, id, level, own text)], in the manual's order."""
        with open(source, encoding="utf-8") as file:
            lines = file.read().split("\n")
        end = lines.index("---", 1) if lines[0] == "---" else -1
        self.product = ""
        for line in lines[1:end]:
            if line.startswith("product:"):
                self.product = line.partition(":")[2].strip().strip("\"'")
        raw, trail, titles = [], [], {}
        for line in lines[end + 1:]:
            match = re.match(r"(#{1,3}) (.*?)\s*(?:\{#([A-Za-z0-9-]+)\})?\s*$", line)
            if match:
                level, title = len(match.group(1)), match.group(2)
                name = match.group(3) or "s-%d" % (len(raw) + 1)
                titles[name] = title
                trail = trail[:level - 1] + [title]
                raw.append((" > ".join(trail), name, level, []))
            elif raw:
                raw[-1][3].append(line)
        self.sections = [(path, name, level, path.split(" > ")[-1] + " " + plain("\n".join(body), titles))
                         for path, name, level, body in raw]
        self.by_path = collections.OrderedDict()
        self.repeated = []
        for number, section in enumerate(self.sections):
            if section[0] in self.by_path:
                self.repeated.append(section[0])
            self.by_path[section[0]] = number
        self.text = squeeze(" ".join(section[3] for section in self.sections))


class Pdf:
    def __init__(self, path):
        def tool(*args):
            return subprocess.run(args, stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
        self.dests = {}
        for line in tool("pdfinfo", "-dests", path).split("\n"):
            match = re.match(r'\s*(\d+) \[.*\] "(.*)"$', line)
            if match:
                self.dests[match.group(2)] = int(match.group(1))
        layout = tool("pdftotext", "-layout", "-enc", "UTF-8", path, "-").split("\f")[:-1]
        self.labels = []  # as printed in the footer
        for page in layout:
            words = page.split()
            self.labels.append(words[-1] if words and re.match(r"([0-9]+|[ivxlc]+)$", words[-1]) else "")
        # Three reading orders: a wrapped table cell is whole in one of them.
        texts = [tool("pdftotext", "-enc", "UTF-8", path, "-").split("\f")[:-1],
                 tool("pdftotext", "-raw", "-enc", "UTF-8", path, "-").split("\f")[:-1], layout]
        self.pages = [[squeeze(page) for page in pages] for pages in texts]
        self.count = len(layout)

    def has(self, page, text):
        return any(squeeze(text) in pages[page - 1] for pages in self.pages)

    def has_across(self, page, text):
        """Does text begin on the page and end on the next (footer and header lie between)?"""
        text = squeeze(text)
        for pages in self.pages:
            for cut in range(1, len(text)):
                if text[:cut] in pages[page - 1][-400:] and text[cut:] in pages[page][:400] and cut >= 1:
                    return True
        return False


def fact_pages(pdf, first, last, spellings):
    """The first page from first to last with one of the spellings; [] if none."""
    for page in range(first, last + 1):
        if any(pdf.has(page, spelling) for spelling in spellings):
            return [page]
    for page in range(first, last):
        if any(len(squeeze(spelling)) > 3 and pdf.has_across(page, spelling) for spelling in spellings):
            return [page, page + 1]
    return []


def check(folder, fill):
    faults = []
    name = os.path.basename(os.path.normpath(folder))
    manual = Manual(os.path.join(folder, "manual.md"))
    source = os.path.join(folder, "questions.jsonl")
    if not os.path.exists(source):
        print("%s: no questions.jsonl yet" % name)
        return 0
    pdfs = sorted(glob.glob(os.path.join(folder, "*.pdf")))
    if len(pdfs) != 1:
        print("%s: needs exactly one PDF, has %d" % (name, len(pdfs)))
        return 1
    pdf = Pdf(pdfs[0])

    def fault(where, message):
        faults.append("%s: %s: %s" % (name, where, message))

    for path in manual.repeated:
        fault("manual.md", "heading path stands twice: " + path)
    for path, dest, _, _ in manual.sections:
        if dest not in pdf.dests:
            fault("PDF", "no destination '%s' (%s); is the PDF older than the manual?" % (dest, path))
        elif not pdf.has(pdf.dests[dest], path.split(" > ")[-1]):
            fault("PDF", "page %d lacks the heading '%s'" % (pdf.dests[dest], path))
    if faults:
        print("\n".join(faults))
        return len(faults)

    body = pdf.dests[manual.sections[0][1]]
    for page in range(1, pdf.count + 1):
        if page >= body and pdf.labels[page - 1] != str(page - body + 1):
            fault("PDF", "page %d prints the label '%s', not %d" % (page, pdf.labels[page - 1], page - body + 1))

    items = []
    with open(source, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                fault("line %d" % number, "is empty")
                continue
            try:
                items.append(json.loads(line))
            except ValueError as error:
                fault("line %d" % number, "is not JSON: %s" % error)
    seen, questions = {}, {}
    for item in items:
        where = item.get("id", "?")
        for key in ("id", "type", "split", "question", "answer", "facts", "gold"):
            if key not in item:
                fault(where, "lacks '%s'" % key)
        for key in set(item) - KEYS:
            fault(where, "has an unknown key '%s'" % key)
        kind = item.get("type")
        if where in seen:
            fault(where, "id stands twice")
        if not re.match(re.escape(name) + r"-[0-9]{3}$", where):
            fault(where, "id is not '%s-NNN'" % name)
        if kind not in TYPES:
            fault(where, "unknown type '%s'" % kind)
        if item.get("split") not in ("dev", "test"):
            fault(where, "split is neither dev nor test")
        if kind != "follow-up" and item.get("question") in questions:
            fault(where, "same question as " + questions[item["question"]])
        questions[item.get("question")] = where
        if (kind == "follow-up") != ("follows" in item):
            fault(where, "'follows' and type follow-up go together")
        if "follows" in item:
            before = seen.get(item["follows"])
            if before is None:
                fault(where, "follows '%s', which does not stand before it" % item["follows"])
            elif before.get("split") != item.get("split"):
                fault(where, "is not in the split of the question it follows")
        seen[where] = item
        gold, facts = item.get("gold", []), item.get("facts", [])
        for word in item.get("absent", []):
            if squeeze(word) in manual.text:
                fault(where, "the manual is not silent: it holds '%s'" % word)
        if kind == "unanswerable":
            if gold or facts:
                fault(where, "unanswerable, but has gold or facts")
            continue
        if not gold or not facts:
            fault(where, "has no gold or no facts")
        for entry in gold:
            for key in set(entry) - GOLD_KEYS:
                fault(where, "gold has an unknown key '%s'" % key)
            at = manual.by_path.get(entry.get("section"))
            if at is None:
                fault(where, "no section '%s'" % entry.get("section"))
                continue
            path, dest, _, text = manual.sections[at]
            first = pdf.dests[dest]
            last = pdf.dests[manual.sections[at + 1][1]] if at + 1 < len(manual.sections) else pdf.count
            pages = {first}
            for spellings in facts:
                if not any(fold(spelling) in text for spelling in spellings):
                    fault(where, "section '%s' holds none of %s" % (path, spellings))
                    continue
                found = fact_pages(pdf, first, last, [s for s in spellings if fold(s) in text])
                if not found:
                    fault(where, "pages %d to %d of the PDF hold none of %s" % (first, last, spellings))
                pages.update(found)
            want = {"page": first, "page_label": pdf.labels[first - 1]}
            if len(pages) > 1:
                want["pages"] = sorted(pages)
            if fill:
                for key in ("page", "page_label", "pages"):
                    entry.pop(key, None)
                entry.update(want)
            for key in ("page", "page_label", "pages"):
                if entry.get(key) != want.get(key):
                    fault(where, "%s is %r, the PDF says %r" % (key, entry.get(key), want.get(key)))

    table = collections.Counter((item.get("type"), item.get("split")) for item in items)
    for kind in TYPES:
        dev, test = table[kind, "dev"], table[kind, "test"]
        print("%s: %-16s %3d (dev %d, test %d)" % (name, kind, dev + test, dev, test))
        if not dev or not test:
            fault(kind, "is not in both splits")
        elif kind != "follow-up" and abs(dev - test) > 1:
            fault(kind, "is unevenly split: dev %d, test %d" % (dev, test))
    silent = table["unanswerable", "dev"] + table["unanswerable", "test"]
    if items and not MIN_SILENT <= silent / len(items) <= MAX_SILENT:
        fault("unanswerable", "share %.1f %% is not between 15 %% and 20 %%" % (100 * silent / len(items)))
    if fill:
        with open(source, "w", encoding="utf-8") as file:
            for item in items:
                file.write(json.dumps(item, ensure_ascii=False) + "\n")
    print("%s: %d questions, %d pages, %d faults" % (name, len(items), pdf.count, len(faults)))
    if faults:
        print("\n".join(faults))
    return len(faults)


def main():
    args = sys.argv[1:]
    fill = "--fill-pages" in args
    args = [arg for arg in args if arg != "--fill-pages"]
    if any(arg.startswith("-") for arg in args):
        sys.exit(__doc__.strip())
    here = os.path.dirname(os.path.abspath(__file__))
    folders = args or sorted(os.path.dirname(path) for path in glob.glob(os.path.join(here, "*", "manual.md")))
    if not folders:
        sys.exit("check_questions.py: no manual.md found")
    sys.exit(1 if sum([check(folder, fill) for folder in folders]) else 0)


if __name__ == "__main__":
    main()
