"""The action, the hook and the examples of CI in the README, run as GitHub, GitLab, pre-commit and a shell run them.

Nothing is fetched: the project is installed without its dependencies, which are those of the tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from checker import __version__

ROOT = Path(__file__).resolve().parent.parent
SECTION = re.search(r"^## In CI\n(.*?)^## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step.get("id") or step["name"]: step for step in ACTION["runs"]["steps"]}

PUBLISHED = "---\ndate: 2021-01-20\nplace: 清河市\n---\n2020年，清河市完成地区生产总值412.6亿元，引进企业35家。\n"
DIFFERING = "---\ndate: 2021-02-03\nplace: 清河市\n---\n2020年清河市地区生产总值达到421.6亿元。\n"
AGREEING = DIFFERING.replace("421.6", "412.6")

Run = subprocess.CompletedProcess[str]


def blocks(language: str) -> list[str]:
    assert SECTION
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTION[1], re.M | re.S)


WORKFLOW, PIPELINE, HOOKS = blocks("yaml")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Neither the settings of this machine nor its network: what is installed finds the packages of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    home = tmp_path_factory.mktemp("home")
    return kept | {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", str(home / "bytecode")),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which means that there is none
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Run:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def done(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    result = run(command, folder, environment)
    assert result.returncode == 0, (command, result.stdout, result.stderr)


def repository(folder: Path, environment: dict[str, str]) -> None:
    """A folder as a git repository with one commit, which has the tag of this version."""
    for command in ("init -q", "add --all", "commit -q -m all", f"tag v{__version__}"):
        done(["git", *command.split()], folder, environment)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The project as those who use it get it: a repository."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("checker", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "action.yml", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    repository(folder, environment)
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A Python that has pip and lacks the project, as a job of CI finds it."""
    folder = tmp_path_factory.mktemp("python")
    done([sys.executable, "-m", "virtualenv", "-q", str(folder)], folder, environment)
    python = folder / "bin" / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    purelib = run([str(python), "-I", "-c", where], folder, environment).stdout.strip()
    # The action has a PYTHONPATH of its own.
    (Path(purelib) / "packages.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with published documents and a new one that differs."""
    folder = tmp_path / "documents"
    for name, text in (("published/a.txt", PUBLISHED), ("new/b.txt", DIFFERING)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# GitHub -----------------------------------------------------------------------------------------------------------


def fits(schema: str, text: str, tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "file.yml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", "file.yml"]
    done(command, tmp_path, environment)


def test_the_action_is_one(tmp_path: Path, environment: dict[str, str]) -> None:
    fits("github-actions", (ROOT / "action.yml").read_text(encoding="utf-8"), tmp_path, environment)
    for step in STEPS.values():
        assert "${{" not in step.get("run", ""), "what is spliced into a script is run"
        assert ("shell" in step) == ("run" in step)


def test_every_input_of_the_action_is_named() -> None:
    assert SECTION
    assert re.findall(r"^\| `([\w-]+)` \|", SECTION[1], re.M) == list(ACTION["inputs"])


Act = Callable[..., tuple[Run, dict[str, str], str]]


@pytest.fixture(scope="module")
def act(tmp_path_factory: pytest.TempPathFactory, project: Path, python: Path, environment: dict[str, str]) -> Act:
    """Runs the action in a folder: the last step, its outputs by name, and the summary."""
    temporary = tmp_path_factory.mktemp("runner")
    mine = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    mine |= {"GITHUB_ACTION_PATH": str(project), "RUNNER_TEMP": str(temporary)}

    def step(id: str, folder: Path, inputs: dict[str, str]) -> tuple[Run, dict[str, str], str]:
        files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_bytes(b"")
        given = {f"inputs.{name}": inputs.pop(name, "") for name in ACTION["inputs"]}
        assert not inputs
        given["steps.python.outputs.python-path"] = str(python)
        env = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: given[found[1]], value)
            for name, value in STEPS[id]["env"].items()
        }
        script = temporary / "script.sh"
        script.write_text(STEPS[id]["run"], encoding="utf-8")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        result = run(command, folder, mine | {name: str(file) for name, file in files.items()} | env)
        output, summary = (file.read_text(encoding="utf-8") for file in files.values())
        return result, dict(line.split("=", 1) for line in output.splitlines()), summary

    installed, _, _ = step("Install", temporary, {})
    assert installed.returncode == 0, installed.stderr
    return lambda folder, **inputs: step("check", folder, {name.replace("_", "-"): inputs[name] for name in inputs})


@pytest.mark.parametrize(("fail_on", "code"), [("", 1), ("none", 0)])
def test_the_action_annotates_and_reports(act: Act, documents: Path, fail_on: str, code: int) -> None:
    result, outputs, summary = act(documents, paths="new", against="published", fail_on=fail_on)
    assert (result.returncode, result.stderr) == (code, "")
    assert result.stdout.startswith("::error file=") and "421.6" in result.stdout
    assert "421.6" in summary
    (finding,) = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))["runs"][0]["results"]
    assert finding["ruleId"] == "same-fact"


def test_an_action_that_cannot_run_has_no_report(act: Act, documents: Path) -> None:
    result, outputs, _ = act(documents, paths="new", against="gone.db")
    assert (result.returncode, outputs) == (2, {})
    assert result.stderr == "gone.db: no such collection\n"


HOSTILE = [
    "two  words.txt",
    "-o.txt",
    "--exit-zero",
    """it's "so".txt""",
    "$(touch owned).txt",
    "`touch owned`.txt",
    "; touch owned #.txt",
    "${{ github.token }}.txt",
    "$HOME\\n*.txt",
]


def test_no_input_of_the_action_is_run(act: Act, documents: Path, environment: dict[str, str]) -> None:
    (documents / "new" / "b.txt").unlink()
    for name in HOSTILE:
        # Each its own text: of copies only one would count.
        (documents / name).write_text(f"{DIFFERING}\n{name}\n", encoding="utf-8")
    published, baseline = "$(touch owned) --exit-zero", "--lang `touch owned`"
    (documents / "published").rename(documents / published)
    for name in ("pandas", "checker", "json", "pip"):
        (documents / f"{name}.py").write_text("open('owned', 'w')\n", encoding="utf-8")
    inputs = {"paths": "\n".join(["", *HOSTILE, ""]), "against": published}

    result, outputs, _ = act(documents, **inputs, args="--output=all of it.json\n--ignore=reprinted-passage")
    assert (result.returncode, result.stderr) == (1, "")
    report = json.loads((documents / "all of it.json").read_text(encoding="utf-8"))
    assert {document["path"] for document in report["documents"]} >= set(HOSTILE)
    assert Path(outputs["sarif"]).is_file()

    accept = [
        *("baseline", "write", "--reason=known", f"--baseline={baseline}", f"--against={published}", "--", *HOSTILE),
    ]
    done([sys.executable, "-P", "-m", "checker", *accept], documents, environment | {"PYTHONPATH": str(ROOT)})
    result, _, _ = act(documents, **inputs, baseline=baseline)
    assert (result.returncode, result.stderr) == (0, "")
    assert not (documents / "owned").exists()


def test_the_workflow_shown(act: Act, documents: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    fits("github-workflows", WORKFLOW, tmp_path, environment)
    steps = yaml.safe_load(WORKFLOW)["jobs"]["figures"]["steps"]
    (ours,) = (step for step in steps if "/checker@" in step["uses"])
    assert ours["uses"].endswith(f"@v{__version__.split('.')[0]}")
    result, outputs, _ = act(documents, **ours["with"])
    assert (result.returncode, list(outputs)) == (1, ["sarif"])
    upload = steps[-1]
    for name in re.findall(rf"steps\.{ours['id']}\.outputs\.(\w+)", f"{upload['if']} {upload['with']}"):
        assert name in ACTION["outputs"]


# GitLab, pre-commit, a shell --------------------------------------------------------------------------------------


def test_the_pipeline_shown(
    project: Path, python: Path, documents: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    fits("gitlab-ci", PIPELINE, tmp_path, environment)
    job = yaml.safe_load(PIPELINE)["figures"]
    mine = environment | {"PATH": f"{python.parent}{os.pathsep}{environment['PATH']}"}
    done(["bash", "-ec", job["before_script"].replace("ADDRESS", project.as_uri())], documents, mine)
    result = run(["bash", "-ec", job["script"]], documents, mine)
    assert (result.returncode, result.stderr) == (1, "")
    assert "421.6" in result.stdout
    reports = job["artifacts"]["reports"]
    (finding,) = json.loads((documents / reports["codequality"]).read_text(encoding="utf-8"))
    assert finding["check_name"] == "same-fact"
    assert ElementTree.parse(documents / reports["junit"]).getroot().get("failures") == "1"


def test_the_hook_shown(project: Path, documents: Path, environment: dict[str, str]) -> None:
    assert SECTION
    shown = "\n".join(re.findall(r"`(\w+ = .*?)`", SECTION[1]))
    assert set(tomllib.loads(shown)) == {"paths", "collection"}
    (documents / "checker.toml").write_text(shown, encoding="utf-8")
    (documents / "tool.py").write_text("", encoding="utf-8")
    hooks = HOOKS.replace("ADDRESS", str(project))
    (documents / ".pre-commit-config.yaml").write_text(hooks, encoding="utf-8")
    repository(documents, environment)
    hook = [sys.executable, "-m", "pre_commit", "run", "checker"]

    failed = run([*hook, "--all-files"], documents, environment)
    assert failed.returncode == 1 and "421.6亿元" in failed.stdout, failed.stdout + failed.stderr
    assert "Skipped" in run([*hook, "--files", "tool.py"], documents, environment).stdout
    (documents / "new" / "b.txt").write_text(AGREEING, encoding="utf-8")
    assert "Passed" in run([*hook, "--files", "new/b.txt"], documents, environment).stdout


@pytest.mark.parametrize(("text", "code"), [(DIFFERING, 1), (AGREEING, 0)], ids=["differing", "agreeing"])
def test_the_shell_line_shown(documents: Path, command: str, environment: dict[str, str], text: str, code: int) -> None:
    (line,) = blocks("sh")
    (documents / "new" / "b.txt").write_text(text, encoding="utf-8")
    mine = environment | {"PATH": f"{Path(command).parent}{os.pathsep}{environment['PATH']}"}
    result = run(["bash", "-ec", line], documents, mine)
    assert (result.returncode, result.stderr) == (code, "")
