"""Web pages: what is text and what surrounds it, tables, titles, character sets, and pages made to do harm."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable

import pytest

from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.formats import format_of, html

ONE = "2020年，清河市完成地区生产总值412.6亿元，同比增长6.1%。"
TWO = "全市一般公共预算收入31.2亿元，增长4.5%；支出62.8亿元。"


def body(markup: str) -> tuple[Passage | Grid, ...]:
    return html.read(f"<!DOCTYPE html><html><body>{markup}</body></html>".encode()).blocks


def texts(markup: str) -> list[str]:
    return [block.text for block in body(markup) if isinstance(block, Passage)]


def grid(markup: str) -> Grid:
    (block,) = body(f"<p>{ONE}</p>{markup}")[1:]
    assert isinstance(block, Grid)
    return block


def cells(*rows: str) -> tuple[GridCell, ...]:
    """Cells of rows given as words apart by blanks, a dot for none."""
    return tuple(
        GridCell(text, row, column)
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split())
        if text != "."
    )


# ---- a page as sites make them

PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8">
<title>清河市2020年统计公报_统计数据_清河市统计局</title>
<meta name="SiteName" content="清河市统计局"><meta name="PubDate" content="2021-03-05 10:00">
<meta name="ContentSource" content="市统计局"><style>p {{ color: red }}</style></head>
<body>
<div class="header"><a href="/">首页</a><a href="/a">政务公开</a><a href="/b">统计数据</a></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/a">统计数据</a></div>
<div class="main">
  <h1>清河市2020年统计公报</h1>
  <div class="info">发布时间：2021-03-05 来源：市统计局 【字体：<a href="#">大</a> <a href="#">中</a>】</div>
  <div class="TRS_Editor">
    <h2>一、综合</h2>
    <p>&nbsp;&nbsp;&nbsp;&nbsp;2020年，<span>清河市</span>完成<b>地区生产</b>总值<b>412.6</b>亿元，同比增长6.1%。</p>
    <p style="display: none">全市人口999万人，比上年增长99%，这一句没有人看得见。</p>
    <p>　　{TWO}</p>
    <table><caption>表1 主要指标</caption>
      <thead><tr><th>指标</th><th>数值</th></tr></thead>
      <tbody><tr><td>生产总值（亿元）</td><td>412.6</td></tr><tr><td>人口</td><td>&nbsp;</td></tr></tbody>
    </table>
    <script>document.write("1亿元")</script><!-- 2亿元 -->
  </div>
  <div class="share">分享到：<a href="#">微信</a></div>
  <ul class="related"><li><a href="/1">2019年统计公报</a></li><li><a href="/2">2018年统计公报</a></li></ul>
</div>
<ul><li><a href="/x">东城区</a></li><li><a href="/y">西城区</a></li><li><a href="/z">南城区</a></li></ul>
<footer><p>版权所有：清河市统计局 京ICP备00000000号。建议使用高版本的浏览器访问本站，电话12345。</p></footer>
</body></html>
"""


def test_a_page() -> None:
    table = (
        GridCell("指标", 0, 0), GridCell("数值", 0, 1), GridCell("生产总值（亿元）", 1, 0), GridCell("412.6", 1, 1),
        GridCell("人口", 2, 0),
    )  # fmt: skip
    assert html.read(PAGE.encode()) == Content(
        (
            Passage("清河市2020年统计公报", 1),
            Passage("一、综合", 2),
            Passage(ONE),
            Passage(TWO),
            Grid(table, heads=1, title="表1 主要指标"),
        ),
        title="清河市2020年统计公报",
        date="2021-03-05",
        publisher="市统计局",
    )


def test_a_page_without_anything_around_its_text_is_all_text() -> None:
    assert body(f"<p>说明</p><div><p>{ONE}</p></div><p>清河市统计局</p>") == (
        Passage("说明"), Passage(ONE), Passage("清河市统计局"),
    )  # fmt: skip


# ---- what is text

TEXT: dict[str, tuple[str, list[str]]] = {
    "a page of figures alone": ("<div>人口 5万人</div><div>面积 3平方公里</div>", ["人口 5万人", "面积 3平方公里"]),
    "text in a part that is named as something else": (f"<div class='sidebar'><p>{ONE}</p></div>", [ONE]),
    "the only text is hidden until a script shows it": (f"<div style='display:none'><p>{ONE}</p></div>", [ONE]),
    "a link around a paragraph": (f"<a href=x><p>{ONE}</p></a>", [ONE]),
    "headings of lower case": (f"<div><h3>收入</h3><p>{ONE}</p></div>", ["收入", ONE]),
    "an attachment": (f"<p>{ONE}</p><p>附件：<a href=x.pdf>表一</a></p>", [ONE, "附件：表一"]),
    "navigation": (f"<p>{ONE}</p><div><a href=1>首页</a> <a href=2>公开</a> <a href=3>互动</a></div>", [ONE]),
    "what is not displayed": (
        f"<p>{ONE}</p><p hidden>一</p><p style='VISIBILITY:hidden'>二</p><p>三<i style='display : none'>四</i></p>",
        [ONE, "三"],
    ),
    "what is only not read aloud": (f"<p>{ONE}</p><p aria-hidden=true>一</p>", [ONE, "一"]),
    "controls": (f"<form><p>{ONE}</p><select><option>一</option></select><button>二</button></form>", [ONE]),
    "tools": (f"<p>{ONE}</p><p>【打印】 【关闭窗口】</p><p>浏览次数：31</p>", [ONE]),
    "a record in front": (f"<p>索 引 号：0152/2021</p><p>来源：统计局</p><p>{ONE}</p>", [ONE]),
    "an article in a part beside it by its name": (
        f"<div class=nav><p>{TWO}</p></div><div><p>{ONE}</p></div>", [TWO, ONE]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXT)
def test_what_is_text(name: str) -> None:
    markup, wanted = TEXT[name]
    assert texts(markup) == wanted


PARAGRAPHS: dict[str, tuple[str, list[str]]] = {
    "inline elements": ("<p>生<b>产</b><span>总</span>值<font size=3>5</font>20亿元</p>", ["生产总值520亿元"]),
    "lines of the source": ("<p>全市生产\n   总值 520\n亿元, GDP\n  of 5</p>", ["全市生产总值 520亿元, GDP of 5"]),
    "a break within a title": ("<p>关于2020年<br>预算的报告</p>", ["关于2020年\n预算的报告"]),
    "a break at the end of a sentence": ("<div>收入1亿元。<br>支出2亿元。</div>", ["收入1亿元。", "支出2亿元。"]),
    "breaks and indents": ("<div>一、收入<br>&nbsp;&nbsp;1亿元<br/><br/>2亿元</div>", ["一、收入", "1亿元", "2亿元"]),
    "items": ("<ul><li>一</li><li>二<ul><li>三</li></ul></li></ul><dl><dt>四<dd>五</dl>", list("一二三四五")),
    "entities": ("<p>A&amp;B &lt; 5&#37;&#x4e00;&ldquo;&mdash;&rdquo;</p>", ["A&B < 5%一“—”"]),
    "what shows nothing": ("<p>生产\u200b总值5&shy;20\ufeff亿元</p>", ["生产总值520亿元"]),
    "the mark of a note": ("<p>生产总值<sup>2</sup>520<sub>[3]</sub>亿元<sup>①</sup></p>", ["生产总值[2]520[3]亿元①"]),
    "exponents and indices": ("<p>5km<sup>2</sup>，10<sup>8</sup>，CO<sub>2</sub></p>", ["5km²，10⁸，CO2"]),
    "text as it is typed": ("<pre>一  1\n二  2</pre>", ["一 1\n二 2"]),
    "text of a word processor": (
        "<p class=MsoNormal style='mso-char-indent:2'><span lang=EN-US>&nbsp;&nbsp;<o:p></o:p></span>收入<span\n"
        "lang=EN-US>1.5<o:p></o:p></span>亿元<span style='mso-hide:all'>9</span></p><![if !x]><!--[if x]>7<![endif]-->",
        ["收入1.5亿元"],
    ),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs(name: str) -> None:
    markup, wanted = PARAGRAPHS[name]
    assert texts(markup) == wanted


# ---- tables


def test_spans() -> None:
    markup = (
        "<table><tr><td rowspan=2>项目<td colspan=2>收入<tr><td>全市<td>市级<tr><td>税收<td>3<td rowspan=9>1"
        "<tr><td>其他<td>2</table>"
    )
    assert grid(markup) == Grid(
        (
            GridCell("项目", 0, 0, rows=2), GridCell("收入", 0, 1, columns=2), GridCell("全市", 1, 1),
            GridCell("市级", 1, 2), GridCell("税收", 2, 0), GridCell("3", 2, 1), GridCell("1", 2, 2, rows=2),
            GridCell("其他", 3, 0), GridCell("2", 3, 1),
        )
    )  # fmt: skip


def test_heads() -> None:
    assert grid("<table><tr><th>年<th>亿元<tr><th>2020<td>5</table>") == Grid(cells("年 亿元", "2020 5"), heads=1)
    assert grid("<table><tr><th>年<th>亿元<tr><th>2020<th>5</table>").heads is None
    assert grid("<table><thead><tr><td>年<td>亿<tr><td>.<td>元<tbody><tr><td>1<td>2</table>").heads == 2


def test_cells_of_several_lines_are_kept_apart() -> None:
    first, second = grid("<table><tr><td><p>地区</p><p>总值</p><td>5<br>6</table>").cells
    assert (first.text, second.text) == ("地区\n总值", "5\n6")


def test_tables_that_lay_out_a_page_are_flattened() -> None:
    inner = "<table><tr><td>人口<td>520<tr><td>面积<td>31</table>"
    long = f"<p>{ONE}</p><p>{TWO}</p>" * 8
    assert body(f"<table><tr><td>{long}</td><td>目录</td></tr></table>") == (
        *(Passage(ONE), Passage(TWO)) * 8, Passage("目录"),
    )  # fmt: skip
    assert body(f"<table><tr><td>年鉴<td><p>{ONE}</p>{inner}</table>") == (
        Passage("年鉴"), Passage(ONE), Grid(cells("人口 520", "面积 31")),
    )  # fmt: skip
    assert texts(f"<table role=presentation><tr><td>{ONE}<td>5</table>") == [ONE, "5"]
    assert texts(f"<table><tr><td>{ONE}</td></tr><tr><td>{TWO}</td></tr></table>") == [ONE, TWO]


def test_a_table_with_links_to_regions_is_data() -> None:
    rows = "".join(f"<tr><td><a href={n}>区{n}</a><td>{n}5.3<td>{n}.1" for n in range(1, 5))
    assert grid(f"<div><table>{rows}</table></div>").cells[:3] == (
        GridCell("区1", 0, 0), GridCell("15.3", 0, 1), GridCell("1.1", 0, 2),
    )  # fmt: skip


# ---- title, day and publisher

ABOUT: dict[str, tuple[str, str, tuple[str, str, str]]] = {
    "meta elements": (
        "<title>站</title><meta name=' ArticleTitle ' content='清河市2020年公报'><meta name=PUBDATE content=2021/3/5>"
        "<meta name=ContentSource content='统计局,'>", "",
        ("清河市2020年公报", "2021-03-05", "统计局"),
    ),
    "a title with the name of its site": ("<title>清河市2020年公报-市政府</title>", "", ("清河市2020年公报", "", "")),
    "the name of the site first": (
        "<title>统计局 -\n 清河市2020年公报</title><meta name=SiteName content=统计局>", "",
        ("清河市2020年公报", "", "统计局")
    ),
    "a heading within the title": (
        "<title>重磅：清河市2020年公报发布</title>", "<h1>清河市2020年公报</h1>", ("清河市2020年公报", "", "")
    ),
    "a heading, and a title that is none": (
        "<title>财政局</title>", "<h1>关于清河市预算的报告</h1>", ("关于清河市预算的报告", "", "")
    ),
    "what the page displays": (
        "", "<h1>公报</h1><div><span>发布日期：2021年3月5日</span> 来源：统计局</div>", ("公报", "2021-03-05", "统计局")
    ),
    "no day": ("<meta name=PubDate content=2021-13-45>", "", ("", "", "")),
    "none of it": ("", "", ("", "", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", ABOUT)
def test_title_day_and_publisher(name: str) -> None:
    head, top, wanted = ABOUT[name]
    content = html.read(f"<html><head>{head}</head><body>{top}<div><p>{ONE}</p></div></body></html>".encode())
    assert (content.title, content.date, content.publisher) == wanted
    assert content.blocks[-1] == Passage(ONE)
    assert content.blocks[:-1] == ((Passage(wanted[0], 1),) if wanted[0] else ())


# ---- character sets

SETS: dict[str, tuple[str, str]] = {
    "utf-8": ("utf-8", "utf-8"),
    "utf-8 that says it is gb2312": ("gb2312", "utf-8"),
    "gbk": ("gb2312", "gb18030"),
    "gbk that says it is utf-8": ("utf-8", "gb18030"),
    "gbk that says nothing": ("", "gb18030"),
    "big5": ("big5", "big5"),
    "a set that is not known": ("klingon", "gb18030"),
}


@pytest.mark.parametrize("name", SETS)
def test_character_sets(name: str) -> None:
    declared, real = SETS[name]
    text = "2020年，全市生產總值完成520億元，同比增長6.1%。" if real == "big5" else ONE
    meta = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>" if declared else ""
    assert html.read(f"<html><head>{meta}</head><body><p>{text}</p>".encode(real)).blocks == (Passage(text),)


def test_marked_character_sets() -> None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        data = mark + f"<html><meta charset=gb2312><p>{ONE}".encode(encoding)
        assert html.recognises(data)
        assert html.read(data).blocks == (Passage(ONE),)


def test_a_few_damaged_bytes_do_no_harm() -> None:
    data = f"<p>{ONE}</p>".encode("gb18030")
    (passage,) = html.read(data * 50 + b"<p>\xff\xff</p>" + data).blocks[:1]
    assert passage == Passage(ONE)


def test_a_page_saved_with_its_pictures() -> None:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    whole = MIMEMultipart("related")
    whole.attach(MIMEText(f"<html><body><p>{ONE}</p></body></html>", "html", "gb18030"))
    data = b"From: <Saved by>\r\n" + whole.as_bytes()
    assert html.recognises(data)
    assert html.read(data).blocks == (Passage(ONE),)


def test_xhtml_closes_what_html_leaves_open() -> None:
    data = f"<?xml version='1.0'?><html><head><script src='x'/><title/></head><body><p/><p>{ONE}</p></body></html>"
    assert html.recognises(data.encode())
    assert html.read(data.encode()).blocks == (Passage(ONE),)


def test_what_is_a_page() -> None:
    for data in (b"\n<!doctype HTML>", b"<html lang=zh>", b"<!-- x --><HTML>", b"<?xml version='1.0'?>\n<html>"):
        assert html.recognises(data)
        assert format_of(data, ".txt") is html
    for data in (b"", b"text <html>", b"<?xml version='1.0'?><rss>", b"<htmlx>", b"# <p>", "全市".encode()):
        assert not html.recognises(data)
    assert format_of(b"<p>1", ".htm") is html


# ---- pages made to do harm

EMPTY: dict[str, bytes] = {
    "nothing": b"",
    "a script alone": b"<html><head><script>var n = '5';</script></head><body><div id=app></div></body></html>",
    "blanks": b"<p>&nbsp;</p><br><table><tr><td> </table>",
    "frames": b"<html><frameset cols=5><frame src=x></frameset></html>",
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_without_text_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        html.read(EMPTY[name])


BROKEN: dict[str, str] = {
    "nothing is closed": f"<table><tr><td><div><p>{ONE}",
    "everything is closed twice": f"</div></td></table></html><p>{ONE}</p></p></div></td></tr></table></body></html>",
    "elements cross": f"<b><p><i>{ONE}</b></i></p>",
    "text after the end": f"<html><body></body></html>{ONE}",
    "cells without a table": f"<tr><td>{ONE}</td></tr>",
    "an attribute without an end": f"<p>{ONE}</p><a href='x>",
    "a NUL": f"<p>{ONE[:5]}\0{ONE[5:]}</p>",
    "an odd element": f"<o:p><x-y>{ONE}</x-y></o:p>",
    "captions and heads of no table": f"<caption>{ONE}</caption><thead><th></thead>",
    "spans that are no numbers": f"<table><tr><td rowspan=x colspan=-1>{ONE}</table>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_markup(name: str) -> None:
    assert body(BROKEN[name]) == (Passage(ONE),)


PAGES: dict[str, tuple[Callable[[], str], str]] = {
    "10,000 nested tables": (lambda: "<table><tr><td>x" * 10_000 + "</table>" * 10_000, ""),
    "100,000 nested elements": (lambda: "<div>x" * 100_000, "nest deeper than"),
    "styles that are left open": (lambda: "".join(f"<font size={n}>x<p>" for n in range(20_000)), ""),
    "links that are left open": (lambda: "<a href=x><p>x" * 10_000, ""),
    "an element of 100,000 attributes": (lambda: f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>", "attributes"),
    "5,000,000 tags": (lambda: "<b>" * 5_000_000, "tags"),
    "cells that span thousands": (lambda: "<table>" + "<tr><td colspan=1000 rowspan=60000>1<td>2" * 20_000, ""),
    "a bomb of entities": (lambda: '<!DOCTYPE html [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>' + "<p>&b;" * 100_000, ""),
    "openings": (lambda: "<" * 1_000_000, ""),
    "comments that are left open": (lambda: "<p>1" + "<!--" * 1_000_000, ""),
    "blanks": (lambda: "<p>1" + " \n\t" * 3_000_000, ""),
    "tools": (lambda: ("<p>" + "打印本页" * 15 + "x") * 10_000, ""),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_to_do_harm(name: str) -> None:
    made, refused = PAGES[name]
    data = (f"<html><body><p>{ONE}</p>" + made()).encode()
    started = time.monotonic()
    if refused:
        with pytest.raises(ValueError, match=refused):
            html.read(data)
    else:
        assert Passage(ONE) in html.read(data).blocks
    assert time.monotonic() - started < 20


def test_a_page_of_50_mb() -> None:
    row = "<tr><td>指标名称</td><td>1234.5</td><td>6.7</td></tr>"
    unit = f"<p><span>{ONE * 20}</span></p><table>{row * 4}</table>".encode()
    data = b"<html><body>" + unit * (50_000_000 // len(unit))
    started = time.monotonic()
    assert len(html.read(data).blocks) == 2 * (50_000_000 // len(unit))
    assert time.monotonic() - started < 40
