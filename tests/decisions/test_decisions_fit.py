"""The confidence of findings fitted on a desk's own verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk import A, B, audited, same_fact, seen, verdict

from checker import load_vocabulary
from checker.decisions import append
from checker.decisions.fit import (
    SHIPPED_DEVIATION,
    Judged,
    believed,
    calibration,
    confidence,
    features,
    fit,
    judged,
    with_weights,
)
from checker.vocabulary import CONFIDENCE, rules_dir, shipped, words

Run = Callable[..., Any]
MODEL = words(CONFIDENCE)
SHIPPED = rules_dir() / "vocabulary" / "confidence.yaml"
NEAR, FAR = features("same-fact", ["near", "known-metric"]), features("same-fact", ["far", "known-metric"])


def refitted(some: list[Judged]) -> dict[str, float]:
    return fit(some, MODEL, believed(some, MODEL), SHIPPED_DEVIATION)


def test_verdicts_move_confidence_towards_what_people_found() -> None:
    shipped_weights = believed([], MODEL)
    right, wrong = [Judged(FAR, True)] * 60, [Judged(FAR, False)] * 60
    before = confidence(right[0], shipped_weights)
    assert confidence(right[0], refitted(right)) > before > confidence(wrong[0], refitted(wrong))
    assert confidence(right[0], refitted(right)) > 0.9


def test_few_verdicts_hardly_move_it() -> None:
    few = refitted([Judged(FAR, True)] * 2)
    assert all(abs(few[name] - believed([], MODEL)[name]) < 0.3 for name in FAR)


def test_a_mark_keeps_the_way_it_speaks() -> None:
    weights = refitted([Judged(NEAR, False)] * 80 + [Judged(FAR, True)] * 80)
    assert weights["near"] >= 0 >= weights["far"]


def test_a_rule_of_the_project_starts_from_what_other_rules_are_believed() -> None:
    own = [Judged(features("ours", []), False)] * 5
    assert believed(own, MODEL)["rule ours"] == MODEL["other_rules"] > refitted(own)["rule ours"]


def test_calibration_counts_by_tenths() -> None:
    some = [Judged(frozenset(["a"]), True), Judged(frozenset(["a"]), False), Judged(frozenset(["b"]), False)]
    tenths = calibration(some, {"a": 3.0, "b": -3.0})
    assert [(each.low, each.findings, each.right) for each in tenths if each.findings] == [(0.0, 1, 0), (0.9, 2, 1)]
    assert calibration([Judged(frozenset(["c"]), True)], {"c": 99.0})[9].right == 1


@pytest.mark.parametrize(
    ("to", "right"),
    [
        ("confirmed-error", [True]),
        ("explained", [True]),
        ("extraction-error", [False]),
        ("to-verify", []),
        ("open", []),
    ],
)
def test_verdicts_are_taken_by_what_they_say_of_the_flag(to: str, right: list[bool]) -> None:
    found = audited()
    finding = same_fact(found)
    given = verdict(to, finding=finding.fingerprint, sight=seen(found), reason="口径不同")
    (told,) = judged([given], found) or [None]
    assert [told.right] * bool(told) == right if told else right == []
    if told:
        assert told.features == features("same-fact", (mark.id for mark in finding.marks))
    assert not judged([given], replace(found, findings=()))


def test_what_people_differ_about_tells_nothing() -> None:
    found = audited()
    about: dict[str, Any] = {"finding": same_fact(found).fingerprint, "sight": seen(found)}
    two = [verdict("confirmed-error", **about), verdict("rounding", "李四", 1, **about)]
    assert len(judged(two[:1], found)) == 1 and not judged(two, found)


def test_a_written_file_is_one_that_a_project_may_have(tmp_path: Path) -> None:
    text = with_weights(
        SHIPPED.read_text(encoding="utf-8"), {"rule same-fact": -1.5, "rule ours": 0.5, "near": 2.0}, MODEL
    )
    (tmp_path / "confidence.yaml").write_text(text, encoding="utf-8")
    model = load_vocabulary([tmp_path])[CONFIDENCE]
    assert (model["rules"]["same-fact"], model["rules"]["ours"]) == (-1.5, 0.5)
    assert {mark["id"]: mark["weight"] for mark in model["marks"]}["near"] == 2.0
    rest = [(mark["id"], mark["weight"]) for mark in model["marks"] if mark["id"] != "near"]
    assert rest == [(mark["id"], mark["weight"]) for mark in shipped()[CONFIDENCE]["marks"] if mark["id"] != "near"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two reports that differ, and a verdict that this was read amiss."""
    (tmp_path / "reports").mkdir()
    for month, text in enumerate((A, B), 1):
        head = f"---\ndate: 2021-0{month}-20\nplace: 清河市\ntitle: 第{month}份报告\n---\n"
        (tmp_path / "reports" / f"{month}.txt").write_text(head + text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def decided(checker: Run, folder: Path) -> str:
    """The fingerprint of what is found, judged a misreading."""
    (finding,) = json.loads(checker("audit", "reports", "--format", "json").stdout)["findings"]
    seen_then = seen(audited())
    given = verdict("extraction-error", finding=finding["fingerprint"], sight=seen_then)
    append(folder / "d.db", given)
    return str(finding["level"])


def test_few_verdicts_change_nothing_unless_told(checker: Run, desk: Path) -> None:
    decided(checker, desk)
    result = checker("decisions", "fit", "d.db", "reports", "--lang", "en")
    assert result.exit_code == 0 and "fewer than 30: nothing is changed" in result.stdout
    assert not (desk / "confidence.yaml").exists()


def test_a_fit_prints_how_well_confidence_is_kept_and_is_used_from_then_on(checker: Run, desk: Path) -> None:
    assert decided(checker, desk) == "error"
    result = checker("decisions", "fit", "d.db", "reports", "--force", "--lang", "en")
    assert result.exit_code == 0
    assert "fitted on 1 verdicts, 0 of them right" in result.stdout and "0.9–1.0" in result.stdout
    assert "weights are in confidence.yaml" in result.stdout
    before, after = (
        checker("audit", "reports", "--format", "json", *options).stdout
        for options in ((), ("--vocabulary", "confidence.yaml"))
    )
    sure = [json.loads(text)["findings"][0]["confidence"] for text in (before, after)]
    assert sure[1] < sure[0]
