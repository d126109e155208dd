"""Whether a figure is planned, expected or done: by the words in front, the part it stands in, and what notes say."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec import Struct

from checker.extract.told import ASSUMED, CARRIED, DOCUMENT, STATED, Told

# How far back a cue reaches.
_REACH = 60
_SENTENCE = re.compile("[。；;！？]")
_CLAUSE = re.compile("[，；,;：]")
_LIST = re.compile("[：:]")
# What may stand between an amount and the word that corrects it.
_QUOTED = re.compile('[”’"」，,]{0,2}')
TARGET, ESTIMATE, ACTUAL = "target", "estimate", "actual"
_SINGLE = ("behind", "goal", "measured", "plan_parts", "numbers", "plan_heads", "past_parts")
_SORTS = (("target", TARGET), ("estimate", ESTIMATE), ("done", ACTUAL))


class Kind(NamedTuple):
    """What a cue says, and how far it holds."""

    says: str
    reach: str


class Cue(NamedTuple):
    """A word that says whether figures behind it are planned, expected or done, and where it stands."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Modality:
    """The vocabulary of modality.yaml: one pattern for the cues of each sort, headings, notes and corrections.

    `ahead` are the cues of plans that look forward from the day of the document; `goal` names an amount in front as
    planned, and `measured` what says that an outcome reached it or did not.
    """

    cues: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...]
    ahead: re.Pattern[str]
    behind: re.Pattern[str]
    goal: re.Pattern[str]
    measured: re.Pattern[str]
    plan_parts: re.Pattern[str]
    numbers: re.Pattern[str]
    plan_heads: re.Pattern[str]
    past_parts: re.Pattern[str]
    below: re.Pattern[str]
    above: re.Pattern[str]
    into: re.Pattern[str]
    before: re.Pattern[str]
    version: str
    revised: re.Pattern[str]
    revision: str


def compile_modality(data: dict[str, Any]) -> Modality:
    """The vocabulary of modality.yaml, compiled."""
    single = {name: data[name] for name in _SINGLE}
    single |= data["notes"] | {name: data["corrections"][name] for name in ("into", "before", "revised")}
    return Modality(
        cues=tuple(_union(data["begins"], says, data[name]) for name, says in _SORTS),
        ahead=_union(data["begins"], TARGET, [entry for entry in data["target"] if entry.get("ahead")])[0],
        version=data["corrections"]["version"],
        revision=data["corrections"]["revision"],
        **{name: re.compile(entry["pattern"]) for name, entry in single.items()},
    )


def _union(begins: str, says: str, entries: Sequence[dict[str, Any]]) -> tuple[re.Pattern[str], tuple[Kind, ...]]:
    """One pattern for some entries, whose groups are their kinds in order."""
    pattern = "|".join(f"({entry['pattern']})" for entry in entries)
    return re.compile(f"(?=[{begins}])(?:{pattern})"), tuple(Kind(says, entry["reach"]) for entry in entries)


def find_cues(words: Modality, text: str, start: int = 0, end: int | None = None) -> list[Cue]:
    """Every cue between two offsets of a text, in order."""
    end = len(text) if end is None else end
    found = [
        Cue(m.start(), m.end(), kinds[(m.lastindex or 1) - 1])
        for pattern, kinds in words.cues
        for m in pattern.finditer(text, start, end)
    ]
    found.sort()
    return found


# What nothing says anything else of.
_DONE = Told(ACTUAL, ASSUMED)


class Setting(Struct, frozen=True, gc=False):
    """What is known of a figure beside the words in front of it.

    `plan` are the words by which its part can only tell of plans, `past` whether it looks back; `over` whether its
    period was over when the document came out, `after` whether it begins in a year after that; `note` are the words
    that say its part is expected, `before` the modality of the figure in front where that measures the same, `inside`
    that of the figure in whose bracket it stands.
    """

    plan: str
    past: bool
    over: bool
    after: bool
    note: str
    before: str
    inside: str


def modality_of(
    words: Modality, cues: Sequence[Cue], text: str, start: int, end: int, after: int, setting: Setting
) -> Told:
    """Whether the figure from `end` to `after` of a sentence that begins at `start` is planned, expected or done.

    `cues` are those of the sentence.
    """
    if goal := words.goal.match(text, after):
        return Told(TARGET, STATED, goal[0])
    near = cues[: bisect_left(cues, (end,))] if cues else cues
    target, estimate, done, clause = _said(near, text, start, end, setting.past) if near else (None, None, None, start)
    if target and (not done or target.end > min(done.end, clause)):
        return Told(TARGET, STATED, text[target.start : target.end])
    now = done is not None and done.end > clause
    if setting.inside and not now:
        return Told(setting.inside, CARRIED)
    if setting.after and not estimate:
        return Told(TARGET, DOCUMENT, setting.plan)
    if estimate and (not done or estimate.end > done.end):
        return Told(ESTIMATE, STATED, text[estimate.start : estimate.end])
    if setting.plan and not done and not setting.over:
        return Told(TARGET, CARRIED, setting.plan)
    if behind := words.behind.match(text, after):
        return Told(ESTIMATE, STATED, behind[0])
    if setting.before == ESTIMATE:
        return Told(ESTIMATE, CARRIED)
    if setting.note:
        return Told(ESTIMATE, CARRIED, setting.note)
    return Told(ACTUAL, STATED, text[done.start : done.end]) if done else _DONE


def _said(
    cues: Sequence[Cue], text: str, start: int, end: int, past: bool
) -> tuple[Cue | None, Cue | None, Cue | None, int]:
    """The last cues of a plan, of an estimate and of what is done that reach a figure, and where its clause begins."""
    near = max(start, end - _REACH)
    clause, stop = _last(_CLAUSE, text, near, end), _last(_SENTENCE, text, start, end)
    # A part that looks back plans nothing behind a semicolon, unless a colon opened a list in front of it.
    lists = [cue.start for cue in cues if cue.kind.says == TARGET and cue.start >= near and _opens(text, cue, end)]
    planned = min([stop, *lists]) if past else near
    last: dict[str, Cue] = {}
    for cue in cues:
        says, reach = cue.kind
        since = {TARGET: max(planned, near), ESTIMATE: max(stop, near), ACTUAL: stop}[says]
        comma = says == ESTIMATE and _CLAUSE.match(text, cue.end) is not None
        reaches = {"sentence": True, "clause": cue.end > clause or comma, "figure": cue.end == end}[reach]
        if cue.start >= since and cue.end <= end and reaches:
            last[says] = cue
    return last.get(TARGET), last.get(ESTIMATE), last.get(ACTUAL), clause


def _opens(text: str, cue: Cue, end: int) -> bool:
    """Whether a colon stands behind a cue or at its end."""
    return bool(cue.end < end and _LIST.match(text, cue.end)) or text[cue.end - 1] in "：:"


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the last match ends that lies between two offsets; the first offset where there is none."""
    return max((m.end() for m in pattern.finditer(text, start, end)), default=start)


def corrects(words: Modality, text: str) -> bool:
    """Whether a text corrects anything."""
    return any(pattern.search(text) for pattern in (words.into, words.before))


def version_of(words: Modality, text: str, start: int, before: int, after: int) -> str:
    """What tells an amount apart that is corrected; empty for all others.

    `start` is where the amount in front ends, or the sentence begins.
    """
    behind = _QUOTED.match(text, after)
    corrected = behind and words.into.match(text, behind.end())
    return words.version if corrected or _ends(words.before, text, max(start, before - _REACH), before) else ""


def revision_of(words: Modality, modality: Told) -> str:
    """What tells a plan apart that was changed while it was carried out; empty for all others."""
    return words.revision if words.revised.match(modality.source) else ""


def _ends(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return any(m.end() == end for m in pattern.finditer(text, start, end))
