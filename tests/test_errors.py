"""Every error is one line, with the contract's exit status."""

from __future__ import annotations

import pickle

import pytest

from ci_checker.errors import CallError, CheckerError, MissingError, RequestError


def test_exit_statuses_are_the_contracts() -> None:
    assert (CallError("x").exit_status, RequestError("x").exit_status, MissingError("x").exit_status) == (1, 2, 3)
    assert all(issubclass(kind, CheckerError) for kind in (CallError, RequestError, MissingError))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (CheckerError("it broke"), "it broke"),
        (CheckerError("it broke", where="a.wav"), "a.wav: it broke"),
        (CheckerError("it broke.", todo="Mend it."), "it broke. Mend it."),
        (CheckerError("it broke", where="a.wav", todo="Mend it."), "a.wav: it broke. Mend it."),
        (CheckerError("how many?", todo="Say it."), "how many? Say it."),
        (CheckerError("too\nmany\n  lines", where="a\tb", todo="Mend\nit."), "a b: too many lines. Mend it."),
    ],
)
def test_the_line(error: CheckerError, line: str) -> None:
    assert error.line == str(error) == line


def test_an_error_survives_the_way_back_from_a_worker() -> None:
    sent = MissingError("gone", where="there", todo="Get it.")
    back = pickle.loads(pickle.dumps(sent))
    assert type(back) is MissingError
    assert (back.line, back.what, back.where, back.todo) == (sent.line, "gone", "there", "Get it.")
