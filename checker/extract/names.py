"""The name of a metric: cut out of the words around a figure, cleaned, and looked up in the vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from checker.extract.cues import cues
from checker.vocabulary import any_of, words

_BRACKETS = re.compile(r"[\u2460-\u2473]|[（(][^（()）]*[)）]?|[\[［][\d⁰¹²³⁴-⁹]+[\]］]|\[[^\]]{0,3}$")
_EDGE = re.compile(r"^[\s、，,；;：:∶的—\-–“”‘’\"'《》●•■◆()（）．.·・]+|[\s、，,；;：:∶—\-–“‘\"'《●•■◆(（]+$")
_YEAR = r"(?:19|20)\d\d"
_WITHIN_YEAR = (
    r"度|\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:\d{1,2}日|份|底|末)?|[上下]半年|前\w{1,2}个?月"
    r"|[一二三四]季度|前三季度|年?[底末]"
)
_TIME = re.compile(
    rf"(?:截[至止])?(?:{_YEAR}年?[-—–－~～至到])?{_YEAR}年(?:{_WITHIN_YEAR})?(?:以来|期间|全年)?"
    "|今年以来|去年以来|今年|去年|全年|当年|年内|年末|年底|年初|上半年|下半年|前三季度|第?前?[一二三四]季度|截[至止]目前|目前"
    r"|“?十[一二三四五]五”?(?:期间|时期|以来)|(?:过去|近|这)?[两三四五六七八九十]年(?:来|间)|一年来|(?:过去|最?近|这)\d{1,2}年(?:来|间)?"
    r"|\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:份|末|底)?|前\d{1,2}个月|本年|上年末?(?!结转|结余)|期末"
)
# The number of a heading or section in front of a name.
_MARKER = re.compile(r"^\s*\d{1,2}(?:[.．、]|[.．]\d{1,2})(?=[\u4e00-\u9fff])(?![万亿])")
_LONGEST = 24
_EACH = re.compile("(?:[由从]|提高到|达到)?每(?:人|户)(?:每[月年])?$")
_PLUS = re.compile("加上(?!解)|^加(?=中央|上级|地方|专项|调出|向|下级|债)")
_MOVED = re.compile("[^，。；]{0,2}[调转][入出]")
_SHARE_OF = re.compile("占[^，。；]{0,3}$")
_OF_BUDGET = re.compile(".{0,4}?(?:预算|收入|支出|收支)")
# What a verb leaves behind that is no name: 荣获了.
_PARTICLES = frozenset("了的着过好")


def edges(name: str) -> str:
    """A name without punctuation around it; a quotation it begins with stays whole (“百强区”称号)."""
    trimmed = _EDGE.sub("", name)
    if trimmed.count("”") > trimmed.count("“") and "“" + trimmed in name:
        return "“" + trimmed
    return trimmed


def without_brackets(text: str) -> str:
    """Text without what stands in brackets, and without footnote marks."""
    return _BRACKETS.sub("", text)


def clean(name: str) -> str:
    """A name without what is not part of it: brackets, periods, scopes, leading adverbs, punctuation around it."""
    c = cues()
    name = _MARKER.sub("", _TIME.sub("", without_brackets(name)))
    while True:
        trimmed = edges(name)
        m = c.lead.match(trimmed) or c.scope.match(trimmed)
        if m and len(trimmed) > m.end() + 1:
            trimmed = trimmed[m.end() :]
        if trimmed == name:
            return name
        name = trimmed


def name_before(words_before: str) -> str:
    """The name that the words in front of a figure end with, without the verbs that lead to it (达到, 完成, 约)."""
    c = cues()
    name = edges(clean(_PLUS.split(words_before)[-1]))
    name = _EACH.sub("", name)
    while m := c.reach.search(name):
        name = edges(name[: m.start()])
    return name


def name_behind(words_behind: str) -> str:
    """The name that the words behind a figure begin with."""
    name = words_behind.removeprefix("的")
    name = short if len(short := without_brackets(name)) > 1 else name
    name = re.split("(?:以及|和|及|并|与|等|共计?)$", name)[0]
    return edges(name)[:_LONGEST].rstrip("、")


def begins_name(words_behind: str) -> bool:
    """Whether a name begins directly behind a number."""
    name = words_behind.removeprefix("的")
    if len(name) < 2 or cues().no_name.match(name):
        return False
    return "\u4e00" <= name[0] <= "\u9fff" or name[0] in "“《"


def verb_only(name: str) -> bool:
    """Whether nothing but verbs is left in a name."""
    c = cues()
    name = name.strip("“”‘’ 、")
    if name in _concepts():
        return False  # 出口
    while name:
        if name in c.verbs:
            return True
        m = c.verb.match(name)
        if not m:
            return name in _PARTICLES
        name = name[m.end() :]
    return True


def leading_verb(name: str) -> str:
    """The verb a name begins with; empty where it begins with none."""
    m = cues().verb.match(name)
    return m[0] if m else ""


# ---- the vocabulary of indicators


@lru_cache(maxsize=1)
def _concepts() -> dict[str, str]:
    return {
        name: entry["id"] for entry in words("metrics")["metrics"] for name in (entry["id"], *entry.get("aliases", []))
    }


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in words("metrics")["metrics"]}


@lru_cache(maxsize=1)
def _around_concept() -> re.Pattern[str]:
    """What may stand around the name of an indicator without changing its meaning; one piece at a time."""
    c = words("cues")
    return re.compile(f"^{any_of([*c['neutral_verbs'], *cues().scope_of])}|{any_of(c['neutral_ends'])}$")


@lru_cache(maxsize=1)
def _verb_before() -> re.Pattern[str]:
    return re.compile(f"^{any_of(words('cues')['neutral_verbs'])}+")


@lru_cache(maxsize=100_000)
def concept_of(metric: str) -> str | None:
    """The vocabulary's name for a metric in a source's words; None where the vocabulary does not know it."""
    table = _concepts()
    while metric not in table:
        shorter = _around_concept().sub("", metric)
        if shorter == metric or len(shorter) < 3:
            return None
        metric = shorter
    return table[metric]


@lru_cache(maxsize=100_000)
def bare(metric: str) -> str:
    """An indicator of the vocabulary without the verb in front of it: 实现地区生产总值 is 地区生产总值."""
    name = _verb_before().sub("", metric)
    return name if name in _concepts() else metric


def kind_of(concept: str | None) -> str | None:
    """flow, stock, rate or index, for a concept of the vocabulary."""
    return _entries()[concept]["kind"] if concept in _entries() else None


def prices_of(concept: str | None) -> tuple[str | None, str | None]:
    """At which prices the level and the growth of a concept are published, where the vocabulary says so."""
    price = _entries().get(concept or "", {}).get("price", {})
    return price.get("level"), price.get("growth")


def growth_basis_of(concept: str | None) -> str | None:
    """`comparable` where the growth of a concept is published on a comparable basis, as far as the vocabulary says."""
    basis: str | None = _entries().get(concept or "", {}).get("growth_basis")
    return basis


def per_head_of(concept: str | None) -> tuple[str | None, str | None]:
    """For a concept per head, the concepts of the total and of the population, where the vocabulary says so."""
    shared = _entries().get(concept or "", {}).get("per_head", {})
    return shared.get("total"), shared.get("population")


# ---- the four budgets


def _budgets() -> dict[str, list[str]]:
    budgets: dict[str, list[str]] = words("relational")["budget_parts"]["budgets"]
    return budgets


@lru_cache(maxsize=1)
def _budget_names() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {name: budget for budget, names in _budgets().items() for name in [budget, *names]}
    return re.compile(any_of(table)), table


def budget_named(text: str, start: int = 0, end: int | None = None, last: bool = False) -> str:
    """The budget that a stretch of text names first (or last); empty where it names none."""
    pattern, table = _budget_names()
    found = [m[0] for m in pattern.finditer(text, start, len(text) if end is None else end) if _sets(text, m)]
    return table[found[-1 if last else 0]] if found else ""


def _sets(text: str, m: re.Match[str]) -> bool:
    """Whether the name of a budget says what is spoken of; not as a whole of a share, nor as where money moves."""
    if _MOVED.match(text, m.end()) or _MOVED.search(text, max(0, m.start() - 4), m.start()):
        return False
    return not _SHARE_OF.search(text, max(0, m.start() - 4), m.start()) and bool(_OF_BUDGET.match(text, m.end() - 2))


def full_name(metric: str, budget: str) -> str:
    """A bare 收入 or 支出 belongs to the budget that its heading or paragraph speaks of."""
    bare = words("relational")["budget_parts"]["bare"]
    return budget + bare[metric] if budget and metric in bare else metric


def other_budget(metric: str, budget: str) -> str:
    """The budget a figure belongs to, where it is not the general one (the first) and its name does not say so."""
    budgets = _budgets()
    if not budget or budget == next(iter(budgets)) or any(name in metric for name in [budget, *budgets[budget]]):
        return ""
    return budget
