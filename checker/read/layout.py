"""Undo the layout of a page: hard line breaks, justifying spaces, broken columns, doubled headings, emphasis.

Nothing is rewritten: the flat text is made of runs copied from the source, so that a map leads back to the printed
characters. In the flat text a line is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from checker.vocabulary import any_of, words

# Markdown, and page numbers that a conversion left between two lines (―7―) or between two words (—7—).
_EMPHASIS = re.compile(
    r"\*{1,3}|_{2,3}|~~|^#{1,6}\s+|^>\s+|(?<=\s)―\s?\d{1,3}\s?―(?=\s)"
    r"|(?<=[\u4e00-\u9fff。；，])\s?—\s?\d{1,3}\s?—\s?(?!—)|^—\s?\d{1,3}\s?—\s?(?=[\u4e00-\u9fff])"
)
_SPACES = re.compile(r"[ \t\u3000\xa0\u2002-\u200b]+")
_NOISE = re.compile(r"[ \t\u3000\xa0\u2002-\u200b*_~#>―—]")
_DOUBLED = re.compile(r"([\u4e00-\u9fff“”、]{6,40})\1")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9]")
_BARE_NUMBER = re.compile(r"[-—\d.,，\s]+$")
_LIST_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|[●•■◆○—–]|第[一二三四五六七八九十]+[部章节条篇]|附件|[图表]\s?\d"
)
# A numbered heading, and the sentence below it.
_HEADING = re.compile(
    r"\s?(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d))"
)
_YEAR_OPENS = re.compile(r"(?:19|20)\d\d\s?年")
# A line that holds only the dash of a page number, between two lines of a sentence.
_PAGE_MARK = re.compile("[—―–]")
_DATELINE = re.compile(r"[（(]?(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?[）)]?")
_PROSE = re.compile("[，。；、,;：]")
# The number of a licence or a site at the end of a line counts nothing.
_CODE = re.compile(r"\d{8}$")
# The day behind an entry of a list: 08-12.
_MONTH_DAY = re.compile(r"(?<![\d-])(?:0\d|1[0-2])-(?:[0-2]\d|3[01])$")

_ENDS = "。！？!?…"
_OPEN_ENDS = "，、：；,;:（(《“‘—"
_CONTINUES = "，。、；：,;:!！?？)）”’》%％‰"
_CLOSERS = "”’」』）)》\"'"

# No number is longer than this, spaces and all.
_NUMBER_REACH = 30

# A line belongs to a column when the column is no wider than this (in half-width cells); longer lines are paragraphs.
COLUMN = 90


class Line(NamedTuple):
    """A line of the source: the runs of it that are kept, and their text; where it stands, and where its text ends.

    `blank` counts the blank lines in front of it. `passage` is the passage it belongs to, where its format tells
    passages apart; -1 where only the look of the lines does.
    """

    runs: list[tuple[int, int]]
    kept: str
    start: int
    end: int
    blank: int
    passage: int = -1


def lines_of(text: str, start: int = 0, end: int | None = None, passage: int = -1) -> list[Line]:
    """The lines of a stretch of the source that hold more than layout."""
    lines: list[Line] = []
    blank = 0
    for raw in text[start:end].splitlines(keepends=True):
        bare = raw.rstrip("\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029 \t\u3000")
        if _PAGE_MARK.fullmatch(bare):
            start += len(raw)
            continue
        runs = _runs(bare, start) if bare else []
        if runs:
            kept = (
                bare
                if len(runs) == 1 and runs[0] == (start, start + len(bare))
                else "".join(text[a:b] for a, b in runs)
            )
            lines.append(Line(runs, kept, start, start + len(bare), blank, passage))
            blank = 0
        else:
            blank += 1
        start += len(raw)
    return lines


def _runs(line: str, offset: int) -> list[tuple[int, int]]:
    """The runs of a line that are text, not layout."""
    cuts = []
    if _NOISE.search(line):
        cuts = [m.span() for m in _EMPHASIS.finditer(line)]
        if line.count("|") < 2:
            cuts += [m.span() for m in _SPACES.finditer(line) if _is_layout(line, *m.span())]
            cuts.sort()
    if len(line) < 100 and _DOUBLED.search(line) and not _PROSE.search(line.replace("、", "")):
        cuts = sorted([*cuts, *(m.span(1) for m in _DOUBLED.finditer(line))])
    if not cuts:
        return [(offset, offset + len(line))]
    runs, at = [], 0
    for start, end in cuts:
        if start > at:
            runs.append((offset + at, offset + start))
        at = max(at, end)
    if at < len(line):
        runs.append((offset + at, offset + len(line)))
    return runs


def _is_layout(line: str, start: int, end: int) -> bool:
    """Whether these spaces only set the line: they part neither words nor phrases."""
    if start == 0 or end == len(line):
        return True
    before, after = line[start - 1], line[end]
    if before.isdigit() and after.isdigit():
        return _inside_number(line, start, end)
    if _WORD.match(before) and _WORD.match(after):
        return False
    if before in ",，" and after.isdigit():
        # 3,594, 026: a thousands separator, and a space to justify
        return bool(re.search(r"\d,$", line[:start]) and re.match(r"\d{3}(?!\d)", line[end:]))
    if not (_CJK.match(before) and _CJK.match(after)):
        return True
    # Between Chinese characters a space parts phrases, unless it parts single characters (重 大 项 目).
    return _lone(line, start - 1, -1) or _lone(line, end, 1)


def _inside_number(line: str, start: int, end: int) -> bool:
    """Whether a space between two digits is inside one number: digits put apart, or thousands, in front of a unit."""
    around = line[max(0, start - _NUMBER_REACH) : end + _NUMBER_REACH]
    at = start - max(0, start - _NUMBER_REACH)
    return any(m.start() < at < m.end() for form in _spaced_numbers() for m in form.finditer(around))


@cache
def _spaced_numbers() -> tuple[re.Pattern[str], ...]:
    unit = rf"(?=\s?{_unit_start().pattern})"
    return (
        re.compile(rf"(?<![\d.,])\d(?:\s\d|\s?[.．]\s?\d)+(?![\d.]){unit}"),
        re.compile(rf"(?<![\d.,])\d{{1,3}}(?:\s\d{{3}})+(?:[.．]\d+)?(?![\d.]){unit}"),
    )


def _lone(line: str, at: int, step: int) -> bool:
    beyond = at + step
    return not 0 <= beyond < len(line) or not _CJK.match(line[beyond])


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped where a sentence runs on: by passages where these are known, by the look of the lines elsewhere."""
    widths = _column_widths(lines)
    grouped: list[list[Line]] = []
    runs_on = False
    for i, line in enumerate(lines):
        if runs_on:
            grouped[-1].append(line)
        else:
            grouped.append([line])
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following is None:
            break
        if line.passage >= 0:
            runs_on = following.passage == line.passage
        else:
            runs_on = _runs_on(line.kept, following.kept, following.blank, widths[i])
    return grouped


def _column_widths(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """For each line the width of its column, and how many lines its block has (lines without a blank between).

    The column is as wide as the widest line; in a block where most short lines are about as wide as each other and a
    few are long (a page that was pasted with some lines joined), as wide as those.
    """
    widths: list[tuple[int, int]] = []
    i = 0
    while i < len(lines):
        j = i + 1
        while j < len(lines) and lines[j].blank == 0:
            j += 1
        block = [_width(line.kept) for line in lines[i:j]]
        widest = max(block)
        usual = _usual([width for line, width in zip(lines[i:j], block, strict=True) if not _is_heading(line.kept)])
        widths += [(usual if usual and width <= COLUMN else widest, j - i) for width in block]
        i = j
    return widths


def _usual(widths: list[int]) -> int:
    """The width that most of the short lines of a block come close to; 0 where they are of all widths."""
    short = [width for width in widths if width <= COLUMN]
    common = max(sorted(set(short)), key=lambda width: sum(abs(width - other) <= 2 for other in short), default=0)
    near = [width for width in short if abs(width - common) <= 2]
    return max(near) if common >= 20 and len(near) >= 4 and 2 * len(near) >= len(short) else 0


def _width(text: str) -> int:
    """Cells on a page: a Chinese character takes two, a Latin one takes one."""
    return (len(text) + len(text.encode("utf-8", "surrogatepass"))) // 2


def _runs_on(line: str, following: str, blank: int, block: tuple[int, int]) -> bool:
    """Whether the sentence at the end of a line goes on in the next one."""
    last, first = line[-1], following[0]
    if last in _ENDS or (last in _CLOSERS and len(line) > 1 and line[-2] in _ENDS):
        return False
    if "|" in line or "|" in following or _LIST_ITEM.match(following):
        return False
    if (
        _MONTH_DAY.search(line)
        or _BARE_NUMBER.match(line)
        or _BARE_NUMBER.match(following)
        or _DATELINE.fullmatch(following)
    ):
        return False
    if _is_heading(line) and _YEAR_OPENS.match(following):
        return False
    if last in _OPEN_ENDS or first in _CONTINUES or _closes(line, following):
        return True
    if (last.isdigit() or last in "万亿千百") and not _CODE.search(line) and _unit_start().match(following):
        return True
    prose, width = bool(_PROSE.search(line)), _width(line)
    widest, size = block
    if blank and not _PROSE.search(following.replace("、", "")):
        return False
    if widest > COLUMN or (blank and size == 1):
        return prose and width > COLUMN // 2
    if blank:
        return prose and width >= 0.85 * widest
    return width >= 0.66 * widest


def _closes(line: str, following: str) -> bool:
    """Whether a quotation that a line leaves open ends in the next one."""
    closing = following.find("”")
    return line.rfind("“") > line.rfind("”") and closing >= 0 and "“" not in following[:closing]


def _is_heading(line: str) -> bool:
    return bool(_HEADING.match(line)) and not _PROSE.search(line.replace("、", ""))


def begins_unit(text: str, at: int) -> bool:
    """Whether what stands here may be the unit of a number in front of it."""
    return bool(_unit_start().match(text, at))


@cache
def _unit_start() -> re.Pattern[str]:
    data = words("units")
    spellings = [*data["counters"], *data["implied"], *"万亿千百余多"]
    for unit, entry in data["units"].items():
        spellings += [unit, *entry.get("aliases", [])]
    return re.compile(any_of(spellings))
