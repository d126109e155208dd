"""Title, date and place of a document, read off its text where nobody has said."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from checker.vocabulary import words

_HEAD = 4000
_FULL_DATE = re.compile(r"(20\d\d|19\d\d)\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})\s?日?")
_MEETING = re.compile(r"[—-]{2,3}\s?(20\d\d|19\d\d)年(\d{1,2})月(\d{1,2})日")
_MONTH_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_YEAR = re.compile(r"(20\d\d|19\d\d)(?=年|[,，])")
_TITLE = re.compile(r"报告|公报|规划|预算|意见|通知|白皮书|纪要|答卷|综述|工作")
_YEARLY = re.compile(r"\d{4}\s?年.*(?:报告|公报|预算执行情况|工作要点|计划)")
_FULL_TITLE = re.compile(r"关于[^，。；\n]{4,50}?的报告")
_TITLE_LABEL = re.compile("^(?:内容概述|标\\s*题|题\\s*名|名\\s*称)[：:]\\s*")
_SITE = re.compile(r"[>|»]|http|首页|当前位置|公开|专栏|名称|标题|附件")
# 清河市 in front of what only a place has; 全市, 本市 and the like are no names.
_PLACE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=关于)|(?<=[年在为受将予]))((?![全各本该我市省区县两级年其关])[^\W\da-zA-Z_年其中]{2,5}?(?:自治区|省|市|州|盟|县|区|旗))"
    r"(?=人民政府|政府|第[一二三四五六七八九十]|财政局|统计局|国民经济|经济和社会|市长|\d{4}年|级|预算|委|人大|区|\s?\d{4})"
)
_NATIONAL = re.compile(r"中华人民共和国|国务院|中国人民银行|中国货币政策|全国人民代表大会(?!常务)")


def infer_title(flat: str) -> str:
    """The line near the beginning that reads most like a title, or the first line."""
    lines = [_TITLE_LABEL.sub("", line.strip()) for line in flat[:_HEAD].split("\n") if line.strip()]
    named = _FULL_TITLE.search(flat[:_HEAD])
    for pattern in (_YEARLY, _TITLE):
        for line in lines[:80]:
            if (
                6 <= len(line) <= 60
                and pattern.search(line)
                and not _SITE.search(line)
                and not re.search("[，。；]|^.{1,3}、", line)
            ):
                return line
        if named:
            return named[0]
    return lines[0][:60] if lines else ""


def infer_date(flat: str, title: str) -> date | None:
    """When the document was published or read out; from its year and kind alone where it gives no day."""
    head = flat[:_HEAD]
    for pattern in (_MEETING, _FULL_DATE):
        for m in pattern.finditer(head):
            try:
                return date(*(int(part) for part in m.groups()))
            except ValueError:
                continue
    year = _YEAR.search(title)
    if year:
        months = next(kind["published"] for kind in words("periods")["titles"] if re.search(kind["pattern"], title))
        return date(int(year[1]) + (months - 1) // 12, (months - 1) % 12 + 1, 1)
    years = [int(y) for y in _YEAR.findall(flat)]
    if not years:
        return None
    day = _MONTH_DAY.search(head)
    month, dom = (int(day[1]), int(day[2])) if day else (1, 1)
    latest = max(y for y in years if years.count(y) > 1 or len(years) < 5)
    try:
        return date(latest, month, dom)
    except ValueError:
        return date(latest, 1, 1)


def infer_place(flat: str, title: str) -> str:
    """The administrative place the document is about: from its title, or the government named first and most."""
    if _NATIONAL.search(title):
        return "全国"
    for text in (title, flat[:_HEAD]):
        named = [m[1] for m in _PLACE.finditer(text)]
        if named:
            return max(named, key=lambda place: (named.count(place), -named.index(place)))
    return "全国" if _NATIONAL.search(flat[:500]) else ""


@lru_cache(maxsize=256)
def parse_date(value: str) -> date:
    """A date as people write it in a manifest: 2021-01-16, 2021-01 or 2021. ValueError otherwise."""
    parts = [int(part) for part in re.split("[-/.]", value.strip())]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
