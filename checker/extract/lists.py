"""Figures listed in order: A、B、C分别增长a、b、c."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from checker.extract.lexer import Word
from checker.extract.names import clean, head_of_parts, leading_verb, list_head, name_before, said

if TYPE_CHECKING:
    from checker.extract.clauses import Clauses, Subject


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
    name = said(
        clean([w for w in left if w.letter not in kinds["change"] and w.letter not in kinds["compared"]], known.naming)
    )
    return not name or name in known.empty or len(_parted(name_before(left, known.naming), count, known)) == count


def items(
    left: Sequence[Word], count: int, subject: Subject, known: Clauses, places: Sequence[str] = ()
) -> tuple[list[str], list[Word]]:
    """`count` names for figures listed behind the words `left`, and the words between the names and the figures.

    Where the words name nothing, the names are those of the list before, of the figures just stated, or that which
    the sentence is about for all; where they do not split, they are the name of all.
    """
    kinds = known.naming.lexer.kinds
    at = next((k for k, word in enumerate(left) if word.letter in kinds["respectively"]), len(left))
    head, tail = list(left[:at]), list(left[at + 1 :])
    if len(subject.listed) == count and head and _is_share(head, known):
        return subject.listed, [*head, *tail]  # 分别完成5亿元和3亿元，占比分别为62.5%和37.5%
    compared = _compared_with(head, known)
    while head and (head[-1].letter in kinds["compared"] or head[-1].letter in kinds["change"]):
        compared.insert(0, head.pop())
    tail = [*compared, *tail]
    name = name_before(head, known.naming)
    text = said(name)
    if text in known.naming.relational and text not in subject.metric:
        return [subject.metric + text] * count, tail
    if text and text not in known.empty:
        return split(name, count, known, places) or [text] * count, tail
    if len(subject.listed) == count:
        return subject.listed, tail
    if len(subject.recent) >= count == 2:
        return subject.recent[-count:], tail
    return [subject.metric] * count, tail


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
        parts: list[str] = [""]
        for word in name:
            if word.text in separators:
                parts.append("")
            else:
                parts[-1] += word.text
        parts = [part for part in parts if part]
        if len(parts) == count:
            return parts
    return []


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
    head = list_head(last, known.naming)
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


def _complete_alone(name: str, known: Clauses) -> bool:
    """Whether a name needs no head from the last of its list (社会消费品零售总额、…、工业增加值)."""
    return bool(list_head(name, known.naming) or name.endswith(known.naming.measures) or name in known.naming.concepts)
