"""The confidence of findings fitted on findings that people have judged: logistic regression around what is believed.

The weights of confidence.yaml are fitted by this on findings read in reports (benchmarks/confidence.py), and those of a
desk on its own verdicts, around the shipped ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from checker.decisions.events import Event
from checker.decisions.state import states
from checker.decisions.verdicts import verdicts
from checker.errors import CheckerError
from checker.model import Audit
from checker.textfile import read_text

# A weight is believed as far as the findings bear it out: the prior of each is normal with this deviation.
DEVIATION = 1.5
# ... and that of a weight which many findings have borne out already.
SHIPPED_DEVIATION = 0.5
# Fewer verdicts tell too little to change a weight by.
FEWEST = 30
STEPS, RATE = 4000, 0.05
RULE = "rule "


class Judged(NamedTuple):
    """A finding that people have judged: its rule and marks, whether it was right, and how much it counts."""

    features: frozenset[str]
    right: bool
    counts: float = 1.0


def features(rule: str, marks: Iterable[str]) -> frozenset[str]:
    """What the confidence of a finding is made up of."""
    return frozenset([RULE + rule, *marks])


def weights_of(model: Mapping[str, Any]) -> dict[str, float]:
    """The weights of a confidence.yaml by feature."""
    rules = {RULE + rule: float(weight) for rule, weight in model["rules"].items()}
    return rules | {mark["id"]: float(mark["weight"]) for mark in model["marks"]}


def believed(some: Iterable[Judged], model: Mapping[str, Any]) -> dict[str, float]:
    """The weights of a confidence.yaml by feature, that of other rules for those which these findings are of."""
    others = {name: float(model["other_rules"]) for one in some for name in one.features if name.startswith(RULE)}
    return others | weights_of(model)


def judged(events: Iterable[Event], audit: Audit) -> list[Judged]:
    """The findings of an audit, suspected ones as well, of which people have said whether they were right.

    What is open, disputed or no longer found tells nothing.
    """
    known = states(events)
    found = [one for finding in (*audit.findings, *audit.suspected) for one in (finding, *finding.also)]
    told = []
    for finding in found:
        state = known.get(finding.fingerprint)
        flag = verdicts()[state.to].flag if state and not state.disputed else "open"
        if flag != "open":
            marks = features(finding.rule, (mark.id for mark in finding.marks))
            told.append(Judged(marks, flag == "right"))
    return told


def fit(
    some: Sequence[Judged], model: Mapping[str, Any], prior: Mapping[str, float], deviation: float = DEVIATION
) -> dict[str, float]:
    """The weights that make what was found likeliest, by feature, of the features that these findings have.

    `prior` is what is believed of each before, 0 where nothing is. A mark that `speaks` one way in the model has no
    weight the other way.
    """
    names = sorted({name for one in some for name in one.features})
    signs = {mark["id"]: mark.get("speaks") for mark in model["marks"]}
    believed = np.array([prior.get(name, 0.0) for name in names])
    x = np.array([[name in one.features for name in names] for one in some], dtype=float)
    y, count = np.array([one.right for one in some], dtype=float), np.array([one.counts for one in some])
    low = np.array([0.0 if signs.get(name) == "for" else -np.inf for name in names])
    high = np.array([0.0 if signs.get(name) == "against" else np.inf for name in names])
    weight, speed = np.clip(believed, low, high), np.zeros(len(names))
    for _ in range(STEPS):  # gradient descent with momentum, kept within the signs
        slope = x.T @ (count * (1 / (1 + np.exp(-(x @ weight))) - y)) + (weight - believed) / deviation**2
        speed = 0.9 * speed - RATE / len(some) ** 0.5 * slope
        weight = np.clip(weight + speed, low, high)
    return dict(zip(names, weight.round(2).tolist(), strict=True))


def confidence(one: Judged, weights: Mapping[str, float]) -> float:
    """The confidence that weights give a finding."""
    return float(1 / (1 + np.exp(-sum(weights.get(name, 0.0) for name in one.features))))


class Tenth(NamedTuple):
    """Findings whose confidence lies in one tenth: how many, how many of them were right, and their mean confidence."""

    low: float
    findings: int
    right: int
    mean: float | None


def calibration(some: Iterable[Judged], weights: Mapping[str, float]) -> list[Tenth]:
    """Predicted against actual, by tenths."""
    tenths: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for one in some:
        sure = confidence(one, weights)
        tenths[min(9, int(sure * 10))].append((sure, one.right))
    return [
        Tenth(i / 10, len(each), sum(right for _, right in each), sum(s for s, _ in each) / len(each) if each else None)
        for i, each in enumerate(tenths)
    ]


def calibration_rows(before: Sequence[Tenth], after: Sequence[Tenth]) -> list[list[str]]:
    """Two calibrations beside each other as a table with a header: findings, share predicted, share right."""
    rows = [["", *2 * ["n", "predicted", "right"]]]
    for one, other in zip(before, after, strict=True):
        rows.append([f"{one.low:.1f}–{one.low + 0.1:.1f}", *_shown(one), *_shown(other)])
    return rows


def _shown(tenth: Tenth) -> list[str]:
    if tenth.mean is None:
        return ["0", "", ""]
    return [str(tenth.findings), f"{tenth.mean:.0%}", f"{tenth.right / tenth.findings:.0%}"]


def with_weights(text: str, weights: Mapping[str, float], model: Mapping[str, Any]) -> str:
    """The text of a confidence.yaml with other weights; comments and what has no new weight stay as they are."""
    rules = {**model["rules"], **{name[len(RULE) :]: w for name, w in weights.items() if name.startswith(RULE)}}
    listed = "".join(f"  {rule}: {weight}\n" for rule, weight in sorted(rules.items()))
    text = re.sub(r"^rules:.*?\n(?=\n)", lambda _: f"rules:\n{listed}", text, flags=re.M | re.S)
    for mark in model["marks"]:
        pattern = rf"(  - id: {mark['id']}\n(?:    .*\n)*?    weight: ).*"
        text = re.sub(pattern, rf"\g<1>{weights.get(mark['id'], mark['weight'])}", text)
    return text


def write(path: Path, template: Path, weights: Mapping[str, float], model: Mapping[str, Any]) -> None:
    """A confidence.yaml with these weights, on the pattern of another. Raises CheckerError where that cannot be."""
    text = with_weights(read_text(template, CheckerError), weights, model)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CheckerError(error.strerror or str(error), str(path)) from error
