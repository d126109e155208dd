"""Web pages, and what word processors save as such: HTML, XHTML and MHTML.

The text of a page is kept without what surrounds it: navigation, tools, small print, what is not displayed. Where it is
unsure whether something is text, it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from checker.read.content import Content, Grid, Passage
from checker.read.decode import decode_declared
from checker.read.markup import Block, Page, blocks_of
from checker.vocabulary import any_of, words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml")

# More than a page of 50 MB has, unless it was made to fill the memory.
MAX_TAGS = 4_000_000
# The parser, like all that follow the standard, takes time with the square of how deep elements nest and of how many
# attributes one has, and copies every style that is left open into each paragraph. Smaller pages cannot do harm.
MAX_DEPTH = 15_000
_MANY_TAGS, _OPEN_STYLES = 5_000, 100
_TAG = re.compile("<(/?)([a-zA-Z][^\\s/>]{,20})")
_ENDS_ITSELF = {
    "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "dt", "dd", "col", "colgroup", "br",
    "hr", "img", "input", "meta", "link", "base", "area", "embed", "source", "track", "wbr", "param", "html", "body",
    "head",
}  # fmt: skip
_STYLES = {"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_STYLE = re.compile(rf"</?(?:{'|'.join(sorted(_STYLES))})(?=[\s/>])[^>]*>", re.I)
_LONG_TAG = re.compile("<[a-zA-Z][^<>]{1000}")
_ATTRIBUTES = re.compile(r"""<[a-zA-Z](?>(?:"[^"]*"|'[^']*'|[^<>\s/"'])*[\s/]+){500}""")
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]{,300}\?>|<!--.{,2000}?-->)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MIME = re.compile(rb"(?:[\w-]+:[^\n]{,300}\n(?:[ \t][^\n]{,300}\n)*){,12}?MIME-Version:", re.I)
_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]{,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_MAY_HIDE = ("none", "None", "NONE", "hidden", "Hidden", "HIDDEN", "mso-hide")
_EMPTY = re.compile(r"<(script|style|title|textarea|iframe|a|p|div|span|td|th)\b([^<>]{,500})/>", re.I)
_DAY = re.compile(r"((?:19|20)\d\d)\s?[^\d\s]\s?(\d{1,2})\s?[^\d\s]\s?(\d{1,2})(?!\d)")
_APART = re.compile(r"\s*(?:[_|]|\s[-–—]\s|--+|(?<=[^\W\d])-(?=[^\W\d]))\s*")

# What stands beside the text by its name is left out unless it says so much of what the page says.
_BESIDE_AT_MOST = 0.2
# How many passages may stand in front of a title in the text.
_FIRST = 12


def recognises(data: bytes) -> bool:
    """Whether this is surely a page."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return bool(_BEGINS.match(head)) or (bool(_MIME.match(head)) and b"text/html" in data[:20_000].lower())


def read(data: bytes) -> Content:
    """The text and tables of a page, and what it says of its publication."""
    from selectolax.lexbor import LexborHTMLParser

    source = _tamed(_source(data))
    tree = LexborHTMLParser(source)
    page = blocks_of(tree.root, _hidden(tree, source))
    if not page.blocks:  # displayed by a script
        page = blocks_of(tree.root, set())
    if not page.blocks:
        raise ValueError("no text")
    metas = _metas(tree)
    title = _title(tree, metas, page)
    return Content(
        tuple(_titled(title, [block.content for block in _main(page)])),
        title=title,
        date=_date(metas, page),
        publisher=_publisher(metas, page),
    )


# ---- from bytes to elements


def _source(data: bytes) -> str:
    """The markup that bytes hold."""
    if _MIME.match(data[:4096]):
        data, declared = _part(data)
    else:
        found = _CHARSET.search(data[:8192])
        declared = found[1].decode() if found else ""
    text = decode_declared(data, declared).replace("\0", "")
    return _EMPTY.sub(r"<\1\2></\1>", text) if text[:100].lstrip("\ufeff \r\n").startswith("<?xml") else text


def _tamed(source: str) -> str:
    """Markup that is parsed in bounded time and memory; ValueError where it cannot be."""
    if any(_ATTRIBUTES.match(source, tag.start()) for tag in _LONG_TAG.finditer(source)):
        raise ValueError("an element has more than 500 attributes")
    tags = source.count("<")
    if tags > MAX_TAGS:
        raise ValueError(f"holds more than {MAX_TAGS:,} tags")
    if tags < _MANY_TAGS:
        return source
    open_now: dict[str, int] = {}
    depth = 0
    for tag in _TAG.finditer(source):
        name = tag[2].lower()
        if name in _ENDS_ITSELF:
            continue
        count = open_now.get(name, 0)
        step = 1 if not tag[1] else -1 if count else 0
        open_now[name] = count + step
        depth += step
        if depth > MAX_DEPTH and sum(n for name, n in open_now.items() if name not in _STYLES) > MAX_DEPTH:
            raise ValueError(f"its elements nest deeper than {MAX_DEPTH:,}")
    return _STYLE.sub("", source) if sum(open_now.get(name, 0) for name in _STYLES) > _OPEN_STYLES else source


def _part(data: bytes) -> tuple[bytes, str]:
    """The page in a file that holds its pictures as well, and the character set of that page."""
    from email import message_from_bytes

    for part in message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            found = part.get_payload(decode=True)
            return (found if isinstance(found, bytes) else b""), part.get_content_charset() or ""
    raise ValueError("no page in it")


def _hidden(tree: LexborHTMLParser, source: str) -> set[int]:
    """The elements that the page says not to display."""
    asked = [f"[style*={word}]" for word in _MAY_HIDE if word in source] + ["[hidden]"] * (" hidden" in source)
    if not asked:
        return set()
    return {
        node.mem_id
        for node in tree.css(",".join(asked))
        if "hidden" in (attributes := node.attributes) or _HIDDEN.search(attributes.get("style") or "")
    }


# ---- the text and what stands beside it


def _main(page: Page) -> list[Block]:
    """The blocks that are the text: of the innermost element that holds all that says something, and of those around it
    that add no links.
    """
    blocks = page.blocks
    kept = _not_beside(page)
    telling = [at for at in kept if blocks[at].says and not _is_small_print(blocks[at])]
    while telling and _is_record(blocks[telling[0]]):
        del telling[0]
    if not telling:
        return [blocks[at] for at in kept if not _is_tool(blocks[at])]
    start, end = telling[0], telling[-1] + 1
    allowed = set(kept)
    for outer_start, outer_end in page.spans:
        if outer_start <= start and end <= outer_end:
            added = [at for at in (*range(outer_start, start), *range(end, outer_end)) if at in allowed]
            if (start, end) != (telling[0], telling[-1] + 1) and any(_surrounds(blocks[at]) for at in added):
                break
            start, end = outer_start, outer_end
    return [
        blocks[at]
        for at in kept
        if start <= at < end and not _is_tool(blocks[at]) and not (at < telling[0] and _is_record(blocks[at]))
    ]


def _not_beside(page: Page) -> list[int]:
    """The blocks but for those beside the text by their name, unless they say too much for that."""
    blocks = page.blocks
    says = [0]
    for block in blocks:
        says.append(says[-1] + (block.size if block.says else 0))
    left_out = bytearray(len(blocks))
    for start, end in page.beside:
        if says[end] - says[start] <= _BESIDE_AT_MOST * says[-1]:
            left_out[start:end] = b"\1" * (end - start)
    if all(left_out):
        return list(range(len(blocks)))
    return [at for at in range(len(blocks)) if not left_out[at]]


def _surrounds(block: Block) -> bool:
    """Whether a block outside of the text shows that what it stands in is more than the text."""
    return block.linked * 3 > block.size or _is_small_print(block)


def _is_small_print(block: Block) -> bool:
    text = block.content.text if isinstance(block.content, Passage) else ""
    return 0 < len(text) < 200 and _patterns()["small_print"].search(text) is not None


def _is_tool(block: Block) -> bool:
    text = block.content.text if isinstance(block.content, Passage) else ""
    return 0 < len(text) < 60 and _patterns()["tools"].match(text) is not None


def _is_record(block: Block) -> bool:
    """Whether a block tells of the publication: number, date, publisher."""
    content = block.content
    if isinstance(content, Passage):
        return len(content.text) < 80 and _patterns()["record"].match(content.text) is not None
    return bool(content.cells) and _patterns()["record"].match(content.cells[0].text) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    known = words("pages")
    day, before = _DAY.pattern, r"(?:^|[\s|])"
    # A word of a record may be spread by blanks to the width of others.
    record = "|".join(r"\s*".join(map(re.escape, word)) for word in known["record"])
    return {
        "small_print": re.compile(any_of(known["small_print"])),
        "tools": re.compile(rf"(?=.*?{any_of(known['tools'])})(?>{any_of(known['tools'])}|[\W\d_]+)++\Z", re.S),
        "record": re.compile(rf"[\W_]*(?:{record})|[^。\n]{{,60}}[>＞»›]"),
        "date": re.compile(rf"{before}{any_of(known['date_labels'])}\s*[:：]?\s*{day}|{day}\s*\d?\d:\d\d", re.M),
        "publisher": re.compile(
            rf"{before}{any_of(known['publisher_labels'])}[ \u3000]*[:：][ \u3000]*([^\s|:：]{{2,40}})(?![:：])", re.M
        ),
    }


# ---- title, date, publisher


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """The content of meta elements by their name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        value = " ".join((attributes.get("content") or "").split()).strip(" ,，")
        if name and value:
            found.setdefault(name, value[:300])
    return found


def _first(metas: dict[str, str], kind: str) -> str:
    return next((metas[name] for name in words("pages")[kind] if name in metas), "")


def _title(tree: LexborHTMLParser, metas: dict[str, str], page: Page) -> str:
    """The title of the text: as a meta element gives it, or the title of the page without the name of its site."""
    if named := _first(metas, "meta_title"):
        return named
    node = tree.css_first("title")
    whole = " ".join(node.text().split())[:300] if node is not None else ""
    passages = [block.content for block in page.blocks if isinstance(block.content, Passage)]
    site = _bare(metas.get("sitename", ""))
    within = [each.text for each in passages if 6 <= len(each.text) <= 120 and _bare(each.text) in _bare(whole)]
    best = max((part for part in _APART.split(whole) if _bare(part) != site), key=len, default="")
    headings = (each.text for each in passages if each.level in (1, 2) and len(each.text) <= 120)
    within = [text for text in within if _bare(text) in _bare(best) or _bare(best) in _bare(text)]
    return " ".join(max(within or [best, next(headings, "")], key=len).split())


def _titled(title: str, contents: Sequence[Passage | Grid]) -> Iterable[Passage | Grid]:
    """The contents, with the title as their heading; in front of them where they lack it."""
    top = [content.text for content in contents[:_FIRST] if isinstance(content, Passage)]
    if title and _bare(title) not in _bare("".join(top)):
        yield Passage(title, 1)
    found = False
    for content in contents:
        if not found and isinstance(content, Passage) and title and _bare(content.text) == _bare(title):
            content, found = replace(content, level=1), True
        yield content


def _bare(text: str) -> str:
    return "".join(text.split())


def _date(metas: dict[str, str], page: Page) -> str:
    """The day of publication, 2026-02-05; empty where the page says none."""
    found = _DAY.search(_first(metas, "meta_date")) or _patterns()["date"].search(_top(page))
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        return date(*parts).isoformat() if parts else ""
    except ValueError:
        return ""


def _publisher(metas: dict[str, str], page: Page) -> str:
    if named := _first(metas, "meta_publisher"):
        return named
    found = _patterns()["publisher"].search(_top(page))
    return found[1] if found else ""


def _top(page: Page) -> str:
    """What stands in front of the text and at its beginning, where publications are dated."""
    lines: list[str] = []
    for block in page.blocks[:80]:
        content = block.content
        cells = [content.text] if isinstance(content, Passage) else [" ".join(cell.text for cell in content.cells[:20])]
        lines += (text for text in cells if len(text) < 200)
    return "\n".join(lines)
