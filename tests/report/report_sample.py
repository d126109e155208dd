"""An invented audit of an invented city: three reports, one of them hostile, and three findings at three levels.

The newspaper's lines are broken in mid-number, so that its figures point back through an offset map.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from checker.model import (
    Anchor,
    Audit,
    Claim,
    Document,
    Evidence,
    Explanation,
    Fact,
    Finding,
    How,
    Hypothesis,
    Interval,
    Mark,
    Match,
    OffsetMap,
    Problem,
    Rejected,
    Suppression,
    changed,
    claim_of,
)

REPORT = """# 清河市政府工作报告

——2021年1月20日在清河市人民代表大会上

各位代表：

2020年，面对多重考验，全市上下同心，稳字当先。全市预计实现地区生产总值**412.6亿元**，是2015年251.2亿元的1.64倍。一般公共预算收入完成31.08亿元。

城镇居民人均可支配收入同比增长6.9%。市场主体达到13.2万余户，新增科技型企业136家。政务服务热线12345受理群众诉求近8万件。
"""
PAPER = """清水长流 百业向新
——五年来清河市发展综述

　　2020年，清河市地区生产
总值达到 398
 亿元，经济总量跨上新台阶。居民
的钱袋子更鼓，城镇居民人均可
支 配 收 入 增 长 7.1% （经年度统计核实）。

　　五年来，市场主体增至 13.2 万
余户，新增科技型企业136家，老旧
小区改造惠及居民2.4万户。
"""
HOSTILE = """=cmd()|' /C calc'!A0 [bold red]清河[/bold red]速览
<script>alert("1")</script>\x1b[31m红\x1b[0m\x00
2020年地区生产总值为\u202e410亿元\u202c</div><a href="#x">，预计全年旅游收入\x9b2J25.5亿元。
"""
PAPER_PATH, REPORT_PATH, HOSTILE_PATH = "paper.txt", "report.md", "evil[red]\x1b[2J.txt"


def audit() -> Audit:
    """The sample, the same on every call."""
    documents = (
        _document(HOSTILE_PATH, HOSTILE, '<img src=x onerror="alert(2)">\u202e', None, ""),
        _document(PAPER_PATH, PAPER, "五年来清河市发展综述", date(2021, 9, 8), "清河市"),
        _document(REPORT_PATH, REPORT, "清河市政府工作报告", date(2021, 1, 20), "清河市"),
    )
    hostile, paper, report = documents
    gdp = _bound("地区生产总值", "money", "元", concept="gdp")
    income = _bound("城镇居民人均可支配收入", "percent", "%", attribute="growth")
    firms = _bound("新增科技型企业", "count", "家")
    owners = _bound("市场主体", "households", "户", qualifier="over")
    homes = _bound("老旧小区改造", "households", "户", year=None)
    tourism, budget = _bound("旅游收入", "money", "元"), _bound("一般公共预算收入", "money", "元")
    times = _bound("地区生产总值", "times", "倍", concept="gdp", attribute="multiple")
    estimate, earlier = {"modality": "estimate"}, _year(2015)
    claims = (
        _claim("h1", hostile, "410", "410亿元", "41000000000", "0.5e8", gdp),
        _claim("h2", hostile, "25.5", "25.5亿元", "2550000000", "0.05e8", tourism | estimate),
        _claim("p1", paper, "398", "398\n 亿元", "39800000000", "0.5e8", gdp),
        _claim("p2", paper, "7.1", "7.1%", "7.1", "0.05", income),
        _claim("p3", paper, "13.2", "13.2 万\n余户", "132000", None, owners),
        _claim("p4", paper, "136", "136家", "136", "0.5", firms),
        _claim("p5", paper, "2.4", "2.4万户", "24000", "500", homes),
        _claim("r1", report, "412.6", "**412.6亿元", "41260000000", "0.05e8", gdp | estimate),
        _claim("r2", report, "251.2", "251.2亿元", "25120000000", "0.05e8", gdp | earlier),
        _claim("r3", report, "1.64", "1.64倍", "1.64", "0.005", times),
        _claim("r4", report, "31.08", "31.08亿元", "3108000000", "0.005e8", budget),
        _claim("r5", report, "6.9", "6.9%", "6.9", "0.05", income | estimate),
        _claim("r6", report, "13.2", "13.2万余户", "132000", None, owners),
        _claim("r7", report, "136", "136家", "136", "0.5", firms),
    )
    return Audit(
        documents, claims, _rejected(documents), _facts(), _findings(), (Problem("scan.pdf\x07", "not text"),),
        ("multiple-of-base-year", "parts-add-up", "same-figure", "shares-add-up"),
    )  # fmt: skip


REASON = "已核：<b>x</b>|`@all`\x1b[2J\n::error::]]>"


def suppressed() -> Audit:
    """The sample with the warning suppressed."""
    sample = audit()
    note, warning, error = sample.findings
    return replace(sample, findings=(note, replace(warning, suppression=Suppression("decision", REASON)), error))


def placed() -> Audit:
    """The sample as if it were read from a PDF, a spreadsheet and a text with a table."""
    sample = audit()
    formats = {PAPER_PATH: "pdf", HOSTILE_PATH: "xlsx", REPORT_PATH: "markdown"}
    long = "一般公共预算收入（含上级补助收入和调入资金）"
    anchors = {
        "p1": Anchor(page=2, page_line=3),
        "p2": Anchor(page=3, page_line=9, table=1, row="居民收入", head="增速"),
        "h1": Anchor(table=1, row="总量", head="2020年", sheet="2020年 'A'\x1b", cell="C14"),
        "r1": Anchor(table=3, row=long, head="执行数"),
    }
    return replace(
        sample,
        documents=tuple(replace(document, format=formats[document.path]) for document in sample.documents),
        claims=tuple(changed(claim, anchor=anchors.get(claim.id, Anchor())) for claim in sample.claims),
        rejected=(changed(sample.rejected[2], anchor=Anchor(sheet="Sheet1", cell="B2")),),
    )


def _facts() -> tuple[Fact, ...]:
    year = ("清河市", "", "2020-01-01", "2020-12-31")
    return (
        Fact("gdp-2020", "地区生产总值", "gdp", "level", "元", *year, ("h1", "p1", "r1")),
        Fact("gdp-2015", "地区生产总值", "gdp", "level", "元", "清河市", "", "2015-01-01", "2015-12-31", ("r2",)),
        Fact("income", "城镇居民人均可支配收入", None, "growth", "%", *year, ("p2", "r5")),
        Fact("owners", "市场主体", None, "level", "户", *year, ("p3", "r6")),
        Fact("firms", "新增科技型企业", None, "level", "家", *year, ("p4", "r7")),
    )


def _findings() -> tuple[Finding, ...]:
    same = {"zh": "同一事实的数字相符", "en": "Figures for one fact agree"}
    rounding = Explanation("rounding", {"zh": "四舍五入", "en": "Rounding"}, False)
    income = "城镇居民人均可支配收入"
    return (
        Finding(
            "5d0c11", "same-figure", "note", "explained", same,
            {"zh": "城镇居民人均可支配收入增速：7.1%与6.9%", "en": "Growth of urban disposable income: 7.1% and 6.9%"},
            {"zh": "区间不相交，文中提及核实。", "en": "The intervals do not meet; a text names a revision."},
            ("p2", "r5"), "7.1 ≠ 6.9", income, "清河市", "2020-01-01", "2020-12-31", Decimal("0.2"), 0.2 / 7.1,
            (
                Explanation("revision", {"zh": "年度核实或修订", "en": "Annual revision"}, True, "（经年度统计核实）"),
                rounding,
            ),
        ),
        Finding(
            "77ab02", "multiple-of-base-year", "warning", "unexplained",
            {"zh": "倍数与基期、报告期水平相符", "en": "A multiple agrees with the two levels it relates"},
            {"zh": "398亿元是251.2亿元的1.58倍，另一处为1.64倍", "en": "398亿元 is 1.58 × 251.2亿元; stated: 1.64"},
            {"zh": "1.64 × 251.2亿元 = 412亿元。", "en": "1.64 × 251.2亿元 = 412亿元."},
            ("p1", "r3", "r2"), "398 ≠ 1.64 × 251.2", "地区生产总值", "清河市", "2020-01-01", "2020-12-31",
            Decimal("1396800000"), 0.0339, (rounding,),
            hypotheses=(
                Hypothesis("point", {"zh": "小数点移动一位", "en": "the point moved"}, "p1", "398亿元", "39.8亿元"),
                Hypothesis("changed", {"zh": "一位数字不同", "en": "a digit changed"}, "r3", "1.64倍", "1.\x1b84倍"),
            ),
            severity="error", confidence=0.713, importance=1.513,
            marks=(
                Mark("near", {"zh": "相差很小，但超出舍入", "en": "close, though outside rounding"}, 1.32),
                Mark("period-carried", {"zh": "时期承前文", "en": "its period comes from the words before"}, -0.41),
                Mark("many", {"zh": "同类发现较多", "en": "several such findings"}, -0.01),
            ),
        ),
        Finding(
            "c3f9e4", "same-figure", "error", "unexplained", same,
            {"zh": "2020年地区生产总值：398亿元与412.6亿元", "en": "GDP of 2020: 398亿元 and 412.6亿元"},
            {"zh": "区间不相交，文中未提及修订。", "en": "The intervals do not meet; the texts name no revision."},
            ("p1", "r1", "h1"), "398 ≠ 412.6", "地区生产总值", "清河市", "2020-01-01", "2020-12-31",
            Decimal("1460000000"), 14.6 / 412.6,
            (rounding, Explanation("revision", {"zh": "年度核实或修订", "en": "Annual revision"}, False)),
            (
                Match("p1", "r1", 6.5, "same", (
                    Evidence("phrase", "地区生产总值", "地区生产总值", 4.5),
                    Evidence("period", "2020-01-01/2020-12-31", "2020-01-01/2020-12-31", 2.5),
                    Evidence("place", "清河市", "全市", 1.0),
                    Evidence("modality", "", "预计", -1.5),
                )),
            ),
            severity="error", confidence=0.94, importance=1.74,
            also=(
                Finding(
                    "0be1c7", "parts-add-up", "suspected", "unexplained", same,
                    {"zh": "各项相加为\x1b[31m398亿元", "en": "Parts add up to \x1b[31m398亿元"}, {"zh": "", "en": ""},
                    ("p1", "h1"), "", "地区生产总值", "清河市", "2020-01-01", "2020-12-31",
                ),
            ),
        ),
    )  # fmt: skip


def _rejected(documents: tuple[Document, ...]) -> tuple[Rejected, ...]:
    _, paper, report = documents
    year, hotline = paper.text.index("2020"), report.text.index("12345")
    return (
        Rejected(paper.path, 4, 3, year, year + 4, "2020", "date", "2020年，清河市地区生产"),
        Rejected(report.path, 9, 49, hotline, hotline + 5, "12345", "name", "政务服务热线12345受理"),
        Rejected(HOSTILE_PATH, 1, 1, 0, 1, "=1+1", "name", "@SUM(A1)\x1b[2J"),
    )


def _document(path: str, text: str, title: str, when: date | None, place: str) -> Document:
    flat, starts, sources = _unbroken(text)
    return Document(path, text, flat, OffsetMap(starts, sources), title, when, place)


def _unbroken(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """A text without the line breaks and spaces that only lay it out, and the runs it is made of."""
    pieces, starts, sources, size = [], [], [], 0
    for match in re.finditer(r"\n{2,}|(?:[^\s]|(?<=[!-~])[ ](?=[!-~]))+", text):
        starts.append(size)
        sources.append(match.start())
        pieces.append(match.group()[:1] if match.group().isspace() else match.group())
        size += len(pieces[-1])
    return "".join(pieces), tuple(starts), tuple(sources)


def _bound(metric: str, dimension: str, unit: str, year: int | None = 2020, **others: str) -> dict[str, Any]:
    """What binds a claim, with the commonest values filled in."""
    common = {"concept": None, "qualifier": "exact", "attribute": "level", "modality": "actual", "scope": ""}
    about = {"metric": metric, "dimension": dimension, "unit": unit, "place": "清河市"}
    return common | about | _year(year) | others


def _year(year: int | None) -> dict[str, str | None]:
    ends = (f"{year}-01-01", f"{year}-12-31") if year else (None, None)
    return dict(zip(("period_start", "period_end"), ends, strict=True))


def _claim(
    id: str, document: Document, number: str, text: str, value: str, half: str | None, bound: dict[str, Any]
) -> Claim:
    """A claim at the first place of its document that prints this text; without a half step it is open above."""
    start = document.text.index(text)
    end = start + len(text)
    middle = Decimal(value)
    ends = Interval(middle, None) if half is None else Interval(middle - Decimal(half), middle + Decimal(half))
    line, line_to = (document.text.count("\n", 0, at) + 1 for at in (start, end))
    return claim_of(
        id=id,
        document=document.path,
        line=line,
        column=start - document.text.rfind("\n", 0, start),
        start=start,
        end=end,
        number=number,
        number_to=None,
        text=text,
        value=middle,
        low=ends.low,
        high=ends.high,
        low_open=False,
        high_open=False,
        step=Decimal(half or "500") * 2,
        printed_unit="".join(text.rpartition(number[-1])[2].split()),
        scale=Decimal(10) ** (8 if "亿" in text else 4 if "万" in text else 0),
        sentence=_sentence(document, start),
        line_to=line_to,
        how=(
            How("metric", "stated", bound["metric"]),
            How("period", "carried", "2020年"),
            How("place", "document"),
            How("unit", "stated", bound["unit"]),
        ),
        reading="level",
        passed=(),
        **bound,
    )


def _sentence(document: Document, start: int) -> str:
    """The sentence that holds a place of the source, layout undone."""
    before = len(_unbroken(document.text[:start])[0])
    first = max(document.flat.rfind(stop, 0, before) for stop in "。\n") + 1
    last = re.compile(r"[。\n]").search(document.flat, before)
    return document.flat[first : last.end() if last else None].strip()
