"""`checker documents`: what it lists, what it writes, and that what it writes is read back as it stands."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli import app
from checker.read import parse, read
from checker.read.metadata import parse_period

SURE = "银川市2019年国民经济和社会发展统计公报\n银川市统计局\n2020年5月6日\n全市经济平稳运行。\n"
VAGUE = "项目建设再提速\n全市共实施重点项目36个，完成投资120亿元。\n"
COMPANY = "清河水泥股份有限公司\n2026年跟踪评级报告\n2026年6月20日\n声明\n"
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "documents"
    inside.mkdir()
    for name, text in (("a.txt", SURE), ("b.txt", VAGUE), ("c.txt", COMPANY)):
        (inside / name).write_text(text, encoding="utf-8")
    return inside


def run(*arguments: object, code: int = 0) -> str:
    result = runner.invoke(app, ["documents", *map(str, arguments)], env={"LC_ALL": "C.UTF-8", "COLUMNS": "80"})
    assert result.exit_code == code, result.output
    return result.stdout


def test_the_doubtful_ones_come_first_and_fit_80_columns(folder: Path) -> None:
    from rich.cells import cell_len

    lines = run(folder, "--lang", "en").splitlines()
    assert [Path(line).name for line in lines if line.endswith(".txt")] == ["b.txt", "c.txt", "a.txt"]
    assert max(cell_len(line) for line in lines if not line.endswith(".txt")) <= 80
    text = "\n".join(lines)
    assert "Place" in text and "unknown" in text and "first lines, line 1" in text
    assert "清河水泥股份有限公司" in text and "rating report" in text


def test_json_gives_every_field_with_its_origin(folder: Path) -> None:
    rows = json.loads(run(folder, "--format", "json"))
    row = next(row for row in rows if row["path"].endswith("a.txt"))
    assert (row["place"], row["date"], row["kind"]) == ("银川市", "2020-05-06", "statistical bulletin")
    assert (row["period_start"], row["period_end"]) == ("2019-01-01", "2019-12-31")
    day = next(origin for origin in row["origins"] if origin["field"] == "date")
    assert day == {"field": "date", "sure": "stated", "how": "line", "text": "2020年5月6日", "line": 3}


def test_csv_has_a_row_a_document(folder: Path) -> None:
    target = folder.parent / "list.csv"
    run(folder, "--format", "csv", "-o", target)
    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 4 and len({len(row) for row in rows}) == 1


def test_the_manifest_reads_back_as_it_stands(folder: Path) -> None:
    before = read([folder])[0]
    manifest = folder / "manifest.yaml"
    run(folder, "--manifest", manifest, "--lang", "en")
    text = manifest.read_text(encoding="utf-8")
    assert "# guessed: reckoned from the date" not in text.split('"a.txt"')[1]
    assert "# guessed: title" in text.split('"c.txt"')[1].split('\n  "')[0]
    assert "# place:  # unknown" in text
    after = read([folder])[0]
    known = ("title", "date", "place", "organisation", "publisher", "kind", "period_start", "period_end")
    for old, new in zip(before, after, strict=True):
        assert [getattr(old, name) for name in known] == [getattr(new, name) for name in known]
    assert after[0].inferred == ()
    assert {origin.how for origin in after[0].origins if origin.sure != "unknown"} == {"manifest"}


def test_a_manifest_is_not_overwritten_unless_asked(folder: Path) -> None:
    manifest = folder.parent / "m.yaml"
    manifest.write_text("documents: {}\n", encoding="utf-8")
    result = runner.invoke(app, ["documents", str(folder), "--manifest", str(manifest)])
    assert result.exit_code == 2 and "--force" in result.stderr
    assert manifest.read_text(encoding="utf-8") == "documents: {}\n"
    run(folder, "--manifest", manifest, "--force")
    assert "documents/a.txt" in manifest.read_text(encoding="utf-8")


def test_what_cannot_be_read_is_said(folder: Path) -> None:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    assert "a.txt" in run(folder, code=2)


def test_no_documents() -> None:
    assert parse("", "a.txt").origins


def test_manifest_and_front_matter_give_all_fields(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\norganisation: 某公司\nkind: rating report\nperiod: 2018-01/2018-05\npublisher: 某评级\n---\n" + VAGUE,
        encoding="utf-8",
    )
    document = read([tmp_path])[0][0]
    assert (document.organisation, document.kind, document.publisher) == ("某公司", "rating report", "某评级")
    assert (document.period_start, document.period_end) == ("2018-01-01", "2018-05-31")
    (tmp_path / "manifest.yaml").write_text("documents: {a.md: {period: 2017, kind: other}}", encoding="utf-8")
    document = read([tmp_path])[0][0]
    assert (document.kind, document.period_start, document.period_end) == ("other", "2017-01-01", "2017-12-31")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2020", ("2020-01-01", "2020-12-31")),
        ("2018-05", ("2018-05-01", "2018-05-31")),
        ("2018-01/2018-02", ("2018-01-01", "2018-02-28")),
        ("2016/2020", ("2016-01-01", "2020-12-31")),
        ("2018-01-05/2018-01-07", ("2018-01-05", "2018-01-07")),
    ],
)
def test_periods_as_people_write_them(text: str, days: tuple[str, str]) -> None:
    assert parse_period(text) == days


@pytest.mark.parametrize("text", ["", "gestern", "2020/2019", "2018-13", "2018-01/"])
def test_what_is_no_period(text: str) -> None:
    if text == "2018-01/":
        assert parse_period(text) == ("2018-01-01", "2018-01-31")
        return
    with pytest.raises(ValueError):
        parse_period(text)
