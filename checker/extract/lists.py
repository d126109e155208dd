"""Figures listed in order: A、B、C分别增长a、b、c."""

from __future__ import annotations

import re

from checker.extract.cues import cues
from checker.extract.names import clean, concept_of, edges, name_before
from checker.vocabulary import words

RESPECTIVELY = re.compile("分别(?:为|是|达到|达|完成|实现|占|新增|增加|下降|增长)?")
BETWEEN = re.compile("[、和及与]|以及|、和")
_SEPARATORS = ("、", "、和", "、和及与", "、和及与以及并")
# Words that name nothing by themselves.
_EMPTY = frozenset(["总数", "总量", "累计", "实际", "名义"])
_MEASURE = re.compile("[率数量额值]$")
_ORDINAL = re.compile("第?[一二三四五六]")


def is_list(left: str, count: int) -> bool:
    """Whether `count` figures behind these words are of as many items."""
    if RESPECTIVELY.search(left) or count > 2:
        return True
    name = clean(cues().growth.sub("", left))
    return not name or name in _EMPTY


def items(left: str, count: int, listed: list[str], recent: list[str], current: str) -> tuple[list[str], str]:
    """`count` names for figures listed behind the words `left`, and the words between the names and the figures.

    Where the words name nothing, the names are those of the list before (`listed`), of the figures just stated
    (`recent`), or the `current` one for all; where they do not split, they are the name of all.
    """
    m = RESPECTIVELY.search(left)
    head, tail = (left[: m.start()], m[0].removeprefix("分别") + left[m.end() :]) if m else (left, "")
    if len(listed) == count and cues().share.fullmatch(edges(head)):
        return listed, edges(head) + tail  # 分别完成5亿元和3亿元，占比分别为62.5%和37.5%
    compared = cues().compared.search(edges(head))
    tail = (compared[0] if compared else "") + tail
    name = name_before(cues().compared.sub("", edges(head)))
    if name and name not in _EMPTY:
        return split(name, count) or [name] * count, tail
    if len(listed) == count:
        return listed, tail
    if len(recent) >= count == 2:
        return recent[-count:], tail
    return [current] * count, tail


def one_of_three(name: str, term: int) -> str:
    """The name of one term of a ratio (三次产业结构: 第一产业占比); the name itself where it is of no three."""
    for whole, parts in sorted(words("cues")["triples"].items(), key=lambda item: -len(item[0])):
        if whole in name and 1 <= term <= len(parts):
            return name.replace(whole, parts[term - 1])
    return name


def split(names: str, count: int) -> list[str]:
    """A、B和C as `count` names; what the last one ends with is said of all (金融业、批发业增加值: 金融业增加值)."""
    if count == 3 and one_of_three(names, 1) != names:
        return [one_of_three(names, term) for term in (1, 2, 3)]
    for separators in _SEPARATORS:
        parts = [part for part in re.split(f"[{separators}]", names) if part]
        if len(parts) == count:
            return _complete(parts)
    return []


def _complete(parts: list[str]) -> list[str]:
    last = parts[-1]
    if _ORDINAL.fullmatch(parts[0]):
        # 第一、二、三产业增加值
        head = _ORDINAL.sub("", last, count=1)
        return ["第" + part.removeprefix("第") + head for part in parts[:-1]] + ["第" + last.removeprefix("第")]
    m = cues().list_head.search(last)
    head = m[0] if m else ""
    return [part if part.endswith(head) or _complete_alone(part) else part + head for part in parts]


def _complete_alone(name: str) -> bool:
    """Whether a name needs no head from the last of its list (社会消费品零售总额、…、工业增加值)."""
    return bool(cues().list_head.search(name) or _MEASURE.search(name) or concept_of(name))
