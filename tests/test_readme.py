"""What the README shows is so: its first command, the excerpt of its output, and its Python examples."""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
AUDIT = "pip install uv && uv run --no-dev checker audit seeds/"
TESTS = "pip install uv && uv run pytest -n auto"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def test_both_commands_stand_by_themselves() -> None:
    assert [block.strip() for block in blocks("sh")][:2] == [AUDIT, TESTS]


def test_the_checks_run_both_commands_as_they_stand() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert AUDIT in lines
    assert [line for line in lines if line.strip()][-1] == TESTS


@pytest.fixture(scope="module")
def output(process: Callable[..., Any]) -> str:
    """What the first command prints, without its installation."""
    arguments = AUDIT.split("uv run --no-dev checker ")[1].split()
    result = process(*arguments, LC_ALL="C.UTF-8")
    assert (result.returncode, result.stderr) == (0, b"")
    text: str = result.stdout.decode()
    return text


def _excerpt() -> list[str]:
    (excerpt,) = (block for block in blocks("text") if "──" in block)
    return excerpt.splitlines()


def test_the_findings_of_the_excerpt_are_in_the_output(output: str) -> None:
    """Line by line and in order, whatever the layout; a line of dots stands for lines left out."""
    lines = _excerpt()
    rule = next(i for i, line in enumerate(lines) if line.startswith("──"))
    real, at = _plain(output), 0
    for line in filter(None, map(_plain, lines[rule:])):
        if set(line) <= {"…", "─"}:
            continue
        found = real.find(line, at)
        assert found >= 0, line
        at = found + len(line)


def test_the_excerpt_fits() -> None:
    from rich.cells import cell_len

    assert len(_excerpt()) <= 45
    assert max(map(cell_len, _excerpt())) <= 80


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_known_differences_are_in_the_output(output: str) -> None:
    plain = _plain(output)
    for figure in ("773亿元", "760亿元", "18.5亿元", "8.4亿元"):
        assert figure in plain


def test_the_python_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One after the other in one session, from the top of the project; a comment `# ->` says what a line prints."""
    monkeypatch.chdir(ROOT)
    examples = blocks("python")
    assert len(examples) > 4
    session: dict[str, Any] = {"folder": tmp_path}
    for example in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example, "README.md", "exec"), session)
        said = [line.split("# -> ", 1)[1] for line in example.splitlines() if "# -> " in line]
        shown = printed.getvalue().splitlines()
        for line in said:
            assert line in shown, (line, shown)


def test_the_files_it_names_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:checker|rules|seeds|benchmarks|tests|\.ci)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path


def test_it_is_plain_text_of_one_form() -> None:
    assert unicodedata.normalize("NFC", README) == README
    assert "\t" not in README and not re.search(r"[ \t]+$", README, re.M)
