"""The nouns: frozen, slotted, keyword-only, standard library only."""

from __future__ import annotations

import ast
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest

from ci_checker import model
from ci_checker.model import Call, Result, Role, ScoredCall, Source, Speaker, Verdict

NOUNS = [c for c in vars(model).values() if isinstance(c, type) and is_dataclass(c) and c.__module__ == model.__name__]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda c: c.__name__)
def test_every_noun_is_frozen_slotted_and_keyword_only(noun: type) -> None:
    assert noun.__dataclass_params__.frozen
    assert "__slots__" in vars(noun)
    assert all(field.kw_only for field in fields(noun))
    assert noun.__doc__ and not noun.__doc__.startswith(f"{noun.__name__}(")


def test_a_noun_does_not_change() -> None:
    speaker = Speaker(name="Dana")
    with pytest.raises(FrozenInstanceError):
        speaker.name = "Zoë"
    assert hash(speaker) == hash(Speaker(name="Dana"))


def test_only_the_standard_library() -> None:
    tree = ast.parse(Path(model.__file__).read_text(encoding="utf-8"))
    names = {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    names |= {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert names <= sys.stdlib_module_names


def test_the_contracts_words() -> None:
    assert {v.value for v in Verdict} == {"seen", "not_seen", "unclear", "not_applicable"}
    assert Role("gatekeeper") is Role.GATEKEEPER


def test_roles_of_names() -> None:
    call = Call(path="a", sha256="0", source=Source.AUDIO, speakers=(Speaker(name="Dana", role=Role.REP),))
    assert call.has_known_rep
    assert (call.role_of("Dana"), call.role_of("dana"), call.role_of("Zoë")) == (Role.REP, Role.UNKNOWN, Role.UNKNOWN)
    assert not Call(path="a", sha256="0", source=Source.AUDIO, speakers=(Speaker(name="Dana"),)).has_known_rep


def test_the_result_of_a_behavior() -> None:
    call = Call(path="a", sha256="0", source=Source.AUDIO)
    result = Result(behavior="recap", verdict=Verdict.SEEN, probability=0.9)
    scored = ScoredCall(call=call, results=(result,))
    assert scored.result("recap") is result
    assert scored.result("agenda") is None


def test_the_purpose_says_what_a_report_is_not() -> None:
    report = model.Report(rep="Dana", manager=None, as_of=__import__("datetime").date(2026, 1, 5), finding=None)
    assert "not a score of a person" in report.purpose
