"""The name of a metric: cut out of the words around a figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from checker.extract.lexer import Lexer, Word, compile_lexer

LONGEST = 24
_CIRCLED = "".join(map(chr, range(0x2460, 0x2474)))
# What is no part of a name at its beginning and at its end; a quotation that a name begins with stays whole.
_BEFORE = "￥¥≥≤≧≦＞＜></ \t\n\u3000\xa0、，,；;：:∶—-–“”‘’\"'《》●•■◆()（）．.·・|" + _CIRCLED
# ... without the signs that open a quotation or a title.
_NOTHING = _BEFORE.replace("“", "").replace("《", "")
_BEHIND = "￥¥ \t\n\u3000\xa0、，,；;：:∶—-–“‘\"'《●•■◆(（|"
_CLOSING = "）)]］"
# Numbers of headings and of cells that a name begins with (4.统筹安排, 0.0建筑业增加值).
_NUMBERING = re.compile(r"\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、|-?\d+\.\d+(?=[^\W\d万亿])")
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"))
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = "\u4e00", "\u9fff"
# A bracket is part of a name where it stands within it and is short: 国有资产（资源）有偿使用收入.
_BRACKETS = re.compile(
    r"(?!(?<=[\u4e00-\u9fff])[（(][\u4e00-\u9fff]{1,4}[)）][\u4e00-\u9fff])[（(][^（()）]*[)）]?|[\[［][\d⁰¹²³⁴-⁹]+[\]］]"
)
# Kinds that other stages find in a text, and the figures.
FIGURES = ("percent", "tenth", "point", "times", "money", "thing", "amount", "streak", "rank", "ratio")
FOUND = ("period", "marker", "place", *FIGURES, "figure")


@dataclass(frozen=True, eq=False)
class Naming:
    """What tells where a name begins and ends: the words of the language and the endings that complete a list."""

    lexer: Lexer
    list_heads: tuple[str, ...]
    general_heads: frozenset[str]
    heads_of_parts: Mapping[str, str]
    measures: tuple[str, ...]
    relational: frozenset[str]
    concepts: frozenset[str]
    figures: frozenset[str]
    no_names: tuple[str, ...]
    joins: frozenset[str]
    # Letters of several kinds at once: words that lead to a name, that may follow an adverb, that only lead on to a
    # figure, that say whose a figure is, that a name of verbs is made of, where the words of a figure end, brackets and
    # figures, which are found in a sentence first, what only joins, what says nothing without its owner, what names
    # nothing alone, what measures nothing alone, what a name begins behind, and what stands behind names.
    leading: frozenset[str]
    acting: frozenset[str]
    reaching: frozenset[str]
    whose: frozenset[str]
    verbal: frozenset[str]
    ending: frozenset[str]
    marking: frozenset[str]
    joining: frozenset[str]
    saying_little: frozenset[str]
    changing: frozenset[str]
    onward: frozenset[str]
    hollow: frozenset[str]
    idle: frozenset[str]
    parting: frozenset[str]
    behind_names: frozenset[str]


def compile_naming(
    clauses: dict[str, Any],
    cues: dict[str, Any],
    relational: dict[str, Any],
    metrics: Mapping[str, Any],
    before: Sequence[str],
) -> Naming:
    """The words of rules/vocabulary by their kinds; `before` are those that loosen the number behind them."""
    scopes = [word for group in cues["scopes"].values() for word in group]
    concepts = [name for entry in metrics["metrics"] for name in (entry["id"], *entry.get("aliases", []))]
    # Names that a clause says as it says others are left to the patterns (研发经费占生产总值比重).
    parting = [*clauses["kinds"]["share_of"], *clauses["kinds"]["open"]]
    whole_names = [name for name in concepts if not any(word in name for word in parting)]
    kinds: dict[str, list[str]] = {
        **clauses["kinds"],
        "compared": cues["compared"],
        "against": [word for word in cues["compared"] if word.startswith(tuple(clauses["kinds"]["than"]))],
        "change": [*cues["up"], *cues["down"], *cues["press"]],
        "higher_or_lower": [*cues["higher"], *cues["lower"]],
        "share_reach": [*cues["share_reach"], *before],
        "reach": [*cues["reach"], *before, *clauses["kinds"]["each"], *clauses["kinds"]["rises_to"]],
        "lead": [*cues["lead"], *clauses["kinds"]["company"]],
        "adverb": cues["adverbs"],
        "concept": whole_names,
        "keep": [*cues["lead_keeps"], *whole_names, *(scope + word for scope in scopes for word in cues["scope_not"])],
        "verb": cues["verbs"],
        "use": cues["uses"],
        "scope": scopes,
        "plan": cues["plans"],
        "bare": [word for word in relational["relational"] if not word.startswith(tuple(cues["compared"]))],
    }
    kinds["joins"] = [*kinds["than"], *kinds["and"], *kinds["compared"], *kinds["respectively"]]
    kinds["tail"] = [*kinds["tail"], *before]
    lexer = compile_lexer(kinds, FOUND)
    figures = frozenset(letter for kind in FIGURES for letter in lexer.kinds[kind])
    return Naming(
        lexer,
        tuple(sorted(set(cues["list_heads"]), key=lambda head: (-len(head), head))),
        frozenset(cues["general_heads"]),
        cues["heads_of_parts"],
        tuple(clauses["measures"]),
        frozenset(relational["relational"]),
        frozenset(concepts),
        figures,
        tuple(cues["not_names_behind"]),
        frozenset(clauses["kinds"]["and"]),
        **_unions(lexer.kinds, figures),
    )


def _unions(kinds: Mapping[str, frozenset[str]], figures: frozenset[str]) -> dict[str, frozenset[str]]:
    hollow_kinds = ("conjunction", "empty", "lead", "adverb", "reach", "joins", "still")
    hollow = frozenset().union(*(kinds[kind] for kind in hollow_kinds)) - kinds["verb"] - kinds["concept"]
    reaching, verbal = kinds["reach"] - kinds["concept"], kinds["verb"] | kinds["particle"]
    changing = kinds["change"] | kinds["higher_or_lower"]
    idle = (
        hollow
        | kinds["outcome"]
        | reaching
        | verbal
        | changing
        | kinds["period"]
        | kinds["named_share"]
        | kinds["above"]
        | kinds["below"]
    )
    return {
        "leading": kinds["lead"] | kinds["scope"] | kinds["place"],
        "acting": kinds["verb"] | kinds["adverb"] | kinds["bare"] | kinds["lead"] | kinds["scope"],
        "reaching": reaching,
        "whose": kinds["area"] | kinds["scope"] | kinds["and"] | kinds["place"],
        "verbal": verbal,
        "ending": kinds["stop"] | kinds["open"] | figures,
        "marking": kinds["open"] | kinds["close"] | figures,
        "joining": kinds["joins"] - kinds["bare"],
        "parting": kinds["plus"] | kinds["approved"],
        "saying_little": kinds["verb"] | kinds["empty"] | kinds["plan"] | kinds["year"],
        "changing": changing,
        "onward": kinds["rises_to"] | kinds["change"],
        "hollow": hollow,
        "idle": idle - kinds["complete"],
        "behind_names": idle
        | kinds["stop"]
        | kinds["of"]
        | kinds["share_of"]
        | kinds["compared"]
        | kinds["and"]
        | figures,
    }


def said(words: Sequence[Word]) -> str:
    """What words read, without the punctuation around it; a quotation that it begins with stays whole."""
    return edges("".join([word.text for word in words]))


@lru_cache(maxsize=50_000)
def edges(name: str) -> str:
    """A name without punctuation around it; a quotation it begins with stays whole (“百强区”称号)."""
    trimmed = name.lstrip(_BEFORE).rstrip(_BEHIND)
    while numbered := _NUMBERING.match(trimmed):
        trimmed = trimmed[numbered.end() :].lstrip(_BEFORE)
    if "”" in trimmed and trimmed.count("”") > trimmed.count("“") and "“" + trimmed in name:
        return "“" + trimmed
    return trimmed


@lru_cache(maxsize=50_000)
def balanced(name: str, *, behind: bool) -> str:
    """A name without what only begins or ends in a bracket or a quotation that is not whole in it.

    Of a name in front of its figure the end is kept, of one behind it the beginning.
    """
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        if name.count(opening) == name.count(closing):
            continue
        unclosed = name.count(opening) > name.count(closing)
        head, _, tail = name.rpartition(opening) if unclosed else name.partition(closing)
        name = head if behind or len(tail) < 2 else tail
    return edges(name)


def clean(words: Sequence[Word], known: Naming) -> list[Word]:
    """The words of a name: no periods, and in front no scopes, adverbs and words that only lead to it."""
    period, joining = known.lexer.kinds["period"], known.joining
    kept = [word for word in words if word.letter not in period]
    for word in kept:
        if word.letter not in joining:
            break
    else:
        return []
    at = 0
    while at < len(kept) and _leads(kept, at, known):
        at += 1
    return kept[at:]


def place_before(words: Sequence[Word], known: Naming) -> str:
    """The place that a name begins with; empty where it begins with none."""
    kinds, place = known.lexer.kinds, ""
    period, places = kinds["period"], kinds["place"]
    kept = [word for word in words if word.letter not in period]
    for at, word in enumerate(kept):
        if word.letter in places:
            place = word.text
        elif not _leads(kept, at, known):
            break
    return place


def _leads(words: Sequence[Word], at: int, known: Naming) -> bool:
    """Whether a word only leads to a name of two characters or more."""
    letter, kinds = words[at].letter, known.lexer.kinds
    if letter in kinds["marker"] or not words[at].text.strip(_NOTHING):
        return True
    adverb = letter in kinds["adverb"]
    if not (adverb or letter in known.leading) or letter in kinds["keep"]:
        return False
    if sum([len(other.text) for other in words[at + 1 : at + 4]]) < 2:
        return False
    return letter in known.leading or words[at + 1].letter in known.acting


@lru_cache(maxsize=20_000)
def plain_name(name: str, known: Naming) -> str:
    """A name without the verb that only says that there is something: 拥有床位, 医院拥有床位, 实现利润总额."""
    if name in known.concepts:
        return name
    kinds = known.lexer.kinds
    words = known.lexer.words(name)
    kept: list[str] = []
    for at, word in enumerate(words):
        before, behind = "".join(kept), "".join([other.text for other in words[at + 1 :]])
        says_no_more = word.letter in kinds["having"] and len(behind) > 1
        if word.letter in kinds["achieving"]:
            by_means = any(other.letter in kinds["lead"] for other in words[:at])  # 通过网络实现零售额
            says_no_more = not by_means and (bool(list_head(behind, known)) or behind in known.concepts)
        if not says_no_more or len(before) == 1:
            kept.append(word.text)
    return "".join(kept)


def without_brackets(text: str) -> str:
    """A short text without what stands in brackets behind a name, and without footnote marks."""
    return _BRACKETS.sub("", text)


def name_before(words: Sequence[Word], known: Naming) -> list[Word]:
    """The name that the words in front of a figure end with, without the verbs that lead to it (达到, 完成, 约); none
    where they only say whose the figure is (市本级, 开发区).
    """
    kinds = known.lexer.kinds
    parting, scope = known.parting, kinds["scope"]
    at = len(words) - 1
    while at >= 0 and words[at].letter not in parting:
        at -= 1
    name = whole_before(words[at + 1 :], known)
    while name and name[-1].letter in scope:
        name = whole_before(name[:-1], known)
    return [] if all(word.letter in known.whose or word.letter in known.hollow for word in name) else name


def whole_before(words: Sequence[Word], known: Naming) -> list[Word]:
    """The name of what a share is taken of: it may be no more than a place (占全省的)."""
    name = clean(words, known)
    while name and (name[-1].letter in known.reaching or not name[-1].text.rstrip(_BEHIND)):
        name.pop()
    return name


def name_behind(words: Sequence[Word], known: Naming) -> list[Word]:
    """The name that the words behind a figure begin with."""
    kinds = known.lexer.kinds
    name = list(words)
    if name and name[0].letter in kinds["of"]:
        del name[0]
    while name and (
        name[-1].letter in kinds["conjunction"] or name[-1].letter in kinds["tail"] or not _ended(name[-1].text)
    ):
        name.pop()
    return name


def _ended(text: str) -> str:
    """What of a word a name may end with; a bracket that closes stays."""
    return text.rstrip(_BEHIND) if text.rstrip(_BEHIND) in _CLOSING else edges(text)


def begins_name(words: Sequence[Word], known: Naming) -> bool:
    """Whether a name begins directly behind a number."""
    kinds = known.lexer.kinds
    rest = words[1:] if words and words[0].letter in kinds["of"] else words
    text = "".join([word.text for word in rest[:3]])
    if len(text) < 2 or text.startswith(known.no_names):
        return False
    return _FIRST_IDEOGRAPH <= text[0] <= _LAST_IDEOGRAPH or text[0] in "“《"


def verb_only(words: Sequence[Word], known: Naming) -> bool:
    """Whether nothing but verbs is left in a name."""
    if "".join([word.text for word in words]) in known.concepts:
        return False
    verbal, joint = known.verbal, known.lexer.kinds["and"]
    return all(word.letter in verbal or word.letter in joint or not edges(word.text) for word in words)


def says_nothing(words: Sequence[Word], known: Naming) -> bool:
    """Whether a name says of nothing what it measures (实际完成, 比上年增加, 安排)."""
    if "".join(word.text for word in words) in known.concepts:
        return False
    return all(word.letter in known.idle or edges(word.text).isdigit() for word in words if edges(word.text))


def leading_verb(words: Sequence[Word], known: Naming) -> str:
    """The verb a name begins with; empty where it begins with none."""
    return words[0].text if words and words[0].letter in known.lexer.kinds["verb"] else ""


@lru_cache(maxsize=20_000)
def list_head(name: str, known: Naming) -> str:
    """What the end of a name says of all names of its list (金融业增加值: 增加值); empty where it says nothing."""
    if not name.endswith(known.list_heads):
        return ""
    return next(head for head in known.list_heads if name.endswith(head))


def head_of_parts(name: str, known: Naming) -> str:
    """What is measured of the parts of a whole by its name (生产总值: 增加值); empty where it says nothing of that."""
    other = next((head for whole, head in known.heads_of_parts.items() if name.endswith(whole)), "")
    return other or list_head(name, known)


def relational_only(words: Sequence[Word], known: Naming) -> bool:
    """Whether a name says nothing without its owner (累计完成投资)."""
    text = "".join([word.text for word in words])
    for word in words:
        if text in known.relational:
            return True
        if word.letter not in known.saying_little:
            return False
        text = text[len(word.text) :]
    return text in known.relational
