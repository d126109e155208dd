"""PDFs as word processors make them, drawn here line by line, and what they say; whole values are compared."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.formats import format_of
from checker.read.formats.pdf import read, recognises

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, SIZE, LEADING = 75.0, 90.0, 16.0, 28.0
# So many Chinese letters fill a line.
LINE = 28
FONT = "STSong-Light"
SECONDS = 20
MEGABYTES = 700

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Paper:
    """A PDF as it is drawn; y is measured from the top, and `next` is where the next line goes."""

    def __init__(self, **options: object) -> None:
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=(WIDTH, HEIGHT), invariant=1, **options)
        self.next = TOP

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def centred(self, text: str, size: float = SIZE) -> None:
        self.text((WIDTH - len(text) * size) / 2, self.next, text, size)
        self.next += LEADING * size / SIZE

    def paragraph(self, text: str, first: int = 2, x: float = LEFT, letters: int = LINE) -> None:
        """A paragraph whose first line is indented."""
        while text:
            line, text = text[: letters - first], text[letters - first :]
            self.text(x + first * SIZE, self.next, line)
            self.next += LEADING
            first = 0

    def table(self, rows: list[list[str]], xs: list[float], height: float = 24.0, skip: str = "") -> None:
        """A table with all its lines but those named in skip: r1c0 has none on its right, r1c0b none below."""
        missing = skip.split()
        for row, cells in enumerate(rows):
            top, bottom = self.next, self.next + height
            for column, (left, right) in enumerate(pairwise(xs)):
                name = f"r{row}c{column}"
                if row == 0:
                    self.line(left, top, right, top)
                if f"{name}b" not in missing:
                    self.line(left, bottom, right, bottom)
                if column == 0:
                    self.line(left, top, left, bottom)
                if name not in missing:
                    self.line(right, top, right, bottom)
                for i, part in enumerate(cells[column].split("\n")):
                    self.text(left + 4, top + 14 + 11 * i, part, 10)
            self.next = bottom
        self.next += LEADING

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.canvas.line(x, HEIGHT - y, to_x, HEIGHT - to_y)

    def turn(self) -> None:
        self.canvas.showPage()
        self.next = TOP

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.file.getvalue()


def cells(*rows: list[str]) -> tuple[GridCell, ...]:
    """The cells of rows of texts, those without text left out."""
    return tuple(
        GridCell(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts) if text
    )


LONG = (
    "二〇二〇年清河市完成地区生产总值四百一十二点六亿元比上年增长百分之三点九其中第一"
    "产业增加值四十一点三亿元第二产业增加值一百六十点二亿元第三产业增加值二百一十一点一亿元"
)
SHORT = "全市常住人口八十六点四万人。"


def broken(text: str, *lengths: int) -> str:
    """A text with a break after so many letters, and so many more."""
    lines = []
    for length in lengths:
        lines.append(text[:length])
        text = text[length:]
    return "\n".join([*lines, text])


def test_paragraphs_headings_and_title() -> None:
    paper = Paper()
    paper.canvas.setTitle("清河市统计公报")
    paper.centred("清河市二〇二〇年", 22)
    paper.centred("统计公报", 22)
    paper.centred("清河市统计局")
    paper.paragraph(LONG + "。")
    paper.paragraph(SHORT)
    paper.paragraph(SHORT)
    assert read(paper.bytes()) == Content(
        (
            Passage("清河市二〇二〇年\n统计公报", 1),
            Passage("清河市统计局", 2),
            Passage(broken(LONG + "。", LINE - 2, LINE, LINE)),
            Passage(SHORT),
            Passage(SHORT),
        ),
        "清河市统计公报",
    )


def test_a_title_that_is_the_name_of_a_file_is_none() -> None:
    paper = Paper()
    paper.canvas.setTitle("Microsoft Word - gongbao.docx")
    paper.paragraph(SHORT)
    assert read(paper.bytes()).title == ""


def test_a_paragraph_goes_on_over_a_page_past_the_notes_at_its_foot() -> None:
    paper = Paper()
    paper.paragraph(LONG[: 2 * LINE - 2])
    paper.text(LEFT, 700, "注：本表按现价计算。", 9)
    paper.turn()
    paper.paragraph(LONG[2 * LINE - 2 :] + "。", first=0)
    paper.turn()
    paper.paragraph(SHORT)
    first = 2 * LINE - 2
    assert read(paper.bytes()).blocks == (
        Passage("注：本表按现价计算。"),
        Passage(
            LONG[: LINE - 2]
            + "\n"
            + LONG[LINE - 2 : first]
            + "\f"
            + broken(LONG[first:] + "。", LINE, len(LONG) - first - LINE + 1).rstrip("\n")
        ),
        Passage("\f"),
        Passage(SHORT),
    )


def test_running_heads_and_the_numbers_of_pages_are_left_out() -> None:
    paper = Paper()
    for page in range(1, 6):
        paper.text(LEFT, 40, "清河市财政局文件", 9)
        paper.text(280, 800, f"- {page + 2} -", 9)
        paper.text(LEFT, 815, f"第{page}页 共5页", 9)
        paper.paragraph("甲乙丙丁戊"[page - 1] * 39 + "。")
        paper.turn()
    texts = [Passage(letter * (LINE - 2) + "\n" + letter * (41 - LINE) + "。") for letter in "甲乙丙丁戊"]
    assert read(paper.bytes()).blocks == (texts[0], *(block for text in texts[1:] for block in (Passage("\f"), text)))


def test_columns_are_read_one_after_the_other() -> None:
    paper = Paper()
    paper.centred("清河市二〇二〇年财政收支情况报告", 22)
    top = paper.next
    left = "一" * (12 * 12 - 2) + "。"
    right = "二" * (12 * 12 - 2) + "。"
    paper.paragraph(left, x=60, letters=12)
    paper.next = top
    paper.paragraph(right, x=320, letters=12)
    assert read(paper.bytes()).blocks == (
        Passage("清河市二〇二〇年财政收支情况报告", 1),
        Passage(broken(left, 10, *[12] * 11)),
        Passage(broken(right, 10, *[12] * 11)),
    )


def test_a_ruled_table_with_merged_heads() -> None:
    paper = Paper()
    paper.text(200, paper.next, "清河市财政收支表")
    paper.text(460, paper.next, "单位：万元", 10)
    paper.next += 12
    paper.table(
        [
            ["项目", "2019年", "2020年", ""],
            ["", "", "预算数", "执行数"],
            ["一般公共预算\n收入", "3,120", "3,300", "3,412"],
            ["其中：税收收入", "", "2,100", "2,088"],
        ],
        [75, 220, 320, 420, 520],
        height=28,
        skip="r0c0b r0c1b r0c2",
    )
    paper.paragraph(SHORT)
    assert read(paper.bytes()).blocks == (
        Passage("清河市财政收支表"),
        Passage("单位：万元"),
        Grid(
            (
                GridCell("项目", 0, 0, 2, 1),
                GridCell("2019年", 0, 1, 2, 1),
                GridCell("2020年", 0, 2, 1, 2),
                GridCell("预算数", 1, 2),
                GridCell("执行数", 1, 3),
                GridCell("一般公共预算收入", 2, 0),
                GridCell("3,120", 2, 1),
                GridCell("3,300", 2, 2),
                GridCell("3,412", 2, 3),
                GridCell("其中：税收收入", 3, 0),
                GridCell("2,100", 3, 2),
                GridCell("2,088", 3, 3),
            )
        ),
        Passage(SHORT),
    )


def test_rows_that_no_rule_parts() -> None:
    paper = Paper()
    paper.table([["项目", "收入", "支出"]], [75, 250, 350, 450])
    paper.next -= LEADING
    paper.table(
        [["税收收入\n非税收入\n上解收入\n转移支付共同\n事权收入", "21\n13\n\n7", "20\n12\n\n6"]],
        [75, 250, 350, 450],
        height=80,
    )
    assert read(paper.bytes()).blocks == (
        Grid(
            cells(
                ["项目", "收入", "支出"],
                ["税收收入", "21", "20"],
                ["非税收入", "13", "12"],
                ["上解收入"],
                ["转移支付共同事权收入", "7", "6"],
            )
        ),
    )


@pytest.mark.parametrize("ruled", [False, True])
def test_a_table_without_vertical_rules(ruled: bool) -> None:
    rows = [
        ["指标", "2019年", "2020年"],
        ["地区生产总值", "398.2", "412.6"],
        ["财政收入", "31.2", "34.1"],
        ["居民人均可支配收入", "-", "32150"],
        ["常住人口", "85.9", "86.4"],
    ]
    paper = Paper()
    paper.paragraph(SHORT)
    paper.centred("主要指标")
    for row, texts in enumerate(rows):
        if ruled and row in (0, 1):
            paper.line(LEFT, paper.next - 16, 520, paper.next - 16)
        for x, text in zip((LEFT + 4, 300, 420), texts, strict=True):
            paper.text(x, paper.next, text, 12)
        paper.next += 22
    if ruled:
        paper.line(LEFT, paper.next - 16, 520, paper.next - 16)
    paper.next += LEADING
    paper.paragraph(LONG + "。")
    assert read(paper.bytes()).blocks == (
        Passage(SHORT),
        Passage("主要指标", 1),
        Grid(cells(*rows)),
        Passage(broken(LONG + "。", LINE - 2, LINE, LINE)),
    )


def test_a_table_goes_on_over_pages() -> None:
    xs = [75.0, 300.0, 450.0]
    head = ["科目", "金额"]
    rows = [[f"科目{number}", f"{number}.5"] for number in range(9)]
    paper = Paper()
    paper.paragraph(SHORT)
    for start in (0, 3, 6):
        paper.centred("支出明细表")
        paper.text(450, paper.next, "单位：万元", 10)
        paper.next += 10
        paper.table([head, *rows[start : start + 3]], xs)
        if start < 6:
            paper.turn()
    paper.paragraph(SHORT)
    assert read(paper.bytes()).blocks == (
        Passage(SHORT),
        Passage("支出明细表", 1),
        Passage("单位：万元"),
        Grid(cells(head, *rows), heads=1, pages=(4, 7)),
        Passage(SHORT),
    )


def test_two_tables_under_different_titles_stay_two() -> None:
    paper = Paper()
    paper.centred("收入表")
    paper.table([["科目", "金额"], ["税收", "21"]], [75, 300, 520])
    paper.turn()
    paper.centred("支出表")
    paper.table([["科目", "金额"], ["教育", "17"]], [75, 300, 520])
    assert read(paper.bytes()).blocks == (
        Passage("收入表", 1),
        Grid(cells(["科目", "金额"], ["税收", "21"])),
        Passage("\f"),
        Passage("支出表", 1),
        Grid(cells(["科目", "金额"], ["教育", "17"])),
    )


def test_a_page_that_lies_on_its_side() -> None:
    paper = Paper()
    paper.canvas.translate(0, HEIGHT)
    paper.canvas.rotate(-90)
    paper.canvas.translate(0, -HEIGHT + WIDTH)
    paper.table([["科目", "金额"], ["税收", "21"]], [75, 300, 450])
    assert read(paper.bytes()).blocks == (Grid(cells(["科目", "金额"], ["税收", "21"])),)


def test_raised_signs_of_notes_are_no_figures() -> None:
    paper = Paper()
    paper.text(LEFT, 100, "完成增加值")
    paper.text(LEFT + 5 * SIZE, 94, "2", 8)
    paper.text(LEFT + 5 * SIZE + 6, 100, "41亿元。")
    assert read(paper.bytes()).blocks == (Passage("完成增加值²41亿元。"),)


def test_words_and_figures_keep_their_spaces() -> None:
    paper = Paper()
    paper.canvas.setFont("Helvetica", 12)
    paper.canvas.drawString(LEFT, 700, "GDP of Qinghe was 41.3 billion yuan.")
    assert read(paper.bytes()).blocks == (Passage("GDP of Qinghe was 41.3 billion yuan."),)


def test_characters_that_control_are_left_out() -> None:
    data = one_page(b"BT /F 12 Tf 75 700 Td (41.3\\000 billion\\007 yuan) Tj ET")
    assert read(data).blocks == (Passage("41.3 billion yuan"),)


def test_a_crowded_page_is_read_in_bounded_time() -> None:
    grid = b"".join(b"%d 0 m %d 840 l S 0 %d m 590 %d l S " % (at, at, at, at) for at in range(0, 590, 5))
    text = b"BT /F 1 Tf 7 840 Td " + (b"2 0 Td (1) Tj " * 240 + b"-480 -1 Td ") * 300 + b"ET"
    started = time.process_time()
    assert len(read(one_page(text)).blocks) == 1
    assert len(read(one_page(grid + text)).blocks) == 1
    assert time.process_time() - started < SECONDS


def picture(paper: Paper) -> None:
    """What a scanner makes of a page."""
    paper.canvas.drawImage(_noise(), 0, 0, WIDTH, HEIGHT)


def _noise() -> object:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    return ImageReader(Image.frombytes("L", (16, 16), random.Random(1).randbytes(256)))


def test_pages_without_text_are_told() -> None:
    paper = Paper()
    paper.paragraph(SHORT)
    for _ in range(3):
        paper.turn()
        picture(paper)
    assert read(paper.bytes()) == Content(
        (Passage(SHORT), *[Passage("\f")] * 3), "", ("pages 2-4: no text layer; run OCR first",)
    )


def scanned() -> bytes:
    paper = Paper()
    picture(paper)
    return paper.bytes()


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    paper = Paper(encrypt=StandardEncryption("secret", canPrint=0))
    paper.paragraph(SHORT)
    return paper.bytes()


def good() -> bytes:
    paper = Paper()
    paper.paragraph(SHORT)
    return paper.bytes()


def written(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data = b"%PDF-1.4\n"
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(data),
    )


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
LOOP = written(CATALOGUE, b"<</Type/Pages/Count 3/Kids[3 0 R]>>", b"<</Type/Pages/Count 3/Kids[2 0 R]/Parent 2 0 R>>")
COUNT = written(CATALOGUE, b"<</Type/Pages/Count 2000000000/Kids[]>>")
MANY = written(CATALOGUE, b"<</Type/Pages/Count 6000/Kids[%s]>>" % (b"3 0 R " * 6000), b"<</Type/Page/Parent 2 0 R>>")
SELF = written(
    CATALOGUE,
    b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9e9 9e9]/Contents 4 0 R/Resources<</XObject<</A 4 0 R>>>>>>",
    b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 5>>stream\n/A Do\nendstream",
)


def bomb() -> bytes:
    """A page that is small as long as nobody unpacks it."""
    return one_page(b"1 1 m 9 9 l S " * 3_000_000)


def one_page(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return written(
        CATALOGUE,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (scanned, "no text layer: its pages are pictures; run OCR first"),
        (encrypted, "encrypted: it opens with a password only; save it without one first"),
        (lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(5000), "damaged"),
        (lambda: good()[:400], "damaged"),
        (lambda: b"", "damaged"),
        (lambda: LOOP, "damaged|no text layer"),
        (lambda: COUNT, "damaged|it says it has"),
        (lambda: MANY, "it says it has 6000 pages; no more than 5000 are read: split it first"),
        (lambda: SELF, "no text layer"),
        (bomb, "damaged, or made to harm"),
        (lambda: one_page(b"1 1 m 9 9 l S " * 210_000), "page 1 has 210000 objects"),
        (lambda: one_page(b"BT /F 5 Tf 9 9 Td " + b"(abcdefgh) Tj " * 26_000 + b"ET"), "a page of 208000 characters"),
    ],
    ids=[
        *("scanned", "encrypted", "noise", "cut", "empty", "loop", "count", "many", "self"),
        *("bomb", "objects", "characters"),
    ],
)
def test_what_cannot_be_read_says_why_in_bounded_time(data: Callable[[], bytes], reason: str) -> None:
    assert_refused(data(), reason)


def assert_refused(data: bytes, reason: str) -> None:
    """Reading ends with this reason, in its own process, with a limit of time and one of memory."""
    script = (
        "import re, resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES} << 20, {MEGABYTES} << 20))\n"
        "from checker.read.formats.pdf import read\n"
        "try:\n    print(read(sys.stdin.buffer.read()))\n"
        "except ValueError as error:\n    print('refused:', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, timeout=SECONDS, check=False)
    said = done.stdout.decode()
    assert said.startswith("refused: "), said + done.stderr.decode()
    assert re.match(reason, said.removeprefix("refused: "))


def test_bytes_are_recognised() -> None:
    assert recognises(good())
    assert recognises(b"\xef\xbb\xbf\n" + good())
    assert not recognises(b"2020 %PD")
    chosen = format_of(good(), ".txt")
    assert chosen is not None and chosen.__name__ == "checker.read.formats.pdf"
