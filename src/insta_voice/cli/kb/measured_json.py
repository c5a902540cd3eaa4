"""How `kb eval` prints what it measured, for programs."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from insta_voice.knowledge.measuring import CONFIDENCE, Measured, Run, Wrong, worst


def as_dict(measured: Measured, count: int) -> dict[str, Any]:
    """One document: figures by name, null where the file has no question for one; the `count` worst questions."""
    return {
        "questions": len(measured.questions),
        "answerable": sum(question.answerable for question in measured.questions),
        "left_out": [asdict(line) for line in measured.left_out],
        "runs": [_run(run, count) for run in measured.runs],
        "differences": {name: _numbers(asdict(found)) for name, found in measured.differences.items()},
    }


def _run(run: Run, count: int) -> dict[str, Any]:
    setting = run.setting
    return {
        "setting": {CONFIDENCE: setting.confidence, "audience": setting.audiences, "index": setting.index},
        "asked_of": dict(run.asked_of),
        "hidden": asdict(run.hidden) if run.hidden else None,
        "figures": _numbers(run.figures),
        "reliability": [_numbers(asdict(row)) for row in run.reliability],
        "thresholds": [_numbers(asdict(row)) for row in run.thresholds],
        "worst": [_wrong(one) for one in worst(run.asked, setting.confidence, count)],
    }


def _wrong(wrong: Wrong) -> dict[str, Any]:
    return {
        "line": wrong.question.line,
        "id": wrong.question.id,
        "text": wrong.question.text,
        "fault": wrong.fault,
        "confidence": round(wrong.confidence, 4),
        "expected": wrong.places,
        "found": [{"article_id": a.article_id, "title": a.title, "score": round(a.score, 4)} for a in wrong.found],
    }


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else round(value, 4) for name, value in values.items()}
