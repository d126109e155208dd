"""Which slips benchmarks/planted.py plants: those that something else in the texts tells from rounding."""

from __future__ import annotations

from random import Random

from benchmarks.planted import KINDS, Slip, planned, planted, spread, witnessed
from checker.pipeline import audit_documents
from checker.read import parse

TEXT = """2025年，清河市一般公共预算收入112.6亿元，增长4.3%，其中税收收入70.2亿元，非税收入42.4亿元。
2025年，清河市一般公共预算支出212.3亿元，增长12.8%。2024年，清河市一般公共预算支出188.2亿元。
"""


def test_what_bears_figures_out() -> None:
    audit = audit_documents([parse(TEXT, "a.txt", {"place": "清河市"})])
    names = {claim.number: {one.name for one in witnesses} for claim, witnesses in witnessed(audit)}
    assert names == {
        **{number: {"total"} for number in ("112.6", "70.2", "42.4")},
        **{number: {"growth"} for number in ("212.3", "12.8", "188.2")},
    }


def test_a_slip_is_one_that_can_be_noticed() -> None:
    audit = audit_documents([parse(TEXT, "a.txt", {"place": "清河市"})])
    slips: list[Slip] = []
    for seed in range(20):
        for claim, witnesses in witnessed(audit):
            made = (planted(claim, kind, witnesses, TEXT, Random(seed)) for kind in KINDS)
            slips += [slip for slip in made if slip]
    assert {slip.kind for slip in slips} == set(KINDS)
    # A tenth more or less of 70.2 is rounding.
    assert not {slip.text for slip in slips if slip.claim.number == "70.2"} & {"70.1", "70.3"}


def test_no_slip_spoils_what_bears_another_out() -> None:
    audit = audit_documents([parse(TEXT, "a.txt", {"place": "清河市"})])
    for seed in range(20):
        rounds = list(spread(planned(audit, Random(seed))))
        assert rounds
        for slips in rounds:
            assert len({slip.claim.id for slip in slips}) == len(slips) >= 1
            assert all(other.claim.id not in slip.witness.figures for slip in slips for other in slips if other != slip)
