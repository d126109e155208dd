"""A baseline: what it says in a file, which findings it accepts, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checker.baseline import HEAD, Entry, accept, apply, dump, load
from checker.check import Rule, load_rules
from checker.errors import BadData
from checker.model import LEVELS, Audit, Document
from checker.pipeline import audit_documents, check_against
from checker.read import parse
from checker.vocabulary import rules_dir

TODAY = date(2021, 6, 1)
RULES = load_rules([rules_dir()])
# Characters that would end a field or a line, drive a terminal, or cannot be written at all.
NASTY = st.text(st.sampled_from("清河ab +#*_-\t\n\r\x0b\x1b\x85\u2028\u202e\ufeff\udcff"), max_size=12)


def document(path: str, amount: float = 412.6, **said: Any) -> Document:
    """A report of one figure; its first line is no title."""
    known = {"title": f"报告{path[0]}", "date": date(2021, 1, 20), "place": "清河市"} | said
    metric, year = known.pop("metric", "地区生产总值"), known.pop("year", 2020)
    return parse(f"概况\n{year}年，{metric}{amount}亿元。\n", path, known)


A, B = document("a.txt"), document("b.txt", 421.6)


def found(*documents: Document, rules: list[Rule] = RULES) -> Audit:
    return audit_documents(documents, rules=rules)


def fingerprints(*documents: Document, rules: list[Rule] = RULES) -> list[str]:
    return [finding.fingerprint for finding in found(*documents, rules=rules).findings]


def entries(audit: Audit, reason: str = "known", until: date | None = None) -> list[Entry]:
    return accept(audit, LEVELS, reason, until)


def read_back(folder: Path, text: str) -> list[Entry]:
    (folder / "baseline").write_bytes(text.encode())
    return load(folder / "baseline")


# The file ----------------------------------------------------------------------------------------------------------


def test_what_a_baseline_looks_like() -> None:
    assert dump(entries(found(A, B), "under review", date(2027, 1, 31))) == (
        f"{HEAD}\n{fingerprints(A, B)[0]}\tsame-fact\t报告a 清河市 2021-01-20 + 报告b 清河市 2021-01-20\t"
        "地区生产总值\t2020\t412.6亿元 / 421.6亿元\t2027-01-31\tunder review\n"
    )


def test_lines_are_sorted_and_hold_no_path_and_no_line_number() -> None:
    others = [document(f"{n}.txt", amount, title="") for n, amount in enumerate((402.6, 412.6, 421.6, 500))]
    lines = dump(entries(found(*others))).splitlines()
    assert len(lines) == 7 and lines == sorted(lines)
    moved = [replace(each, path=f"else/{each.path}") for each in reversed(others)]
    assert dump(entries(found(*moved))).splitlines() == lines


def test_a_fingerprint_is_the_same_whatever_files_are_called_that_print_the_same_figure() -> None:
    """Several documents state each side: which of them stand for the others must not go by their paths."""
    reports = [document(f"{n}.txt", amount) for n, amount in zip("abcd", (412.6, 421.6, 412.6, 421.6), strict=True)]
    paths = [report.path for report in reports]
    assert len(fingerprints(*reports)) == 1
    named = (
        [replace(each, path=path) for each, path in zip(reports, others, strict=True)] for others in permutations(paths)
    )
    assert {tuple(fingerprints(*each)) for each in named} == {tuple(fingerprints(*reports))}


@given(NASTY, NASTY, NASTY, st.none() | st.dates())
@example("a + b", " + ", "\ttab\nline\x1b[31m", None)
@settings(deadline=None, max_examples=50)
def test_what_goes_in_comes_out(
    tmp_path_factory: pytest.TempPathFactory, title: str, metric: str, reason: str, until: date | None
) -> None:
    audit = found(document("a.txt", title=title), document("b.txt", 421.6, title=title))
    audit = replace(audit, findings=tuple(replace(finding, metric=metric) for finding in audit.findings))
    assume(reason.replace("*", "").replace("_", "").split() and audit.findings)
    made = entries(audit, reason, until)
    text = dump(made)
    assert text.count("\n") == 1 + len(made) and not set("\r\x0b\x1b\x85\u2028\u202e\udcff") & set(text)
    known = read_back(tmp_path_factory.getbasetemp(), text)
    assert dump(known) == text
    assert [replace(entry, line=0) for entry in known] == sorted(made, key=lambda entry: entry.fingerprint)
    if until is None:
        applied = apply(audit, known, TODAY)
        assert all(finding.suppression for finding in applied.audit.findings)
        assert not (applied.changed or applied.unused)


def test_comments_blank_lines_and_windows_line_ends_are_passed_over(tmp_path: Path) -> None:
    text = dump(entries(found(A, B)))
    assert [entry.line for entry in read_back(tmp_path, "\ufeff# ours\r\n\r\n" + text.replace("\n", "\r\n"))] == [4]
    assert read_back(tmp_path, "") == []


GOOD = "0123456789abcdef\tsame-fact\ta + b\tGDP\t2020\t1 / 2\t-\tknown"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("0123456789abcdef", "1 fields parted by tabs, not 8"),
        (GOOD.rpartition("\t")[0], "7 fields parted by tabs, not 8"),
        (GOOD + "\tmore", "9 fields parted by tabs, not 8"),
        (GOOD.replace("known", " "), "no reason"),
        (GOOD.replace("\t-", "\t2027-02-30"), "until '2027-02-30' is neither a day such as 2027-01-31 nor -"),
        (GOOD.replace("\t-", "\t"), "until '' is neither a day such as 2027-01-31 nor -"),
        (GOOD.replace("cdef", "cdeF"), "'0123456789abcdeF' is no fingerprint of 16 hexadecimal digits"),
        (GOOD.replace("cdef", "cd"), "'0123456789abcd' is no fingerprint of 16 hexadecimal digits"),
        ("x" * 9999 + "\t" * 7, f"'{'x' * 40}' is no fingerprint of 16 hexadecimal digits"),
        (GOOD, "line 2 is of this finding as well"),
    ],
)
def test_a_mistake_is_named_with_path_and_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "baseline"
    path.write_text(f"{HEAD}\n{GOOD}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadData) as caught:
        load(path)
    assert str(caught.value) == f"{path}:3: {says}"


@pytest.mark.parametrize(("data", "says"), [(b"# \xff", ":1:3: not UTF-8"), (None, ": cannot be read: No such file")])
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes | None, says: str) -> None:
    path = tmp_path / "baseline"
    if data:
        path.write_bytes(data)
    with pytest.raises(BadData) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{says}")


# What it accepts ---------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_suppressed_with_the_reason() -> None:
    applied = apply(found(A, B), entries(found(A, B), "under\treview"), TODAY)
    (finding,) = applied.audit.findings
    assert finding.suppression is not None
    assert (finding.suppression.kind, finding.suppression.reason) == ("baseline", "under review")
    assert not (applied.expired or applied.changed or applied.unused)
    assert entries(applied.audit) == []


def test_levels_choose_what_is_accepted_and_a_reason_is_needed() -> None:
    assert [len(accept(found(A, B), levels, "known")) for levels in ([], ["warning", "note"], ["error"])] == [0, 0, 1]
    with pytest.raises(ValueError, match="reason"):
        entries(found(A, B), "\n\t")


def test_a_finding_whose_figures_have_changed_counts_again() -> None:
    known = entries(found(A, B))
    applied = apply(found(A, document("b.txt", 422.6)), known, TODAY)
    assert [finding.suppression for finding in applied.audit.findings] == [None]
    assert list(applied.changed) == known and not applied.unused


def test_another_document_that_prints_an_accepted_figure_changes_nothing() -> None:
    applied = apply(found(A, B, document("c.txt", date=date(2021, 3, 1))), entries(found(A, B)), TODAY)
    assert [len(finding.claims) for finding in applied.audit.findings] == [3]
    assert all(finding.suppression for finding in applied.audit.findings)


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, False), (1, True)])
def test_an_entry_counts_up_to_its_last_day(days: int, counts: bool) -> None:
    known = entries(found(A, B), until=TODAY)
    applied = apply(found(A, B), known, TODAY + timedelta(days))
    assert [finding.suppression is None for finding in applied.audit.findings] == [counts]
    assert list(applied.expired) == (known if counts else [])


AGREES = document("b.txt", 412.6)
ELSEWHERE = replace(A, place="临江县")


@pytest.mark.parametrize(
    ("documents", "rules", "unused"),
    [
        ([A, AGREES], RULES, True),
        ([A], RULES, True),
        ([document("c.txt")], RULES, False),
        ([ELSEWHERE], RULES, False),  # of the same title and day
        ([replace(A, date=date(2021, 3, 1))], RULES, False),
        ([A, AGREES], [rule for rule in RULES if rule.id != "same-fact"], False),
    ],
)
def test_an_entry_is_unused_where_its_rule_ran_over_a_document_of_it(
    documents: list[Document], rules: list[Rule], unused: bool
) -> None:
    known = entries(found(A, B))
    assert list(apply(found(*documents, rules=rules), known, TODAY).unused) == (known if unused else [])


def test_of_a_collection_only_new_documents_make_an_entry_unused(tmp_path: Path) -> None:
    """What two held documents say of each other is not looked at, even where a finding binds both with a new one."""
    from checker.collection import index

    def file(name: str, amount: float) -> Path:
        path = tmp_path / f"{name}.txt"
        head = f"---\ntitle: {name}\ndate: 2021-01-20\nplace: 清河市\n---\n概况\n"
        path.write_text(f"{head}2020年，地区生产总值{amount}亿元。\n", encoding="utf-8")
        return path

    index([file("a", 412.6), file("b", 421.6)], tmp_path / "c.db")
    result = check_against(tmp_path / "c.db", [file("c", 500)])
    assert [document.title for document in result.documents] == ["a", "b", "c"]
    held, new = (Entry("0" * 16, "same-fact", f"a 清河市 2021-01-20 + {other} 清河市 2021-01-20", *"---", None, "known")
                 for other in "bc")  # fmt: skip
    assert apply(result, [held], TODAY).unused == ()
    assert apply(result, [new], TODAY).unused == (new,)


# What names a finding ----------------------------------------------------------------------------------------------


@given(st.integers(0, 3), st.text("甲乙丙丁，。 ", max_size=9), st.sampled_from("xyz"), st.booleans())
@settings(deadline=None, max_examples=30)
def test_a_fingerprint_outlives_new_lines_a_new_path_another_order_and_new_wording(
    lines: int, words: str, path: str, swapped: bool
) -> None:
    """The lines come under the title, which the documents have."""
    text = "概况\n" + f"{words}\n" * lines + "2020年，地区生产总值421.6亿元。\n"
    known = {"title": B.title, "date": B.date, "place": B.place}
    other = parse(text, f"{path}/{path}.txt", known)
    reworded = [replace(rule, title={}, message={"zh": words, "en": path}, why={}) for rule in RULES]
    assert fingerprints(*([other, A] if swapped else [A, other]), rules=reworded) == fingerprints(A, B)


@pytest.mark.parametrize(
    ("documents", "rules"),
    [
        ([document("a.txt", metric="财政收入"), document("b.txt", 421.6, metric="财政收入")], RULES),
        ([document("a.txt", year=2019), document("b.txt", 421.6, year=2019)], RULES),
        ([replace(A, place="临江县"), replace(B, place="临江县")], RULES),
        ([A, B], [replace(rule, id=f"our-{rule.id}") for rule in RULES]),
        ([A, document("c.txt", 421.6)], RULES),
        ([A, replace(B, date=date(2021, 1, 21))], RULES),
    ],
    ids=["metric", "period", "place", "rule", "partner", "date of the partner"],
)
def test_a_fingerprint_changes_with_what_it_names(documents: list[Document], rules: list[Rule]) -> None:
    (changed,), (before,) = fingerprints(*documents, rules=rules), fingerprints(A, B)
    assert changed != before
