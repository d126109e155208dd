"""Words of a project: added to the shipped ones, checked like them, and refused where they contradict them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import checker
from checker import BadData, BadSetting, load_vocabulary
from checker.align.phrases import phrases
from checker.metrics import metrics
from checker.model import Audit
from checker.pipeline import audit_documents
from checker.read import parse
from checker.units import units
from checker.vocabulary import Vocabulary, shipped

Write = Callable[..., Path]
WORDS = """
metrics:
  - id: 地区生产总值
    aliases: [全域产出总值]
    reads: [实现全域产出总值]
    not: [全域产出]
  - id: 仓储堆存量
    aliases: [堆存货物]
    kind: stock
    unit: 垛
units:
  垛: {dimension: stacks, aliases: [整垛], reads: [堆存3.2万垛], not: [3.2万吨]}
  麻包: {dimension: mass, factor: 90}
contrasts:
  - [甲类仓, 乙类仓]
markers: [寄售]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(text: str, name: str = "words.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return file


@pytest.fixture
def own(write: Write) -> Vocabulary:
    return load_vocabulary([write(WORDS)])


def audited(left: str, right: str, vocabulary: Vocabulary | None) -> Audit:
    documents = [
        parse(text, f"{name}.txt", {"title": name, "date": date(2024, month, 1), "place": "清河市"})
        for month, (name, text) in enumerate((("公报", left), ("报告", right)), 2)
    ]
    return audit_documents(documents, vocabulary=vocabulary)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2023年，全市实现全域产出总值812.4亿元。", "2023年，全市地区生产总值821.4亿元。"),
        ("2023年末，仓储堆存量3.25万垛。", "2023年末，堆存货物2.35万垛。"),
        ("2023年，收购陈皮1200麻包。", "2023年，收购陈皮180吨。"),
    ],
)
def test_names_and_units_of_a_project_are_compared(own: Vocabulary, left: str, right: str) -> None:
    assert not audited(left, right, None).findings
    assert [finding.rule for finding in audited(left, right, own).findings] == ["same-fact"]


def test_a_unit_of_a_project_converts(own: Vocabulary) -> None:
    assert not audited("2023年，收购陈皮1200麻包。", "2023年，收购陈皮108吨。", own).findings
    (finding,) = audited("2023年，收购陈皮1200麻包。", "2023年，收购陈皮180吨。", own).findings
    assert (finding.difference, finding.message["zh"].count("麻包")) == (72000, 1)


def test_contrasts_of_a_project_tell_apart(own: Vocabulary) -> None:
    left, right = "2023年，甲类仓租赁收入5.21亿元。", "2023年，乙类仓租赁收入6.33亿元。"
    assert audited(left, right, None).findings
    assert not audited(left, right, own).findings
    assert phrases(own).contrasting("寄售货值", "货值") and not phrases().contrasting("寄售货值", "货值")


def test_a_unit_of_a_project_is_read_in_tables(own: Vocabulary) -> None:
    text = "表1 2023年仓储情况（单位：万垛）\n\n| 指标 | 2023年 |\n|---|---|\n| 仓储堆存量 | 3.25 |\n"
    claims = audited(text, "2023年。", own).claims
    assert [(claim.concept, claim.unit, claim.value) for claim in claims] == [("仓储堆存量", "垛", 32500)]


def test_the_shipped_words_stay_as_they_are(own: Vocabulary) -> None:
    assert metrics(own).concept_of("全域产出总值") == "地区生产总值" and metrics().concept_of("全域产出总值") is None
    assert units(own).unit_of("整垛") == ("垛", "stacks", 1) and units().unit_of("整垛") is None
    assert metrics(own).names_of("地区生产总值")[:-1] == metrics().names_of("地区生产总值")


def test_what_adds_nothing_that_is_read_is_no_other_vocabulary(own: Vocabulary, write: Write) -> None:
    """Its fingerprint tells vocabularies apart by what may be read with them, whatever the file is called."""
    assert shipped().fingerprint == ""
    assert load_vocabulary([write("contrasts: [[甲类仓, 乙类仓]]")]).fingerprint == ""
    assert load_vocabulary([write("metrics: [{id: 地区生产总值, aliases: [GDP]}]")]).fingerprint == ""
    assert load_vocabulary([write(WORDS, "other.yaml")]).fingerprint == own.fingerprint != ""


def test_files_of_a_folder_are_read_in_order(write: Write) -> None:
    write("metrics: [{id: 仓储堆存量, kind: stock}]", "words/a.yaml")
    folder = write("metrics: [{id: 仓储堆存量, aliases: [堆存货物]}]", "words/b.yml").parent
    write("not: [yaml", "words/notes.txt")
    assert metrics(load_vocabulary([folder])).concept_of("堆存货物") == "仓储堆存量"


def test_weights_of_a_project_take_the_place_of_the_shipped_ones(write: Write) -> None:
    text = (checker.vocabulary.rules_dir() / "vocabulary" / "confidence.yaml").read_text(encoding="utf-8")
    other = text.replace("  same-fact: ", "  same-fact: -9 # ", 1)
    vocabulary = load_vocabulary([write(other, "words/confidence.yaml").parent])
    pair = "2023年，全市地区生产总值812.4亿元。", "2023年，全市地区生产总值821.4亿元。"
    assert audited(*pair, None).findings and not audited(*pair, vocabulary).findings
    assert vocabulary.fingerprint == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("metrics:\n  - id: 村社产值\n    kind: flow\n    aliases: [GDP]", 4, "'GDP' is a name of '地区生产总值'"),
        ("metrics:\n  - {id: GDP, kind: flow}", 2, "'GDP' is a name of '地区生产总值' already"),
        ("metrics:\n  - id: 地区生产总值\n    kind: stock", 3, "kind of '地区生产总值' is 'flow' already"),
        ("metrics:\n  - id: 地区生产总值\n    unit: 人", 3, "unit of '地区生产总值' is '元' already"),
        ("metrics:\n  - id: 村社产值", 2, "a new one needs a kind"),
        ("metrics:\n  - {id: 村社产值, kind: flow, unit: 箩筐}", 2, "'箩筐' is no unit that is known"),
        ("metrics:\n  - {id: 村社产值, kind: flow, per_head: {total: 甲乙, population: 常住人口}}", 2, "'甲乙' is no"),
        ("metrics:\n  - {id: 村社产值, kind: flow}\n  - {id: 镇街产值, kind: flow, aliases: [村社产值]}", 3, "already"),
        ("metrics:\n  - {id: 村社产值, kind: flows}", 2, "flows is none of flow, stock, rate, index"),
        ("metric: []", 1, "unknown key 'metric' (did you mean 'metrics'?)"),
        ("metrics:\n  - id: 村社产值\n    kind: flow\n    reads: [乡产值]", 4, "'乡产值' is not read as '村社产值'"),
        ("metrics:\n  - id: 村社产值\n    kind: flow\n    not: [完成村社产值]", 4, "'完成村社产值' is read as"),
        ("units:\n  箩筐: {dimension: baskets, aliases: [吨]}", 2, "'吨' is a name of '吨' already"),
        ("units:\n  公斤:\n    factor: 2", 3, "factor of '公斤' is 'none' already"),
        ("units:\n  箩筐: {aliases: [大箩筐]}", 2, "a new one needs a dimension"),
        ("units:\n  箩筐: {dimension: mass}", 2, "'箩筐' needs a factor: how many 公斤 one of it is"),
        ("units:\n  箩筐: {dimension: baskets, factor: 3}", 2, "no one unit of 'baskets' to convert '箩筐' to"),
        ("units:\n  箩筐:\n    dimension: baskets\n    reads: [收3箩筐, 收3袋]", 4, "'收3袋' is not read as '箩筐'"),
        ("contrasts:\n  - [生产总值, GDP]", 2, "'生产总值' and 'GDP' are names of one indicator"),
        ("contrasts:\n  - [甲类仓]", 2, ""),
    ],
)  # fmt: skip
def test_what_contradicts_or_makes_no_sense_is_refused_where_it_stands(
    write: Write, text: str, line: int, says: str
) -> None:
    path = write(text)
    with pytest.raises(BadData) as caught:
        load_vocabulary([path])
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert says in caught.value.reason and "\n" not in caught.value.reason


def test_a_file_that_contradicts_one_before_it_is_refused(write: Write) -> None:
    first = write("metrics: [{id: 村社产值, kind: flow}]", "a.yaml")
    second = write("metrics: [{id: 镇街产值, kind: flow, aliases: [村社产值]}]", "b.yaml")
    with pytest.raises(BadData, match="'村社产值' is a name of '村社产值' already"):
        load_vocabulary([first, second])


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no such file or folder of vocabulary"):
        load_vocabulary([tmp_path / "none.yaml"])
