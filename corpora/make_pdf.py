#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a manual's Markdown source (dialect: corpora/README.md) into a PDF.

usage: make_pdf.py MANUAL.md OUT.pdf
"""
import calendar
import hashlib
import html
import io
import logging
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

NOTICES = {"위험": "danger", "경고": "warning", "주의": "caution", "참고": "note", "알림": "info",
           "Danger": "danger", "Warning": "warning", "Caution": "caution", "Note": "note", "Notice": "info"}

# What differs by the manual's language. "page": CSS content that follows a heading's name; "css": Latin letters
# need less space between lines than Hangul.
WORDS = {
    "ko": {"contents": "차례", "table": "표", "figure": "그림", "open": "「", "close": "」(",
           "page": 'target-counter(attr(href), page) "쪽"', "css": ""},
    "en": {"contents": "Contents", "table": "Table", "figure": "Figure", "open": "“", "close": "” (",
           "page": '"page " target-counter(attr(href), page)', "css": "html { font-size: 9pt; line-height: 1.44; }"},
}

CSS = """
@page {
  size: 148mm 210mm; margin: 19mm 15mm 18mm 15mm;
  @top-left { content: string(chapter); font: 7.5pt NanumGothic; color: #444; vertical-align: bottom;
              padding-bottom: 1.6mm; width: 100%; border-bottom: .4pt solid #888; }
  @bottom-left { content: PRODUCT; font: 7.5pt NanumGothic; color: #444; vertical-align: top; padding-top: 2mm; }
  @bottom-right { content: counter(page); font: 8pt NanumGothic; color: #222; vertical-align: top; padding-top: 2mm; }
}
@page front { @bottom-right { content: counter(page, lower-roman); } }
@page cover {
  margin: 30mm 18mm;
  @top-left { content: none; border: none; }
  @bottom-left { content: none; }
  @bottom-right { content: none; }
}

html { font: 9.2pt/1.58 NanumGothic; color: #111; }
body { margin: 0; }
p { margin: 0 0 2mm 0; text-align: left; orphans: 2; widows: 2; }
.w { white-space: nowrap; }
strong { font-weight: bold; }
code { font-family: NanumGothicCoding, NanumGothic; font-size: 95%; }
a { color: inherit; text-decoration: none; }

.cover { page: cover; }
.cover .maker { font-size: 13pt; letter-spacing: .5mm; margin-bottom: 34mm; }
.cover h1.t { font-size: 25pt; line-height: 1.25; margin: 0 0 4mm 0; bookmark-level: none; string-set: none; }
.cover .sub { font-size: 12pt; margin-bottom: 6mm; }
.cover .model { font-size: 11pt; color: #333; border-top: 1.2pt solid #111; padding-top: 4mm; width: 70mm; }
.cover .ed { margin-top: 40mm; font-size: 9.5pt; color: #333; }

.toc { page: front; break-before: page; string-set: chapter "CONTENTS"; }
.toc h1 { string-set: chapter content(); }
.toc ul { list-style: none; margin: 0; padding: 0; }
.toc li { line-height: 1.4; }
.toc li:last-child { break-before: auto; }
.toc li.l1 { font-weight: bold; margin-top: 1.5mm; break-after: avoid; }
.toc li.l2 { padding-left: 4mm; font-size: 8.3pt; }
.toc li a::after { content: leader('.') target-counter(attr(href), page); font-weight: normal; }

section.chapter { break-before: page; }
h1, h2, h3 { line-height: 1.35; break-after: avoid; }
h1 { font-size: 17pt; margin: 0 0 6mm 0; padding-bottom: 2mm; border-bottom: 1.4pt solid #111;
     string-set: chapter content(); bookmark-level: 1; }
h2 { font-size: 12.2pt; margin: 6mm 0 2.2mm 0; padding-left: 2.4mm; border-left: 2.4pt solid #111; bookmark-level: 2; }
h3 { font-size: 10.2pt; margin: 4mm 0 1.6mm 0; bookmark-level: 3; }
h1 + h2 { margin-top: 0; }

ol, ul { margin: 0 0 2.4mm 0; padding-left: 6mm; }
li { margin: 0 0 1.1mm 0; }
li:last-child { break-before: avoid; }
li > p { margin: 0 0 1.1mm 0; }
li > ul, li > ol { margin-top: .8mm; margin-bottom: 1mm; }

.notice { margin: 1.6mm 0 2.8mm 0; padding: 1.7mm 2.6mm 1.2mm 2.6mm; border: .6pt solid #777; border-left-width: 2.8pt;
          break-inside: avoid; font-size: 8.8pt; background: #f6f6f6; }
.notice p { margin-bottom: .6mm; }
.notice ul, .notice ol { margin-bottom: .6mm; }
.danger, .warning { border-color: #b3261e; background: #fdf3f2; }
.caution { border-color: #a86400; background: #fdf8ee; }

table { border-collapse: collapse; width: 100%; font-size: 8.2pt; line-height: 1.42; margin: 0 0 3mm 0; }
table.short { break-inside: avoid; }
p.caption { font-weight: bold; font-size: 8.4pt; margin: 1mm 0 1mm 0; break-after: avoid; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: .4pt solid #888; padding: .9mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { background: #e9e9e9; font-weight: bold; }

figure { margin: 2mm 0 3mm 0; text-align: center; break-inside: avoid; }
figure img { max-width: 100%; max-height: 108mm; }
figcaption { font-size: 8.2pt; font-weight: bold; margin-top: 1mm; }

.columns { columns: 2; column-gap: 6mm; font-size: 8.6pt; line-height: 1.5; }
.columns h2 { margin-top: 0; }
.columns p { orphans: 2; widows: 2; }
.pg::after { content: PAGE; }
"""


def fail(message):
    sys.exit("make_pdf.py: " + message)


def read_source(text):
    """Return (front matter, Markdown text)."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---":
        fail("no front matter")
    meta = {}
    for at, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            break
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        if not colon:
            fail("front matter line %d is not 'key: value'" % (at + 1))
        meta[key.strip()] = value.strip().strip("\"'")
    else:
        fail("front matter is not closed")
    for key in ("title", "product", "model", "edition", "language", "date", "maker"):
        if not meta.get(key):
            fail("front matter lacks '%s'" % key)
    if meta["language"] not in WORDS:
        fail("language '%s' is none of %s" % (meta["language"], ", ".join(WORDS)))
    return meta, "\n".join(lines[at + 1:])


def render(markdown):
    """Markdown to a list of elements (XHTML)."""
    from markdown_it import MarkdownIt
    parser = MarkdownIt("commonmark", {"xhtmlOut": True, "html": False}).enable("table")
    xhtml = parser.render(markdown)
    for name, char in (("&nbsp;", "\u00a0"),):
        xhtml = xhtml.replace(name, char)
    return ET.fromstring("<div>" + xhtml + "</div>")


def text_of(element):
    return "".join(element.itertext())


def name_headings(root):
    """Give every heading an id; return [(level, id, text)]."""
    found, seen = [], set()
    for element in root.iter():
        if element.tag not in ("h1", "h2", "h3"):
            continue
        text = text_of(element).strip()
        match = re.search(r"\s*\{#([A-Za-z0-9-]+)\}$", text)
        name = match.group(1) if match else "s-%d" % (len(found) + 1)
        text = text[:match.start()] if match else text
        if len(element):
            fail("heading '%s' holds more than plain text" % text)
        if name in seen:
            fail("heading id '%s' is used twice" % name)
        seen.add(name)
        element.text = text
        element.set("id", name)
        found.append((int(element.tag[1]), name, text))
    return found


def cross_references(root, titles, words):
    """[[#id]] in text becomes 「heading」(N쪽) or “heading” (page N); plain links must lead somewhere."""
    pattern = re.compile(r"\[\[#([A-Za-z0-9-]+)\]\]")

    def parts(text):
        out, at = [], 0
        for match in pattern.finditer(text):
            if match.group(1) not in titles:
                fail("cross reference to '%s', which is no heading's id" % match.group(1))
            out.append((text[at:match.start()], match.group(1)))
            at = match.end()
        return out, text[at:]

    def link(name, tail):
        span = ET.Element("span", {"class": "xref"})
        ET.SubElement(span, "a", {"href": "#" + name}).text = words["open"] + titles[name] + words["close"]
        ET.SubElement(span, "a", {"href": "#" + name, "class": "pg"}).tail = ")"
        span.tail = tail
        return span

    def links(found, rest):
        tails = [before for before, _ in found[1:]] + [rest]
        return [link(name, tail) for (_, name), tail in zip(found, tails)]

    def rebuild(element):
        if element.tag in ("code", "pre"):
            return
        new = []
        found, rest = parts(element.text or "")
        if found:
            element.text = found[0][0]
            new += links(found, rest)
        children = list(element)
        for child in children:
            rebuild(child)
            new.append(child)
            found, rest = parts(child.tail or "")
            if found:
                child.tail = found[0][0]
                new += links(found, rest)
            element.remove(child)
        element.extend(new)

    rebuild(root)
    for element in root.iter("a"):
        target = element.get("href", "")
        if target.startswith("#") and target[1:] not in titles:
            fail("link to '%s', which is no heading's id" % target)


def notices(root):
    for quote in root.iter("blockquote"):
        first = quote[0] if len(quote) else None
        strong = first[0] if first is not None and len(first) and not (first.text or "").strip() else None
        word = text_of(strong).strip() if strong is not None and strong.tag == "strong" else ""
        quote.tag = "div"
        quote.set("class", "notice " + NOTICES.get(word, "note"))


def captions(parent, words):
    """'표: caption' or 'Table: caption' above a table, and a paragraph that is only an image."""
    mark = words["table"] + ":"
    previous = None
    for child in list(parent):
        if child.tag == "table":
            if len(child.findall(".//tr")) <= 8:
                child.set("class", "short")
            if previous is not None and previous.tag == "p" and (previous.text or "").startswith(mark):
                previous.text = words["table"] + ". " + previous.text[len(mark):].strip()
                previous.set("class", "caption")
        elif child.tag == "p" and len(child) == 1 and child[0].tag == "img" \
                and not (child.text or "").strip() and not (child[0].tail or "").strip():
            child.tag = "figure"
            ET.SubElement(child, "figcaption").text = words["figure"] + ". " + child[0].get("alt", "")
        else:
            captions(child, words)
        previous = child


def columns(root):
    """Wrap what lies between '::: columns' and ':::'."""
    out, box = [], None
    for child in list(root):
        root.remove(child)
        text = text_of(child).strip() if child.tag == "p" else ""
        if text == "::: columns":
            if box is not None:
                fail("'::: columns' inside columns")
            box = ET.Element("div", {"class": "columns"})
            out.append(box)
        elif text == ":::":
            if box is None:
                fail("':::' without '::: columns'")
            box = None
        else:
            if ":::" in text:
                fail("':::' needs a blank line before and after: " + text[:40])
            (out if box is None else box).append(child)
    if box is not None:
        fail("'::: columns' is not closed")
    root.extend(out)


def keep_words(element):
    """Put each word, and each number with its unit, into a span that is not broken at
    a line's end: Korean would otherwise be broken after any syllable. (WeasyPrint has
    no word-break: keep-all.)"""
    if element.tag in ("code", "pre", "h1", "h2", "h3"):
        return

    def split(text):
        lead, spans = "", []
        for piece in re.split(r"((?<![0-9])\s+|\s+(?![°%A-Za-z]))", text):
            if 1 < len(piece) <= 16 and re.search("[\uac00-\ud7a3]|[0-9] ", piece):
                spans.append(ET.Element("span", {"class": "w"}))
                spans[-1].text = piece
                spans[-1].tail = ""
            elif spans:
                spans[-1].tail += piece
            else:
                lead += piece
        return lead, spans

    new = []
    if element.text and element.text.strip():
        element.text, spans = split(element.text)
        new += spans
    for child in list(element):
        particle = re.match(r"[^\s]{1,6}(?=\s|$)", child.tail or "")
        words = re.match(r"(?s)(.*\s)?([^\s]+)$", child.text or "")
        if child.tag == "strong" and not len(child) and particle and words and len(words.group(2)) <= 12:
            # The bold text's last word and the particle on it stay together, too.
            child.tail, tail = None, child.tail[particle.end():]
            whole = ET.Element("span", {"class": "w"})
            ET.SubElement(whole, "strong").text = words.group(2)
            whole[0].tail, whole.tail = particle.group(), tail
            if words.group(1):
                child.text = words.group(1)
                keep_words(child)
                new.append(child)
            element.remove(child)
            child = whole
            element.append(child)
        else:
            keep_words(child)
        new.append(child)
        if child.tail and child.tail.strip():
            child.tail, spans = split(child.tail)
            new += spans
        element.remove(child)
    element.extend(new)


def slim_fonts(pdf):
    """Drop from the embedded font programs the tables a PDF reader does not use."""
    import pikepdf
    from fontTools.ttLib import TTFont
    keep = {"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep"}
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or "/FontFile2" not in item:
            continue
        font = TTFont(io.BytesIO(item.FontFile2.read_bytes()), recalcTimestamp=False, lazy=False)
        for tag in [tag for tag in font.keys() if tag not in keep and tag != "GlyphOrder"]:
            del font[tag]
        out = io.BytesIO()
        font.save(out)
        item.FontFile2.write(out.getvalue())
        item.FontFile2.Length1 = len(out.getvalue())


def chapters(root):
    body = []
    for child in list(root):
        if child.tag == "h1":
            body.append(ET.Element("section", {"class": "chapter"}))
        if not body:
            fail("text before the first chapter")
        body[-1].append(child)
    if not body:
        fail("no chapter")
    return body


def cover_and_toc(meta, headings, words):
    def esc(key):
        return html.escape(meta.get(key, ""))
    rows = "".join('<li class="l%d"><a href="#%s">%s</a></li>' % (level, name, html.escape(text))
                   for level, name, text in headings if level < 3)
    return ('<div class="cover"><div class="maker">%s</div><h1 class="t">%s</h1><div class="sub">%s</div>'
            '<div class="model">%s<br/>%s</div><div class="ed">%s<br/>%s</div></div>'
            '<div class="toc"><h1>%s</h1><ul>%s</ul></div>') % (
        esc("maker"), esc("title"), esc("subtitle"), esc("product"), esc("model"), esc("edition"), esc("date"),
        words["contents"], rows)


def build(source, target):
    # A fixed date inside the file (font tables, PDF metadata) makes the output reproducible.
    with open(source, encoding="utf-8") as file:
        meta, markdown = read_source(file.read())
    year, month, day = (meta["date"].split("-") + ["1", "1"])[:3]
    day = day if meta["date"].count("-") == 2 else "1"
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm((int(year), int(month), int(day), 0, 0, 0)))
    import pikepdf
    import weasyprint
    logging.getLogger("weasyprint").addHandler(logging.StreamHandler())

    words = WORDS[meta["language"]]
    root = render(markdown)
    headings = name_headings(root)
    cross_references(root, {name: text for _, name, text in headings}, words)
    notices(root)
    captions(root, words)
    columns(root)
    if meta.get("wrap", "word") == "word":
        keep_words(root)
    body = "".join(ET.tostring(part, encoding="unicode", method="html") for part in chapters(root))
    page = '<html lang="%s"><head><meta charset="utf-8"/><title>%s</title></head><body>%s%s</body></html>' % (
        html.escape(meta["language"]), html.escape(meta["title"]), cover_and_toc(meta, headings, words), body)
    base = os.path.join(os.path.dirname(os.path.abspath(source)), "")
    footer = '"%s %s"' % (meta["product"].replace('"', ""), meta["model"].replace('"', ""))
    css = CSS.replace("CONTENTS", words["contents"]).replace("PAGE", words["page"]).replace("PRODUCT", footer) + words["css"]
    fonts = weasyprint.text.fonts.FontConfiguration()

    def layout(extra):
        return weasyprint.HTML(string=page, base_url=base).render(
            stylesheets=[weasyprint.CSS(string=css + extra, font_config=fonts)], font_config=fonts)

    def first_page(document):
        for number, sheet in enumerate(document.pages, 1):
            if headings[0][1] in sheet.anchors:
                return number
        fail("first chapter not found in the layout")

    # The first layout tells on which page the first chapter begins; there the numbers start at 1.
    start = first_page(layout(""))
    document = layout("@page :nth(%d) { counter-increment: page %d }" % (start, 2 - start))
    if first_page(document) != start:
        fail("the layout did not settle")

    pdf = pikepdf.open(io.BytesIO(document.write_pdf()))
    slim_fonts(pdf)
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([
        0, pikepdf.Dictionary(S=pikepdf.Name.r), start - 1, pikepdf.Dictionary(S=pikepdf.Name.D)]))
    pdf.Root.Lang = pikepdf.String(meta["language"])
    stamp = "D:%04d%02d%02d000000Z" % (int(year), int(month), int(day))
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    subject = "%s %s %s" % (meta["product"], meta["model"], meta["edition"])
    for key, value in (("Title", meta["title"]), ("Author", meta["maker"]), ("Subject", subject),
                       ("Creator", "make_pdf.py"), ("Producer", "WeasyPrint " + weasyprint.__version__),
                       ("CreationDate", stamp), ("ModDate", stamp)):
        pdf.docinfo["/" + key] = pikepdf.String(value)
    scratch = target + ".tmp"
    try:
        identity = hashlib.md5((page + css).encode()).digest()
        pdf.trailer.ID = pikepdf.Array([pikepdf.String(identity), pikepdf.String(identity)])
        pdf.save(scratch, static_id=True)
        subprocess.run(["qpdf", "--deterministic-id", "--object-streams=generate", "--recompress-flate",
                        "--compression-level=9", scratch, target], check=True)
    finally:
        if os.path.exists(scratch):
            os.remove(scratch)
    print("%s: %d pages, body from page %d, %d bytes" % (
        target, len(document.pages), start, os.path.getsize(target)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    if os.environ.get("PYTHONHASHSEED") != "0":  # set order must not show in the output
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable] + sys.argv)
    build(sys.argv[1], sys.argv[2])
