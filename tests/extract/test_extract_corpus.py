"""The corpora beside this file: what texts state, and what they do not. A new case is a line of YAML, no code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.extract import extract
from checker.model import Claim, Rejected
from checker.read import parse
from checker.yamlfile import load

HERE = Path(__file__).parent
TITLE, DAY, PLACE = "2021年清河市政府工作报告", date(2021, 2, 1), "清河市"
FRAME = "清河市基地共有{}。"


def read_off(text: str, title: str = TITLE, day: date = DAY, place: str = PLACE) -> tuple[list[Claim], list[Rejected]]:
    return extract(parse(text, "a.txt", {"title": title, "date": day, "place": place}))


def surfaces(name: str) -> list[Any]:
    """One test for each surface of each entry; its id is the surface."""
    return [
        pytest.param(entry, str(surface), id=f"{i:03d}-{str(surface)[:40]}")
        for i, entry in enumerate(load(HERE / name))
        for surface in entry["surfaces"]
    ]


def shown(claims: list[Claim]) -> str:
    return "\n".join(f"{c.text!r} = {c.value} {c.unit} [{c.low}, {c.high}] {c.qualifier}" for c in claims)


@pytest.mark.parametrize(("entry", "surface"), surfaces("numbers.yaml"))
def test_a_surface_states_its_value(entry: dict[str, Any], surface: str) -> None:
    text = entry.get("in", FRAME).replace("{}", surface)
    claims, _ = read_off(text)
    assert len(claims) == 1, f"{text!r}: {shown(claims)}"
    claim = claims[0]
    got: dict[str, Any] = {"value": claim.value, "unit": claim.unit, "qualifier": claim.qualifier}
    wanted: dict[str, Any] = {"value": number(entry["value"]), "unit": entry["unit"]}
    wanted["qualifier"] = entry.get("qualifier", "exact")
    for end in ("low", "high"):
        if end in entry:
            got[end], wanted[end] = getattr(claim, end), number(entry[end])
    for flag in ("low_open", "high_open"):
        if flag in entry:
            got[flag], wanted[flag] = getattr(claim, flag), entry[flag]
    assert got == wanted
    assert text[claim.start : claim.end] == claim.text
    assert claim.number in claim.text or "\n" in surface or " " in surface


@pytest.mark.parametrize(("entry", "surface"), surfaces("numbers_not.yaml"))
def test_a_surface_states_nothing(entry: dict[str, Any], surface: str) -> None:
    text = entry.get("in", FRAME).replace("{}", surface)
    claims, rejected = read_off(text)
    claims = [claim for claim in claims if claim.text not in entry.get("beside", [])]
    assert not claims, f"{text!r}: {shown(claims)}"
    reasons = {r.reason for r in rejected}
    assert reasons == ({entry["reason"]} if "reason" in entry else set()), [(r.number, r.reason) for r in rejected]


@pytest.mark.parametrize("case", load(HERE / "clauses.yaml"), ids=lambda case: case.get("name") or case["text"][:40])
def test_a_clause_binds_its_figures(case: dict[str, Any]) -> None:
    day = date.fromisoformat(case["date"]) if "date" in case else DAY
    claims, _ = read_off(case["text"], case.get("title", TITLE), day, case.get("place", PLACE))
    assert [c.number for c in claims] == [w["number"] for w in case["claims"]], shown(claims)
    for claim, wanted in zip(claims, case["claims"], strict=True):
        assert {f: field(claim, f) for f in wanted} == {f: expected(f, wanted[f]) for f in wanted}


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def field(claim: Claim, name: str) -> Any:
    """What a claim says of a field of the corpus."""
    if name == "period":
        return f"{claim.period_start}/{claim.period_end}"
    value = getattr(claim, name)
    return value or "" if name == "base" else value


def expected(name: str, wanted: Any) -> Any:
    if name in ("value", "low", "high"):
        return number(wanted)
    if name in ("period", "base") and wanted:
        return days(str(wanted))
    return wanted


def days(text: str) -> str:
    """2020 is a whole year, 2016-2020 whole years, 2020-12-31 a single day; anything else is first/last day."""
    years = text.split("-")
    if "/" in text:
        return text
    if len(years) == 3:
        return f"{text}/{text}"
    return f"{years[0]}-01-01/{years[-1]}-12-31"


@pytest.mark.parametrize("entry", [pytest.param(e, id=f"{i:03d}") for i, e in enumerate(load(HERE / "parts.yaml"))])
def test_what_is_part_of_what(entry: dict[str, Any]) -> None:
    claims, _ = read_off(entry["text"])
    digits = {claim.id: claim.number for claim in claims}
    parts: dict[str, list[str]] = {}
    listed: dict[str, list[str]] = {}
    among: dict[str, list[str]] = {}
    for claim in claims:
        if claim.part_of:
            parts.setdefault(digits[claim.part_of], []).append(claim.number)
        if claim.listing:
            listed.setdefault(claim.listing, []).append(claim.number)
        if claim.among:
            among.setdefault(claim.among, []).append(claim.number)
    shares = {claim.number: digits[claim.subject] for claim in claims if claim.subject}
    wanted = {whole: sorted(numbers) for whole, numbers in entry["parts"].items()}
    assert {whole: sorted(numbers) for whole, numbers in parts.items()} == wanted
    assert sorted(map(sorted, listed.values())) == sorted(map(sorted, entry.get("listed", [])))
    if "among" in entry:
        assert sorted(map(sorted, among.values())) == sorted(map(sorted, entry["among"]))
    assert shares == entry.get("shares", {})
