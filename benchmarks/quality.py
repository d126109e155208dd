"""Quality: what the scripts beside the gold labels print, in one line each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from start import checker

TIMEOUT = 600
CLAIM_SCORES = ("recall", "precision", "value", "unit", "core_f1")


def rows(gold: Path) -> Iterator[tuple[str, str]]:
    """One row for each measure, or one that says what is missing."""
    corpus = gold.parent / "corpus"
    if not (gold / "score.py").is_file():
        yield "gold labels", "absent: not measured"
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        yield "claims, seeds", _claims("seeds/", gold, gold / "seeds", out)
        yield "pairs of figures, seeds", _cross(gold, out)
        if not corpus.is_dir():
            yield "labelled corpus", "absent: not measured"
            return
        yield "claims, labelled corpus", _claims(str(corpus), gold, gold / "dev", out)
        pairs = [checker(), str(corpus), str(gold / "dev" / "pairs.jsonl")]
        yield "pairs of documents", _last_line([gold / "pairs.py", *pairs, out / "pairs"])
        yield "planted slips", _last_line([gold / "plant.py", *pairs, out / "plant"])


def _claims(documents: str, gold: Path, labels: Path, out: Path) -> str:
    found = out / "claims.jsonl"
    _run([checker(), "claims", documents, "--format", "jsonl", "-o", found])
    scores = json.loads(_last_line([gold / "score.py", "claims", found, labels, "--json"]))
    return f"{scores['claims']} labelled: " + ", ".join(f"{name} {scores[name]:.3f}" for name in CLAIM_SCORES)


def _cross(gold: Path, out: Path) -> str:
    report = out / "audit.json"
    _run([checker(), "audit", "seeds/", "--format", "json", "-o", report])
    scores = json.loads(_last_line([gold / "score.py", "cross", report, gold / "seeds" / "cross.jsonl", "--json"]))
    right = f"{scores['good']} of {scores['of']} right"
    return f"{right}; {scores['loud']} findings at error or warning, {scores['beside']} beside the labelled pairs"


def _last_line(script: list[object]) -> str:
    """The last line that one of the scripts prints; their exit code says only whether a bar was reached."""
    return re.sub(r"\s+", " ", _run([sys.executable, *script]).strip().splitlines()[-1])


def _run(command: list[object]) -> str:
    """What a command prints. Where it prints that it could not work, its complaint is raised."""
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=TIMEOUT)
    if run.stderr.strip():
        raise RuntimeError(run.stderr.strip().splitlines()[-1])
    return run.stdout
