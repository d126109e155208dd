"""Two reports of an invented city that differ, and people who decide about that."""

from __future__ import annotations

from datetime import date
from typing import Any

from checker import load_rules, parse
from checker.check import Rule
from checker.decisions import Sight, sight
from checker.decisions.events import Event, event
from checker.model import Audit, Finding
from checker.pipeline import audit_documents
from checker.vocabulary import rules_dir

RULES = load_rules([rules_dir()])
A = "2020年，清河市完成地区生产总值412.6亿元，引进企业35家。"
B = "今年以来，全市上下稳中求进。\n2020年清河市地区生产总值达到421.6亿元，再上台阶。"
FINDING = "0123456789abcdef"
SIGHT = Sight("same-fact", "m", "地区生产总值", "清河市", "2020-01-01", "2020-12-31", ())


def audited(a: str = A, b: str = B, rules: list[Rule] = RULES, names: tuple[str, str] = ("a.txt", "b.txt")) -> Audit:
    """An audit of two reports, known by their titles wherever their files are."""
    days = date(2021, 1, 20), date(2021, 2, 3)
    return audit_documents(
        [
            parse(text, name, {"title": title, "date": day, "place": "清河市"})
            for text, name, title, day in zip((a, b), names, ("一月的报告", "二月的报告"), days, strict=True)
        ],
        rules=rules,
    )


def same_fact(audit: Audit) -> Finding:
    (finding,) = (finding for finding in audit.findings if finding.rule == "same-fact")
    return finding


def seen(audit: Audit, rules: list[Rule] = RULES) -> Sight:
    return sight(
        same_fact(audit),
        {claim.id: claim for claim in audit.claims},
        {document.path: document for document in audit.documents},
        {rule.id: rule for rule in rules},
    )


def at(minute: int) -> str:
    return f"2026-01-31T{8 + minute // 60:02}:{minute % 60:02}:00Z"


def verdict(to: str, who: str = "张三", minute: int = 0, **said: Any) -> Event:
    """A verdict on FINDING, or another, of somebody who has seen nothing of what others did."""
    given = {"finding": FINDING, "sight": SIGHT, "from_": "open", "kind": "verdict"} | said
    return event(who=who, at=at(minute), to=to, **given)
