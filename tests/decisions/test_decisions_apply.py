"""What later runs make of a decision: it holds as long as what was decided about is the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from desk import RULES, A, B, at, audited, same_fact, seen, verdict

from checker.check import Rule, load_rule
from checker.check.choice import at_level, with_thresholds
from checker.decisions import State, apply, decide, undo
from checker.decisions.events import Event
from checker.decisions.sight import meaning
from checker.model import Suppression
from checker.vocabulary import rules_dir

RULE = next(rule for rule in RULES if rule.id == "same-fact")


def decided(to: str = "rounding", **said: str) -> Event:
    audit = audited()
    return decide(State(same_fact(audit).fingerprint), seen(audit), "张三", at(0), to, **said)


def rules(other: Rule) -> list[Rule]:
    return [other if rule.id == other.id else rule for rule in RULES]


def changed(**keys: object) -> Rule:
    """The shipped rule with some of its parts replaced."""
    return replace(RULE, **keys)  # type: ignore[arg-type]


# What comes in the later run, and what of it is new.
LATER: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "nothing": ({}, ()),
    "lines before it": ({"a": f"年初以来，形势向好。\n\n{A}"}, ()),
    "spaces that justify a line": ({"b": B.replace("421.6亿元，再上", "421.6 亿元，再 上")}, ()),
    "emphasis": ({"b": B.replace("421.6亿元", "**421.6亿元**")}, ()),
    "a text that goes on": ({"a": f"{A}\n2020年，清河市新建学校5所。"}, ()),
    "other names of the files": ({"names": ("2/z.txt", "1/a.txt")}, ()),
    "a message in other words": ({"rules": rules(changed(message={"zh": "不同", "en": "other"}, why=RULE.title))}, ()),
    "another level": ({"rules": rules(at_level(RULE, "note"))}, ()),
    "other words that would explain it": ({"rules": rules(changed(explained_by=()))}, ()),
    "a threshold of what would explain it": ({"rules": rules(with_thresholds(RULE, {"revision_days": 9}))}, ()),
    "another figure": ({"b": B.replace("421.6", "431.6")}, ("figure",)),
    "a figure to more digits": ({"a": A.replace("412.6", "412.60")}, ("figure",)),
    "other words around it": ({"a": A.replace("引进", "引来")}, ("passage",)),
    "a rule of other documents": ({"rules": rules(changed(documents="any"))}, ("rule",)),
    "a rule of other claims": ({"rules": rules(changed(same=(*RULE.same, "level")))}, ("rule",)),
    "all of it": (
        {"b": B.replace("421.6", "431.6").replace("再上", "又上"), "rules": rules(changed(documents="any"))},
        ("figure", "rule"),
    ),
}


@pytest.mark.parametrize("name", LATER)
def test_a_decision_holds_until_what_it_is_about_changes(name: str) -> None:
    later, what = LATER[name]
    audit = audited(**later)  # type: ignore[arg-type]
    applied = apply(audit, later.get("rules", RULES), [decided()])  # type: ignore[arg-type]
    finding = same_fact(applied.audit)
    assert [(one.rule, why) for one, why in applied.reopened] == ([("same-fact", what)] if what else [])
    assert finding.suppression == (None if what else Suppression("decision", "四舍五入（张三）"))
    findings = tuple(replace(one, suppression=None) for one in applied.audit.findings)
    assert replace(applied.audit, findings=findings) == audit


def test_the_meaning_of_a_rule_is_not_its_wording(tmp_path: Path) -> None:
    data = yaml.safe_load((rules_dir() / "growth-and-levels.yaml").read_text(encoding="utf-8"))

    def read(**keys: object) -> str:
        path = tmp_path / "rule.yaml"
        path.write_text(json.dumps(data | keys, ensure_ascii=False, default=str), encoding="utf-8")
        return meaning(load_rule(path))

    words = {"zh": "别的话", "en": "other words"}
    assert read() == read(title=words, message=words, why=words, level="note", since="9")
    assert read() == read(tests=data["tests"][:2])
    assert read(holds=f"({data['holds']})") == read()
    assert read(holds=f"not ({data['holds']})") != read()
    assert len({meaning(rule) for rule in RULES}) == len(RULES)


WORDS: list[tuple[str, dict[str, str], str, str]] = [
    (
        "explained", {"reason": "口径不同"},
        "口径或修订可解释（张三）：口径不同", "explained by scope or revision (张三): 口径不同",
    ),
    (
        "accepted", {"reason": "已刊出", "note": "存档"},
        "接受不改（张三）：已刊出；存档", "accepted as it is (张三): 已刊出; 存档",
    ),
    ("extraction-error", {"note": "a\nb"}, "抽取错误（张三）：a b", "extraction error (张三): a b"),
]  # fmt: skip


@pytest.mark.parametrize(("to", "said", "zh", "en"), WORDS)
def test_the_reason_is_the_verdict_in_words(to: str, said: dict[str, str], zh: str, en: str) -> None:
    for lang, reason in (("zh", zh), ("en", en)):
        finding = same_fact(apply(audited(), RULES, [decided(to, **said)], lang).audit)
        assert finding.suppression == Suppression("decision", reason)


@pytest.mark.parametrize("to", ["open", "in-progress", "confirmed-error", "to-verify"])
def test_what_does_not_settle_suppresses_nothing(to: str) -> None:
    applied = apply(audited(), RULES, [decided(to)])
    assert (same_fact(applied.audit).suppression, applied.reopened) == (None, ())


def test_what_is_undone_disputed_or_of_another_finding_suppresses_nothing() -> None:
    one = decided()
    found = State(one.finding, (one,), verdict=one)
    other = decided("alignment-error")
    rival = verdict("alignment-error", "李四", 1, finding=one.finding, sight=other.sight)
    for events in ([one, undo(found, "李四", at(1), one.id)], [one, rival], [verdict("rounding")], []):
        assert apply(audited(), RULES, events).audit == audited()


def test_what_is_suppressed_already_stays_as_it_is() -> None:
    audit = audited()
    accepted = replace(same_fact(audit), suppression=Suppression("baseline", "known"))
    audit = replace(audit, findings=tuple(accepted if one.rule == "same-fact" else one for one in audit.findings))
    assert apply(audit, RULES, [decided()]).audit == audit


def test_a_quote_is_found_in_its_text() -> None:
    audit = audited(b=B.replace("地区生产", "地区\n生产"))
    texts = {document.path: document for document in audit.documents}
    for quote in seen(audit).quotes:
        document = texts[quote.document]
        whole = quote.prefix + quote.exact + quote.suffix
        assert document.text[quote.start : quote.end] == quote.exact
        assert document.text.index(whole) == quote.start - len(quote.prefix)
        assert (quote.title, quote.digest) == (document.title, document.digest)
    assert [quote.printed for quote in seen(audit).quotes] == ["412.6亿元", "421.6亿元"]
