"""Figures listed in order: A、B、C分别增长a、b、c."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.extract.lexer import TEXT, Word
from checker.extract.names import clean, head_of_parts, leading_verb, list_head, name_before, said

if TYPE_CHECKING:
    from checker.extract.clauses import Clauses, Subject

# How far back the names stand of the banks, places or goods that are only counted (上述五家银行).
REACH = 300
_LONGEST = 20
_SENTENCE = re.compile("[，。；：！？,;:\n]")


@dataclass(frozen=True, slots=True)
class Listing:
    """What lists.yaml says: what names of a list begin with, where what is measured begins, and their number."""

    against: re.Pattern[str]
    measured: re.Pattern[str]
    counted: re.Pattern[str]
    whose: re.Pattern[str]
    term: re.Pattern[str]
    needs: re.Pattern[str]
    traded: re.Pattern[str]
    its: re.Pattern[str]
    needy: tuple[str, ...]
    exchange: frozenset[str]
    item: str


def compile_listing(data: Mapping[str, Any]) -> Listing:
    patterns = {
        name: re.compile(entry["pattern"]) for group in ("patterns", "markets") for name, entry in data[group].items()
    }
    return Listing(**patterns, needy=tuple(data["needy"]), exchange=frozenset(data["exchange"]), item=data["item"])


class Items(NamedTuple):
    """A name for each figure of a list, whose the names are (甲县的, 乙县的), and the words up to the figures.

    `apart` says that the names tell the figures apart.
    """

    names: list[str]
    members: list[str]
    tail: list[Word]
    apart: bool


class Lead(NamedTuple):
    """What parts are told of: its name, and the unit of its amount."""

    metric: str
    unit: str = ""


NO_LEAD = Lead("")


def part_of(name: str, whole: str, known: Clauses) -> str:
    """The name of a part with what is measured of its whole: 住宅 of 房地产开发投资 is 住宅投资,
    一般债务 of 债务余额 is 一般债务余额; as it is where it says that itself.
    """
    naming = known.naming
    if known.grades.fullmatch(name):
        return name + known.grades.sub("", whole, 1)  # 省级以上重点实验室…，其中国家级
    if name in naming.concepts or whole.startswith(name):
        return name
    head = head_of_parts(whole, naming)
    rest = whole.rpartition(name[-_SHARED:])[2] if name[-_SHARED:] in whole else ""
    complete = _complete_alone(name, known)
    if rest and list_head(rest, naming) == rest and not (complete and rest in naming.general_heads):
        return name + rest
    if not head or complete:
        return name
    if head in naming.general_heads:
        words = naming.lexer.words(whole)
        return name + whole.removeprefix(leading_verb(words, naming))
    return name + head


# How many characters of its end a part has in common with its whole, at least.
_SHARED = 2


def is_list(left: Sequence[Word], count: int, known: Clauses) -> bool:
    """Whether `count` figures behind these words are of as many items."""
    kinds = known.naming.lexer.kinds
    if count > 2 or any(word.letter in kinds["respectively"] for word in left):
        return True
    plain = [w for w in left if w.letter not in kinds["change"] and w.letter not in kinds["compared"]]
    name = said(clean(plain, known.naming))
    if not name or name in known.empty or all(word.letter in kinds["rises_to"] for word in plain):
        return True
    return len(_parted(name_before(left, known.naming), count, known)) == count


def items(
    left: Sequence[Word], count: int, subject: Subject, known: Clauses, places: Sequence[str], clause: Sequence[Word]
) -> Items:
    """`count` names for figures listed behind the words `left`; `clause` is one without figures in front of theirs.

    Where the words name nothing, the names are those of the list before, of the figures just stated, or that which
    the sentence is about for all; where they do not split, they are said of what was listed before, or of all.
    """
    kinds = known.naming.lexer.kinds
    at = next((k for k, word in enumerate(left) if word.letter in kinds["respectively"]), len(left))
    head, tail = list(left[:at]), list(left[at + 1 :])
    listed, members = subject.listed, subject.members
    again = len(listed) == count
    if again and head and _is_share(head, known):
        return Items(listed, members, [*head, *tail], True)  # 分别完成5亿元和3亿元，占比分别为62.5%和37.5%
    compared = _compared_with(head, known)
    while head and (head[-1].letter in kinds["compared"] or head[-1].letter in kinds["change"]):
        compared.insert(0, head.pop())
    tail = [*compared, *tail]
    name = name_before(terms_as_names(head, known), known.naming)
    text = said(name)
    if not text or text in known.empty:
        return _unnamed(count, subject, [*_of_figures(head, known), *tail], known, clause)
    if head[0].letter in kinds["compare"]:
        # 比大型企业和中型企业分别高2.2个和3.4个百分点
        return Items([subject.metric] * count, [], [*head, *tail], False)
    if parts := split(name, count, known, places):
        return Items(parts, _members(parts, known), tail, True)
    if len(members) == count and not any(word.letter in kinds["period"] for word in left):
        return Items([_joined(member, text) for member in members], members, tail, True)
    if text in known.naming.relational and text not in subject.metric:
        return Items([subject.metric + text] * count, [], tail, False)
    if names := _in_clause(clause, count, known):
        return Items([name + text for name in names], names, tail, True)
    return Items([text] * count, [], tail, False)


def _unnamed(count: int, subject: Subject, tail: list[Word], known: Clauses, clause: Sequence[Word]) -> Items:
    """The items of a list whose own words name nothing: those of the clause in front, or of the list before."""
    names = _in_clause(clause, count, known)
    if names:
        return Items(names, names, tail, True)
    if names is not None and len(subject.listed) == count:
        return Items(subject.listed, subject.members, tail, True)
    if names is not None and len(subject.recent) >= count == 2:
        return Items(subject.recent[-count:], [], tail, True)
    return Items([subject.metric] * count, [], tail, False)


def _of_figures(words: Sequence[Word], known: Clauses) -> list[Word]:
    """Of words that name nothing those that say of their figures what they are (较2018年末, 降至)."""
    kinds = known.naming.lexer.kinds
    telling = kinds["rises_to"] | kinds["than"] | kinds["period"] | kinds["compared"]
    return [word for word in words if word.letter in telling]


def _compared_with(head: list[Word], known: Clauses) -> list[Word]:
    """What figures are compared with at the end of some words, which is taken off them (降幅较一季度、二季度)."""
    kinds = known.naming.lexer.kinds
    at = next((k for k, word in enumerate(head) if word.letter in kinds["compare"]), len(head))
    compared = head[at:]
    if not all(word.letter in kinds["period"] or word.letter in kinds["and"] for word in compared[1:]):
        return []
    del head[at:]
    return compared


def _is_share(words: Sequence[Word], known: Clauses) -> bool:
    """Whether words only say that figures are shares (占比, 占全部贷款的比重)."""
    kinds = known.naming.lexer.kinds
    return words[0].letter in kinds["share_of"] or all(word.letter in kinds["named_share"] for word in words)


def _joined(member: str, measure: str) -> str:
    return member + measure.removeprefix(member)


def terms_as_names(words: Sequence[Word], known: Clauses) -> list[Word]:
    """Words of which those are names that elsewhere are figures, periods or places: how long something runs (7天和14天
    回购利率, 1年期国债), and a place that is the first of a list (美国、日本和欧元区).
    """
    kinds, found = known.naming.lexer.kinds, list(words)
    running = known.naming.figures | kinds["period"]
    for k, word in enumerate(words):
        term = word.letter in running and known.listing.term.fullmatch(word.text)
        listed = word.letter in kinds["place"] and k + 1 < len(words) and words[k + 1].letter in kinds["and"]
        if term or listed:
            found[k] = Word(known.naming.lexer.letter(TEXT), word.text)
    return found


def _in_clause(clause: Sequence[Word], count: int, known: Clauses) -> list[str] | None:
    """The names of a list in a clause without figures, where no other reading parts it otherwise.

    None where it may be a list of as many.
    """
    kinds = known.naming.lexer.kinds
    name = name_before(clause, known.naming)
    while name and name[-1].letter in kinds["predicate"] | kinds["compared"]:
        name.pop()
    counts = {len(_cut(name, separators)) for separators in known.separators}
    if counts <= {0, 1}:
        return []
    return split(name, count, known) if counts <= {1, count} else None


def one_of_three(name: str, term: int, known: Clauses) -> str:
    """The name of one term of a ratio (三次产业结构: 第一产业占比); the name itself where it is of no three."""
    for whole, parts in sorted(known.triples.items(), key=lambda item: -len(item[0])):
        if whole in name and 1 <= term <= len(parts):
            return name.replace(whole, parts[term - 1])
    return name


def split(name: Sequence[Word], count: int, known: Clauses, places: Sequence[str] = ()) -> list[str]:
    """A、B和C as `count` names; what the last one ends with is said of all (金融业、批发业增加值: 金融业增加值)."""
    text = said(name)
    if count == 3 and one_of_three(text, 1, known) != text:
        return [one_of_three(text, term, known) for term in (1, 2, 3)]
    parts = _parted(name, count, known)
    return _complete(parts, known, places) if parts else []


def _parted(name: Sequence[Word], count: int, known: Clauses) -> list[str]:
    """A、B和C in `count` parts; none where it has not as many."""
    for separators in known.separators:
        parts = _cut(name, separators)
        if len(parts) == count:
            return parts
    return []


def _cut(name: Sequence[Word], separators: frozenset[str]) -> list[str]:
    parts: list[str] = [""]
    for word in name:
        if word.text in separators:
            parts.append("")
        else:
            parts[-1] += word.text
    return [part for part in parts if part]


def _complete(parts: list[str], known: Clauses, places: Sequence[str]) -> list[str]:
    """Names of a list, each with what the last one ends with, unless it is complete."""
    last = parts[-1]
    nth = known.words["nth"]
    if parts[0].removeprefix(nth) in known.ordinals:
        # 第一、二、三产业增加值
        bare = last.removeprefix(nth)
        head = bare[1:] if bare[:1] in known.ordinals else bare
        return [nth + part.removeprefix(nth) + head for part in parts[:-1]] + [nth + bare]
    named = [next((place for place in places if part.startswith(place)), "") for part in parts]
    if all(named) and all(place == part for place, part in zip(named, parts[:-1], strict=False)):
        return [place + last[len(named[-1]) :] for place in named]  # 甲县、乙县生产总值
    opened = known.listing.against.match(parts[0])
    if opened and not known.listing.against.match(last):
        # 人民币对美元、欧元汇率
        parts = [parts[0].removeprefix(opened[0]), *parts[1:]]
        return [opened[0] + part for part in _complete(parts, known, places)]
    whose = known.listing.whose.match(parts[0])
    if whose and not any(known.listing.whose.match(part) for part in parts[1:]):
        return [parts[0], *(whose[0] + part for part in parts[1:])]  # 甲公司营业收入和净利润
    first = list_head(parts[0], known.naming)
    if first and all(part in known.listing.needy for part in parts[1:]):
        return [parts[0], *(parts[0].removesuffix(first) + part for part in parts[1:])]  # 贷款余额和占比
    head = _measure(parts, known) or list_head(last, known.naming)
    concepts = known.naming.concepts
    if head and {*parts[:-1], last.removesuffix(head)} <= concepts:
        return [*(part if part.endswith(head) else part + head for part in parts[:-1]), last]  # 进口和出口价格
    return [part + _rest_of(part, last, head, known) for part in parts]


def _rest_of(part: str, last: str, head: str, known: Clauses) -> str:
    """What the last name of a list says of one of its parts: what it ends with, or all behind what both share with
    each other (急难型、支出型救助标准).
    """
    if (head and part.endswith(head)) or _complete_alone(part, known):
        return ""
    rest = last.partition(part[-1])[2]
    return rest if len(rest) >= _SHARED and rest.endswith(head) else head


def _measure(parts: Sequence[str], known: Clauses) -> str:
    """What the last name of a list says of all, behind its own 的 or 对, or behind what all of them end with
    (甲银行、乙银行资本充足率); empty where that is unclear.
    """
    last = parts[-1]
    measured = known.listing.measured.search(last, 1)
    if measured and not any(known.listing.measured.search(part, 1) for part in parts[:-1]):
        return last[measured.start() :]
    term = known.listing.term.match(last)
    if term and all(known.listing.term.fullmatch(part) for part in parts[:-1]):
        return last[term.end() :]
    ends = {part[-1] for part in parts[:-1]}
    if len(ends) > 1 or (at := last.find(ends.pop(), 1)) < 0:
        return ""
    measure = last[at + 1 :]
    return measure if list_head(measure, known.naming) or measure.endswith(known.naming.measures) else ""


def _members(names: Sequence[str], known: Clauses) -> list[str]:
    """Whose the figures of a list are: its names without what they have in common at their end."""
    common = 0
    while all(len(name) > common + 1 and name[-common - 1] == names[0][-common - 1] for name in names):
        common += 1
    tail = names[0][len(names[0]) - common :]
    of = known.listing.measured.search(tail)
    measure = tail[of.end() :] if of else list_head(names[0], known.naming)
    if not measure:
        return []
    return [name.removesuffix(measure) for name in names] if all(name.endswith(measure) for name in names) else []


def _complete_alone(name: str, known: Clauses) -> bool:
    """Whether a name needs no head from the last of its list (社会消费品零售总额、…、工业增加值)."""
    return bool(list_head(name, known.naming) or name.endswith(known.naming.measures) or name in known.naming.concepts)


def counted(left: Sequence[Word], before: str, count: int, known: Clauses) -> Items | None:
    """The items of things that were counted (上述五家银行的资本充足率分别为…), where `before` lists them.

    `left` are the words behind their number.
    """
    kinds = known.naming.lexer.kinds
    at = next((k for k, word in enumerate(left) if word.letter in kinds["respectively"]), 0)
    text = said(name_before(left[:at], known.naming))
    measured = known.listing.measured.search(text)
    names = _enumerated(before[-REACH:], count, known) if measured else []
    if not measured or not names:
        return None
    of, measure = measured[0], text[measured.end() :]
    return Items([name + of + measure for name in names], [name + of for name in names], list(left[at + 1 :]), True)


def _enumerated(text: str, count: int, known: Clauses) -> list[str]:
    """The last list of `count` names in a text with their number behind them; at its end that is what follows."""
    for back, segment in enumerate(reversed(_SENTENCE.split(text))):
        stated = known.listing.counted.search(segment)
        if back and not stated:
            continue
        words = known.naming.lexer.words(segment[: stated.start()] if stated else segment)
        for separators in known.separators:
            parts = _cut(clean(words, known.naming), separators)
            if len(parts) == count and all(2 <= len(part) <= _LONGEST for part in parts):
                return parts
    return []
