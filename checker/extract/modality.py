"""Whether a figure is planned, expected or done: by the words in front, the part it stands in, and what notes say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from checker.extract.told import ASSUMED, CARRIED, DOCUMENT, STATED, Told

# How far back a cue reaches.
_REACH = 60
_SENTENCE = re.compile("[。；;！？]")
_CLAUSE = re.compile("[，；,;：]")
_LIST = re.compile("[：:]")
TARGET, ESTIMATE, ACTUAL = "target", "estimate", "actual"


@dataclass(frozen=True, slots=True)
class Modality:
    """The vocabulary of modality.yaml: cues by how far they reach, headings, notes and corrections."""

    target: dict[str, re.Pattern[str]]
    ahead: re.Pattern[str]
    estimate: re.Pattern[str]
    behind: re.Pattern[str]
    done: dict[str, re.Pattern[str]]
    plan_parts: re.Pattern[str]
    numbers: re.Pattern[str]
    plan_heads: re.Pattern[str]
    past_parts: re.Pattern[str]
    below: re.Pattern[str]
    above: re.Pattern[str]
    into: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    versions: tuple[str, str]


def compile_modality(data: dict[str, Any]) -> Modality:
    """The vocabulary of modality.yaml, compiled."""
    single = {name: data[name] for name in ("behind", "plan_parts", "numbers", "plan_heads", "past_parts")} | data[
        "notes"
    ]
    single |= {name: data["corrections"][name] for name in ("into", "before", "after")}
    first, second = data["corrections"]["versions"]
    return Modality(
        target={reach: _union(data["target"], reach=reach) for reach in ("sentence", "clause")},
        ahead=_union(data["target"], ahead=True),
        estimate=_union(data["estimate"]),
        done={reach: _union(data["done"], reach=reach) for reach in ("sentence", "clause")},
        versions=(first, second),
        **{name: re.compile(entry["pattern"]) for name, entry in single.items()},
    )


def _union(entries: list[dict[str, Any]], **kind: Any) -> re.Pattern[str]:
    """One pattern for the entries of this kind."""
    chosen = [entry["pattern"] for entry in entries if all(entry.get(name) == value for name, value in kind.items())]
    return re.compile("|".join(f"(?:{pattern})" for pattern in chosen) or "(?!)")


@dataclass(frozen=True, slots=True)
class Setting:
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


def modality_of(words: Modality, text: str, start: int, end: int, after: int, setting: Setting) -> Told:
    """Whether the figure from `end` to `after` of a sentence that begins at `start` is planned, expected or done."""
    clause = _last(_CLAUSE, text, max(start, end - _REACH), end)
    target, done = _planned(words, text, start, end, setting.past), _done(words, text, start, end)
    if target and (not done or target[1] > min(done[1], clause)):
        return Told(TARGET, STATED, target[0])
    if setting.inside and not (done and done[1] > clause):
        return Told(setting.inside, CARRIED)
    estimate = _expected(words, text, start, clause, end)
    if setting.after and not estimate:
        return Told(TARGET, DOCUMENT, setting.plan)
    if setting.plan and not done and not setting.over:
        return Told(TARGET, CARRIED, setting.plan)
    if estimate and (not done or estimate[1] > done[1]):
        return Told(ESTIMATE, STATED, estimate[0])
    if behind := words.behind.match(text, after):
        return Told(ESTIMATE, STATED, behind[0])
    if setting.before == ESTIMATE:
        return Told(ESTIMATE, CARRIED)
    if setting.note:
        return Told(ESTIMATE, CARRIED, setting.note)
    return Told(ACTUAL, STATED, done[0]) if done else Told(ACTUAL, ASSUMED)


def _planned(words: Modality, text: str, start: int, end: int, past: bool) -> tuple[str, int] | None:
    """The last words in front that make a plan, and where they end; a part that looks back has none behind a stop."""
    near = max(start, end - _REACH)
    clause, part = _last(_CLAUSE, text, near, end), _last(_SENTENCE, text, near, end) if past else near
    # What a colon opens goes on behind semicolons.
    cues = words.target["sentence"]
    listed = next((m.start() for m in cues.finditer(text, near, end) if _opens(text, m, end)), part)
    found = list(cues.finditer(text, min(part, listed), end))
    found += words.target["clause"].finditer(text, clause, end)
    last = max(found, key=lambda m: m.end(), default=None)
    return (last[0], last.end()) if last else None


def _expected(words: Modality, text: str, start: int, clause: int, end: int) -> tuple[str, int] | None:
    """The words that make an estimate: in the clause, or in front of a comma or colon behind which it stands."""
    for m in words.estimate.finditer(text, _last(_SENTENCE, text, max(start, end - _REACH), end), end):
        if m.end() > clause or (m.end() < end and _CLAUSE.match(text, m.end())):
            return m[0], m.end()
    return None


def _opens(text: str, m: re.Match[str], end: int) -> bool:
    return bool(m.end() < end and (_LIST.match(text, m.end()) or _LIST.search(m[0])))


def _done(words: Modality, text: str, start: int, end: int) -> tuple[str, int] | None:
    """The last words in front that say that it is done, and where they end."""
    found = list(words.done["sentence"].finditer(text, _last(_SENTENCE, text, start, end), end))
    found += words.done["clause"].finditer(text, _last(_CLAUSE, text, max(start, end - _REACH), end), end)
    last = max(found, key=lambda m: m.end(), default=None)
    return (last[0], last.end()) if last else None


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the last match ends that lies between two offsets; the first offset where there is none."""
    return max((m.end() for m in pattern.finditer(text, start, end)), default=start)


def version_of(words: Modality, text: str, start: int, before: int, after: int) -> str:
    """Which of two versions of an amount this is in a correction; empty where nothing is corrected."""
    near = max(start, before - _REACH)
    if words.before.search(text, near, before) or _followed(words, text, after):
        return words.versions[0]
    clause = _last(_CLAUSE, text, near, before)
    second = words.after.search(text, near, before) or words.into.search(text, clause, before)
    return words.versions[1] if second else ""


def _followed(words: Modality, text: str, after: int) -> bool:
    return bool(words.into.match(text, after + (text[after : after + 1] in ("，", ","))))
