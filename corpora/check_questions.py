#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check every corpora/*/questions.jsonl against its manual.md and PDF.

usage: check_questions.py [--fill-pages] [FOLDER ...]

Without a FOLDER all folders beside this file that hold a manual.md or a questions.jsonl
are checked. A manual that names another in its front matter ("translation-of") must have
the same sections, of the same form. The questions of a folder without a manual name the
manual in "document"; their answers must stand in that edition alone.
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
NOTICES = ({"위험", "Danger"}, {"경고", "Warning"}, {"주의", "Caution"}, {"참고", "Note"}, {"알림", "Notice"})
HANGUL = re.compile("[\uac00-\ud7a3]")
MIN_SILENT, MAX_SILENT = 0.15, 0.20


def fold(text):
    return " ".join(text.split())


def squeeze(text):
    return "".join(text.split())


def plain(markdown, titles, quotes):
    """The text a reader sees, about."""
    text = re.sub(r"\[\[#([A-Za-z0-9-]+)\]\]", lambda m: titles.get(m.group(1), "").join(quotes), markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^\s*(>\s?|:::.*$)", " ", text)
    text = re.sub(r"(?m)^\s*\|[\s:|-]+\|\s*$", " ", text)
    text = text.replace("**", "").replace("|", " ")
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return fold(text)


def form(lines):
    """The kinds of a section's blocks in order: what an edition in another language shares."""
    kinds = []
    for line in lines:
        line = line.strip()
        if not line:
            continue
        word = re.match(r"> \*\*(.+?)\*\*", line)
        if word:
            kinds.append("notice %s" % [at for at, words in enumerate(NOTICES) if word.group(1) in words])
        elif line.startswith("|"):
            kinds.append("row of %d" % len(re.findall(r"(?<!\\)\|", line)))
        elif re.match(r"[0-9]+\. ", line):
            kinds.append("step")
        elif line.startswith("- "):
            kinds.append("bullet")
        elif line.startswith("!["):
            kinds.append("figure " + line[line.rfind("("):])
        elif re.match("(표|Table):", line):
            kinds.append("caption")
        else:
            kinds.append(line if line.startswith(":::") else "text")
    return kinds


class Manual:
    def __init__(self, source):
        """sections: [(heading path, id, level, own text)], in the manual's order."""
        with open(source, encoding="utf-8") as file:
            lines = file.read().split("\n")
        end = lines.index("---", 1) if lines[0] == "---" else -1
        self.meta = {}
        for line in lines[1:end]:
            key, _, value = line.partition(":")
            self.meta[key.strip()] = value.strip().strip("\"'")
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
        quotes = "「」" if self.meta.get("language") == "ko" else "“”"
        self.sections = [(path, name, level, path.split(" > ")[-1] + " " + plain("\n".join(body), titles, quotes))
                         for path, name, level, body in raw]
        self.forms = [(name, level, form(body)) for _, name, level, body in raw]
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


class Edition:
    """A folder's manual and its PDF."""

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(os.path.normpath(folder))
        self.manual = Manual(os.path.join(folder, "manual.md"))
        pdfs = sorted(glob.glob(os.path.join(folder, "*.pdf")))
        if len(pdfs) != 1:
            sys.exit("%s: needs exactly one PDF, has %d" % (self.name, len(pdfs)))
        self.document = os.path.basename(pdfs[0])
        self.pdf = Pdf(pdfs[0])


def check_pdf(edition, fault):
    """Has the PDF each heading, on the page of its destination?"""
    manual, pdf = edition.manual, edition.pdf
    for path, dest, _, _ in manual.sections:
        if dest not in pdf.dests:
            fault("PDF", "no destination '%s' (%s); is the PDF older than the manual?" % (dest, path))
        elif not pdf.has(pdf.dests[dest], path.split(" > ")[-1]):
            fault("PDF", "page %d lacks the heading '%s'" % (pdf.dests[dest], path))


def check_labels(edition, fault):
    """From the first chapter on, pages are numbered from 1."""
    pdf = edition.pdf
    body = pdf.dests[edition.manual.sections[0][1]]
    for page in range(body, pdf.count + 1):
        if pdf.labels[page - 1] != str(page - body + 1):
            fault("PDF", "page %d prints the label '%s', not %d" % (page, pdf.labels[page - 1], page - body + 1))


def check_translation(manual, original, fault):
    """The same sections in the same order and form, but for those in "only-here"."""
    only_here = set(re.findall(r"[A-Za-z0-9-]+", manual.meta.get("only-here", "")))
    for name in only_here - {name for name, _, _ in manual.forms}:
        fault("only-here", "no section '%s'" % name)
    for name in only_here & {name for name, _, _ in original.forms}:
        fault("only-here", "the original has the section '%s', too" % name)
    here = [section for section in manual.forms if section[0] not in only_here]
    for (name, level, kinds), (name_there, level_there, kinds_there) in zip(here, original.forms):
        if (name, level) != (name_there, level_there):
            fault("sections", "'%s' (level %d) stands where the original has '%s' (level %d)" % (
                name, level, name_there, level_there))
            return
        if kinds != kinds_there:
            at = next((at for at, pair in enumerate(zip(kinds, kinds_there)) if pair[0] != pair[1]),
                      min(len(kinds), len(kinds_there)))
            fault("sections", "'%s' differs from the original in form at block %d: %s, there %s" % (
                name, at + 1, kinds[at:at + 1], kinds_there[at:at + 1]))
    if len(here) != len(original.forms):
        fault("sections", "%d sections, the original has %d" % (len(here), len(original.forms)))


def read_items(source, fault):
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
    return items


def check_keys(name, items, fault):
    """Keys, ids and what follows what."""
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
        if kind == "unanswerable":
            if item.get("gold") or item.get("facts"):
                fault(where, "unanswerable, but has gold or facts")
        elif not item.get("gold") or not item.get("facts"):
            fault(where, "has no gold or no facts")


def check_gold(item, entry, edition, fill, fault):
    """Does the gold section hold every fact, on the pages that the entry names?"""
    where, manual, pdf = item.get("id", "?"), edition.manual, edition.pdf
    at = manual.by_path.get(entry.get("section"))
    if at is None:
        fault(where, "no section '%s'" % entry.get("section"))
        return
    path, dest, _, text = manual.sections[at]
    first = pdf.dests[dest]
    last = pdf.dests[manual.sections[at + 1][1]] if at + 1 < len(manual.sections) else pdf.count
    pages = {first}
    for spellings in item.get("facts", []):
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


def check_shares(name, items, fault):
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


def write_items(source, items):
    with open(source, "w", encoding="utf-8") as file:
        for item in items:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")


def check_own(edition, fill, editions, fault):
    """A folder with a manual, and its questions if it has any; returns how many."""
    name, manual = edition.name, edition.manual
    for path in manual.repeated:
        fault("manual.md", "heading path stands twice: " + path)
    check_pdf(edition, fault)
    if fault.found:
        return 0
    check_labels(edition, fault)
    if "translation-of" in manual.meta:
        check_translation(manual, editions.folder(manual.meta["translation-of"]).manual, fault)
    source = os.path.join(edition.folder, "questions.jsonl")
    if not os.path.exists(source):
        print("%s: no questions.jsonl yet" % name)
        return 0
    items = read_items(source, fault)
    check_keys(name, items, fault)
    for item in items:
        for word in item.get("absent", []):
            if squeeze(word) in manual.text:
                fault(item.get("id", "?"), "the manual is not silent: it holds '%s'" % word)
        for entry in item.get("gold", []):
            for key in set(entry) - GOLD_KEYS:
                fault(item.get("id", "?"), "gold has an unknown key '%s'" % key)
            check_gold(item, entry, edition, fill, fault)
    check_shares(name, items, fault)
    if fill:
        write_items(source, items)
    return len(items)


def check_cross(folder, fill, editions, fault):
    """Questions in one language whose answers stand in the other language's edition alone."""
    name = os.path.basename(os.path.normpath(folder))
    source = os.path.join(folder, "questions.jsonl")
    items = read_items(source, fault)
    check_keys(name, items, fault)
    table = collections.Counter()
    for item in items:
        where = item.get("id", "?")
        language = "ko" if HANGUL.search(item.get("question", "")) else "en"
        table[language, item.get("split")] += 1
        for entry in item.get("gold", []):
            for key in set(entry) - GOLD_KEYS - {"document"}:
                fault(where, "gold has an unknown key '%s'" % key)
            edition = editions.document(entry.get("document"))
            if edition is None:
                fault(where, "no manual '%s'" % entry.get("document"))
                continue
            if edition.manual.meta.get("language") == language:
                fault(where, "question and manual are of one language")
            check_gold(item, entry, edition, fill, fault)
            others = editions.beside(edition)
            if not others:
                fault(where, "'%s' has no other edition" % edition.document)
            for other in others:
                for spelling in (spelling for spellings in item.get("facts", []) for spelling in spellings):
                    if squeeze(spelling) in other.manual.text:
                        fault(where, "%s holds '%s', too" % (other.document, spelling))
    for language in ("ko", "en"):
        dev, test = table[language, "dev"], table[language, "test"]
        print("%s: in %-13s %3d (dev %d, test %d)" % (name, language, dev + test, dev, test))
        if abs(dev - test) > 1:
            fault(language, "is unevenly split: dev %d, test %d" % (dev, test))
    if fill:
        write_items(source, items)
    return len(items)


class Editions:
    """All manuals beside this file, each read once."""

    def __init__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        self.folders = sorted(os.path.dirname(path) for path in glob.glob(os.path.join(here, "*", "manual.md")))
        self.read = {}

    def at(self, path):
        path = os.path.abspath(path)
        if path not in self.read:
            self.read[path] = Edition(path)
        return self.read[path]

    def folder(self, name):
        return next((self.at(path) for path in self.folders if os.path.basename(path) == name), None) or sys.exit(
            "check_questions.py: no folder '%s' with a manual.md" % name)

    def document(self, name):
        return next((edition for edition in map(self.at, self.folders) if edition.document == name), None)

    def beside(self, edition):
        """The other editions of the same manual."""
        def original(one):
            return one.manual.meta.get("translation-of", one.name)
        return [other for other in map(self.at, self.folders)
                if other is not edition and original(other) == original(edition)]


class Faults:
    def __init__(self, name):
        self.name, self.found = name, []

    def __call__(self, where, message):
        self.found.append("%s: %s: %s" % (self.name, where, message))


def check(folder, fill, editions):
    name = os.path.basename(os.path.normpath(folder))
    fault = Faults(name)
    if os.path.exists(os.path.join(folder, "manual.md")):
        count = check_own(editions.at(folder), fill, editions, fault)
    else:
        count = check_cross(folder, fill, editions, fault)
    print("%s: %d questions, %d faults" % (name, count, len(fault.found)))
    if fault.found:
        print("\n".join(fault.found))
    return len(fault.found)


def main():
    args = sys.argv[1:]
    fill = "--fill-pages" in args
    args = [arg for arg in args if arg != "--fill-pages"]
    if any(arg.startswith("-") for arg in args):
        sys.exit(__doc__.strip())
    here = os.path.dirname(os.path.abspath(__file__))
    folders = args or sorted({os.path.dirname(path) for file in ("manual.md", "questions.jsonl")
                              for path in glob.glob(os.path.join(here, "*", file))})
    if not folders:
        sys.exit("check_questions.py: no manual.md found")
    for folder in folders:
        if not os.path.isdir(folder):
            sys.exit("check_questions.py: no folder '%s'" % folder)
    editions = Editions()
    sys.exit(1 if sum([check(folder, fill, editions) for folder in folders]) else 0)


if __name__ == "__main__":
    main()
