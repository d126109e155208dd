"""New documents against a collection: what an audit of everything finds that binds one of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.check import Rule, load_rule, load_rules, within_place
from checker.collection import index
from checker.errors import BadCollection
from checker.model import Audit
from checker.pipeline import audit, check_against
from checker.vocabulary import rules_dir

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = load_rules([rules_dir()])

PLACES = ("清河市", "临江县", "安平区")
TITLES = ("政府工作报告", "国民经济统计公报", "工作综述")
SENTENCES = (
    "地区生产总值{0}亿元，同比增长{1}%。",
    "{year}年，完成地区生产总值{0}亿元，是2015年的1.{1}倍。",
    "{year}年，固定资产投资完成{0}.5亿元，其中工业投资{1}{0}亿元。",
    "{year}年，一般公共预算收入{0}亿元，其中税收收入{1}亿元，非税收入2亿元。",
    "{year}年，帮扶企业{0}078家，解决用工{1}.58万人，减免税费{1}.4亿元。",
    "{year}年，重点项目达到{0}个，完成投资{1}3亿元。",
    "{year}年，粮食产量{0}{1}万吨，占全市的12{1}%。",
)

# Figures of several places in one year, which no shipped rule relates.
ACROSS = {
    "id": "across-places",
    "level": "note",
    "since": "0.1",
    "title": {"zh": "各地一致", "en": "Places agree"},
    "message": {"zh": "{a.text}，{b.text}", "en": "{a.text}, {b.text}"},
    "why": {"zh": "一句话", "en": "a sentence"},
    "claims": {"a": {"attribute": "level"}, "b": {"attribute": "level"}},
    "same": ["concept", "period"],
    "documents": "different",
    "holds": "a == b",
    "tests": [{"name": "none", "documents": {"a.txt": "x"}, "finds": []}],
}


def rule_of(folder: Path, data: dict[str, Any]) -> Rule:
    path = folder / "rule.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    return load_rule(path)


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    """The shipped rules and one that relates places."""
    return [*SHIPPED, rule_of(tmp_path_factory.mktemp("rules"), ACROSS)]


class Report(NamedTuple):
    """A document to be: what its front matter says, and its sentences with the figures in them."""

    place: str
    title: str
    day: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        head = f"---\ntitle: {self.title}\ndate: {self.day}\nplace: {self.place}\n---\n"
        return head + "\n".join((f"{self.title}概况", *self.sentences)) + "\n"


@st.composite
def reports(draw: st.DrawFn) -> Report:
    year = draw(st.integers(2019, 2020))
    sentence = st.builds(str.format, st.sampled_from(SENTENCES), *[st.integers(3, 5)] * 2, year=st.just(year))
    day = f"{year + 1}-0{draw(st.integers(1, 2))}-20"
    said = draw(st.lists(sentence, min_size=1, max_size=5))
    return Report(draw(st.sampled_from(PLACES)), draw(st.sampled_from(TITLES)), day, tuple(said))


def put(path: Path, report: Report) -> str:
    path.write_text(report.text, encoding="utf-8")
    return str(path)


def written(folder: Path, texts: Sequence[str]) -> list[str]:
    """The paths of these documents, each of a file of its own."""
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def collected(paths: Sequence[str], file: Path) -> Path:
    index([Path(path) for path in paths], file, jobs=1)
    return file


def told(result: Audit, new: Sequence[str]) -> list[Any]:
    """The findings that bind a new document, without the numbers that facts have."""
    homes = {claim.id: claim.document for claim in result.claims}
    return [finding for finding in result.findings if any(homes[id] in new for id in finding.claims)]


def compare(others: Sequence[str], new: Sequence[str], collection: Path, rules: Sequence[Rule] = SHIPPED) -> Audit:
    """Check new documents against a collection of others, and hold it against an audit of all of them."""
    result, whole = check_against(collection, new, rules=rules), audit([*others, *new], rules=rules)
    assert list(result.findings) == told(whole, new) == told(result, new)
    claims = {claim.id: claim for claim in whole.claims}
    assert all(claims[claim.id] == claim for claim in result.claims)
    shown, bound = {document.path: document for document in result.documents}, {d.path: d for d in whole.documents}
    assert set(new) <= set(shown) and all(bound[path] == document for path, document in shown.items())
    assert result.new == tuple(sorted(new))
    return result


@given(
    st.lists(reports(), min_size=2, max_size=8, unique_by=lambda report: report.text), st.integers(1, 3)
)  # copies count once
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_new_documents_are_checked_as_an_audit_of_everything_would(
    across: list[Rule], made: list[Report], count: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), [report.text for report in made])
        new, held = paths[:count], paths[count:]
        collection = collected(held, Path(folder) / "c.db")
        for rules in (SHIPPED, across):
            assert compare(held, new, collection, rules).held == len(held)


def test_each_seed_is_checked_against_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    seeds = [f"seeds/{path.name}" for path in sorted((ROOT / "seeds").glob("*.txt"))]
    found = []
    for new in seeds:
        others = [path for path in seeds if path != new]
        found += compare(others, [new], collected(others, tmp_path / f"{len(found)}{Path(new).stem}.db")).findings
    assert {finding.fingerprint for finding in found} == {finding.fingerprint for finding in audit(seeds).findings}


# One document of each of two places, and another version of the first.
HERE = Report("清河市", "政府工作报告", "2021-01-20", ("2020年，地区生产总值412.6亿元。",))
THERE = Report("临江县", "政府工作报告", "2021-01-20", ("2020年，地区生产总值88.3亿元。",))
LATER = Report("清河市", "统计公报", "2021-02-03", ("2020年，地区生产总值421.6亿元。",))


@pytest.fixture
def held(tmp_path: Path) -> tuple[list[str], Path]:
    """Two documents and a collection of them."""
    paths = written(tmp_path, [HERE.text, THERE.text])
    return paths, collected(paths, tmp_path / "c.db")


def test_a_finding_binds_a_new_and_a_held_document(tmp_path: Path, held: tuple[list[str], Path]) -> None:
    new = put(tmp_path / "new.txt", LATER)
    (finding,) = compare(held[0], [new], held[1]).findings
    assert finding.rule == "same-fact"


def test_a_document_of_a_place_that_has_none_is_checked_alone(tmp_path: Path, held: tuple[list[str], Path]) -> None:
    result = compare(held[0], [put(tmp_path / "new.txt", LATER._replace(place="安平区"))], held[1])
    assert (result.findings, len(result.documents), result.held) == ((), 1, 2)


def test_several_new_documents_are_checked_against_each_other(tmp_path: Path, held: tuple[list[str], Path]) -> None:
    new = [
        put(tmp_path / "new.txt", LATER),
        put(tmp_path / "newer.txt", THERE._replace(title="公报", sentences=("2020年，地区生产总值83.8亿元。",))),
        put(tmp_path / "newest.txt", LATER._replace(title="公报", sentences=("2020年，地区生产总值426.1亿元。",))),
    ]
    assert len(compare(held[0], new, held[1]).findings) == 4


def test_a_rule_across_places_looks_at_all_of_them(
    tmp_path: Path, held: tuple[list[str], Path], across: list[Rule]
) -> None:
    result = compare(held[0], [put(tmp_path / "new.txt", LATER)], held[1], across)
    homes = {claim.id: claim.place for claim in result.claims}
    bound = {(finding.rule, frozenset(homes[id] for id in finding.claims)) for finding in result.findings}
    assert bound == {("same-fact", frozenset(["清河市"]))} | {
        ("across-places", frozenset(places)) for places in (["清河市"], ["清河市", "临江县"])
    }


def test_a_new_version_takes_the_place_of_the_one_that_is_held(held: tuple[list[str], Path]) -> None:
    paths, collection = held
    put(Path(paths[0]), HERE._replace(sentences=LATER.sentences))
    result = compare(paths[1:], paths[:1], collection)
    assert (result.findings, result.held) == ((), 2)
    put(Path(paths[0]), HERE._replace(place="临江县"))  # the version that is held is of another place
    (finding,) = compare(paths[1:], paths[:1], collection).findings
    assert finding.place == "临江县"


def test_a_copy_takes_the_place_of_the_one_that_is_held(tmp_path: Path, held: tuple[list[str], Path]) -> None:
    collection = collected([put(tmp_path / "later.txt", LATER)], held[1])
    others = [held[0][1], str(tmp_path / "later.txt")]
    (finding,) = compare(others, [put(tmp_path / "copy.txt", HERE)], collection).findings
    assert len(finding.claims) == 2


def test_what_cannot_be_read_is_a_problem_and_the_rest_is_checked(tmp_path: Path, held: tuple[list[str], Path]) -> None:
    result = check_against(held[1], [put(tmp_path / "new.txt", LATER), tmp_path / "gone.txt"])
    assert [problem.path for problem in result.problems] == [str(tmp_path / "gone.txt")]
    assert len(result.findings) == 1


def test_a_collection_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadCollection, match="no such collection"):
        check_against(tmp_path / "c.db", [put(tmp_path / "new.txt", LATER)])
    assert not (tmp_path / "c.db").exists()


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.id)
def test_every_shipped_rule_stays_within_a_place(rule: Rule) -> None:
    assert within_place(rule)


@pytest.mark.parametrize(
    ("given", "within"),
    [
        ({"same": ["concept", "period"]}, False),
        ({"same": ["concept", "period"], "documents": "same"}, True),
        ({"same": ["place", "period"]}, True),
        ({"same": ["concept"], "where": ["a.place == b.place"]}, True),
        ({"same": ["concept"], "where": ["a.place == b.scope"]}, False),
        ({"same": ["concept"], "where": ["a.period == b.period", "a.id == b.part_of"]}, True),
        ({"same": ["concept"], "where": ["not a.place == b.place"]}, False),
    ],
)
def test_which_rules_stay_within_a_place(tmp_path: Path, given: dict[str, Any], within: bool) -> None:
    assert within_place(rule_of(tmp_path, ACROSS | given)) == within
