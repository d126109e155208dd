"""The words of a report, in Chinese and English, and periods as people write them. The words stand in words.yaml."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from checker.errors import BadSetting

LANGUAGES = ("zh", "en")

_WHOLE_MONTHS = {
    (1, 12): "year", (1, 6): "half1", (7, 12): "half2", (1, 9): "three_quarters",
    (1, 3): "quarter1", (4, 6): "quarter2", (7, 9): "quarter3", (10, 12): "quarter4",
}  # fmt: skip


@cache
def words(lang: str) -> Mapping[str, str | list[str]]:
    """All words of a language by their key."""
    if lang not in LANGUAGES:
        raise BadSetting(f"no words in the language {lang!r}; there are {', '.join(LANGUAGES)}")
    with open(Path(__file__).with_name("words.yaml"), encoding="utf-8") as file:
        table = yaml.safe_load(file)
    return {key: entry[lang] for key, entry in table.items()}


def say(lang: str, key: str, **values: object) -> str:
    """The words for a key, with the values filled in; one or many goes by the value named n."""
    phrase = words(lang)[key]
    if isinstance(phrase, list):
        phrase = phrase[0 if str(values["n"]) == "1" else 1]
    return phrase.format(**values)


def label(lang: str, group: str, code: str) -> str:
    """The word for a code of a group such as level or attribute; the code itself where there is no word for it."""
    phrase = words(lang).get(f"{group}.{code}", code)
    return phrase if isinstance(phrase, str) else phrase[0]


def choose(texts: Mapping[str, str], lang: str) -> str:
    """The text in this language, or in any other that exists."""
    return texts.get(lang) or next((text for text in texts.values() if text), "")


def day(when: date, lang: str) -> str:
    """2021年9月8日 / 8 September 2021."""
    return say(lang, "day", y=when.year, m=when.month, d=when.day, month=_month(when.month, lang))


def period(start: str | None, end: str | None, lang: str) -> str:
    """A period between two ISO dates as people write it: 2020年, 2016—2020年, 2021年上半年, 2021年1—11月.

    A date that is not one is shown as it stands.
    """
    try:
        first = date.fromisoformat(start) if start else None
        last = date.fromisoformat(end) if end else None
    except ValueError:
        return "/".join(part for part in (start, end) if part)
    if first and last:
        return _closed(first, last, lang)
    if last:
        return say(lang, "period.until", b=day(last, lang))
    return say(lang, "period.since", a=day(first, lang)) if first else say(lang, "period.none")


def _closed(first: date, last: date, lang: str) -> str:
    if first == last:
        return say(lang, "period.year_end", y=last.year) if (last.month, last.day) == (12, 31) else day(last, lang)
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1] or first > last:
        return say(lang, "period.days", a=day(first, lang), b=day(last, lang))
    return say(
        lang, f"period.{_months(first, last)}", y=first.year, y2=last.year, m=first.month, m2=last.month,
        month=_month(first.month, lang), month2=_month(last.month, lang),
    )  # fmt: skip


def _months(first: date, last: date) -> str:
    """The kind of a period of whole months."""
    months = (first.month, last.month)
    if first.year != last.year:
        return "years" if months == (1, 12) else "months_across"
    return _WHOLE_MONTHS.get(months, "month" if first.month == last.month else "months")


def _month(number: int, lang: str) -> str:
    return say(lang, "month.names").split()[number - 1]
