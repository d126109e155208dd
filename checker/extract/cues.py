"""The words by which a clause says what its figure is, compiled from rules/vocabulary/cues.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from checker.vocabulary import any_of, words

_AGAINST = (
    r"(?:比|较|同)(?:(?:19|20)\d\d年[底末]?|前[一-九]年|“?十[一二三四五]?五”?时期"
    r"|上年[^，。；\d]{0,4}(?:完成数|执行数|决算数|预算数))"
)


@dataclass(frozen=True)
class Cues:
    """Patterns over the words around a figure; those that end in $ look at the words in front of it."""

    growth: re.Pattern[str]
    share: re.Pattern[str]
    rate: re.Pattern[str]
    compared: re.Pattern[str]
    bases: dict[str, re.Pattern[str]]
    down: frozenset[str]
    press: frozenset[str]
    amounts: frozenset[str]
    fulfilled: re.Pattern[str]
    plan_name: re.Pattern[str]
    reach: re.Pattern[str]
    lead: re.Pattern[str]
    verbs: frozenset[str]
    verb: re.Pattern[str]
    no_name: re.Pattern[str]
    use: re.Pattern[str]
    relational: re.Pattern[str]
    relational_only: re.Pattern[str]
    list_head: re.Pattern[str]
    scope: re.Pattern[str]
    scope_of: dict[str, str]
    states: re.Pattern[str]
    not_states: re.Pattern[str]


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The cues of the vocabulary."""
    c = words("cues")
    heads = any_of(words("relational")["relational"])
    before = any_of(word for entry in words("qualifiers").values() for word in entry.get("before", []))
    verbs, plans = any_of(c["verbs"]), any_of(c["plans"])
    compared = rf"(?:{any_of(c['compared'])}|{_AGAINST})"
    change = any_of([*c["up"], *c["down"], *c["press"]])
    scope_of = {word: scope for scope, group in c["scopes"].items() for word in group}
    return Cues(
        growth=re.compile(
            rf"({compared}*(?={change})|{compared}+)({change}|{any_of([*c['higher'], *c['lower']])})"
            rf"(?:了|达到|达|为|约|近|超过|超|(?<=[长幅])率为?|幅度?为?|均|分别|{before})*$"
        ),
        share=re.compile(
            r"(?:占(?P<whole>[^占，。；]*?)的?(?:比重|比例|份额|比率|比)?|(?P<named>比重|占比|比例|份额|投向[^，。；]*))"
            rf"(?:分别)?(?:{any_of(c['share_reach'])}|{before})*$"
        ),
        rate=re.compile(any_of(c["rate"])),
        compared=re.compile(f"{compared}+$"),
        bases={basis: re.compile(any_of(group)) for basis, group in c["bases"].items()},
        down=frozenset([*c["down"], *c["lower"]]),
        press=frozenset(c["press"]),
        amounts=frozenset(c["amounts"]),
        fulfilled=re.compile(
            rf"(?:(?:完成|为|达到?|是|相当于)了?[^，。；]{{0,8}}?{plans}(?:合计|收入|支出)?|占(?:年度|全年)?{plans})的$"
        ),
        plan_name=re.compile(rf"^(?:完成|为|占)?{plans}$"),
        reach=re.compile(f"(?:{any_of(c['reach'])}|{before})$"),
        lead=re.compile(
            f"^(?!{any_of(c['lead_keeps'])})(?:{any_of(c['lead'])}"
            f"|{any_of(c['adverbs'])}(?={any_of([*c['verbs'], *c['adverbs']])}|$))"
        ),
        verbs=frozenset(c["verbs"]),
        verb=re.compile(verbs),
        no_name=re.compile(any_of(c["not_names_behind"])),
        use=re.compile(f"，?({any_of(c['uses'])}[^，。；]{{2,24}})"),
        relational=re.compile(heads),
        relational_only=re.compile(f"^(?:年度|累计|计划|当年|全年|{verbs})*{heads}(?:完成|额)?$"),
        list_head=re.compile(any_of(c["list_heads"]) + "$"),
        scope=re.compile(f"{any_of(scope_of)}(?!{any_of(c['scope_not'])})"),
        scope_of=scope_of,
        states=re.compile(any_of(c["states"])),
        not_states=re.compile(any_of(c["not_states"])),
    )
