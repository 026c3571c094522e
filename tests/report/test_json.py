"""The JSON formats hold the public contract, and the published schemas describe them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import jsonschema
import pytest
import samples

from ci_checker import model
from ci_checker.errors import RequestError
from ci_checker.report import render, schema, schemas
from ci_checker.report.plain import key

SCORE: dict[str, Any] = json.loads(render(samples.scored(), "json"))


def valid(name: str, value: object) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    jsonschema.Draft202012Validator(schema(name)).validate(value)


def test_score_is_the_contracts_object() -> None:
    heard = SCORE["calls"][0]
    assert list(SCORE) == ["schema", "calls"]
    assert SCORE["schema"] == 1
    assert list(heard) == [
        "call", "sha256", "duration", "source", "speakers", "turns", "metrics", "results", "error",
    ]  # fmt: skip
    assert set(heard["speakers"][0]) == {"name", "role", "talk_seconds", "reason"}
    assert set(heard["turns"][0]) == {"start", "end", "speaker", "role", "text"}
    assert set(heard["metrics"]) == {"rep_talk_ratio", "longest_rep_monologue", "rep_questions"}
    assert set(heard["results"][0]) == {
        "behavior",
        "verdict",
        "probability",
        "evidence",
        "near_misses",
        "reason",
    }
    assert set(heard["results"][0]["evidence"][0]) == {
        "start",
        "end",
        "speaker",
        "quote",
        "probability",
        "why",
    }
    assert heard["error"] is None


def test_score_rounds() -> None:
    heard = SCORE["calls"][0]
    assert heard["duration"] == 61.43
    assert heard["turns"][1]["start"] == 2.35
    assert heard["speakers"][0]["talk_seconds"] == 30.13
    assert heard["metrics"] == {"rep_talk_ratio": 0.4877, "longest_rep_monologue": 22.44, "rep_questions": 2}
    assert heard["results"][0]["probability"] == 0.9712
    assert heard["results"][0]["evidence"][0]["start"] == 4.12
    assert heard["results"][0]["evidence"][0]["why"] == ["expansion event", "in the opening"]


def test_score_of_a_mail_has_no_times() -> None:
    mail = SCORE["calls"][1]
    assert mail["source"] == "transcript"
    assert mail["duration"] is None
    assert mail["turns"][0]["start"] is mail["turns"][0]["end"] is None
    assert mail["speakers"][0]["talk_seconds"] is None


def test_score_of_a_failed_call() -> None:
    failed = SCORE["calls"][2]
    assert failed["error"] == "calls/broken.mp3: the file is cut off. Ask for the recording again."
    assert failed["speakers"] == failed["turns"] == failed["results"] == []
    assert failed["metrics"]["rep_talk_ratio"] is None


def test_a_failed_call_shows_no_half_results() -> None:
    half = dataclasses.replace(samples.scored()[0], error="out of memory")
    said = json.loads(render([half], "json"))
    assert said["calls"][0]["turns"] == said["calls"][0]["results"] == []
    valid("score", said)


def test_score_schema() -> None:
    valid("score", SCORE)
    for path in ("metrics", "turns", "error"):
        broken = json.loads(json.dumps(SCORE))
        del broken["calls"][0][path]
        with pytest.raises(jsonschema.ValidationError):
            valid("score", broken)
    failed_with_results = json.loads(json.dumps(SCORE))
    failed_with_results["calls"][0]["error"] = "cut off"
    with pytest.raises(jsonschema.ValidationError):
        valid("score", failed_with_results)


@pytest.mark.parametrize("name", sorted(samples.reports()))
def test_report_schema(name: str) -> None:
    valid("report", json.loads(render(samples.reports()[name], "json")))


def test_report_schema_of_several_and_of_hostile_words() -> None:
    valid("report", json.loads(render(list(samples.reports().values()), "json")))
    said = json.loads(render(samples.hostile(), "json"))
    valid("report", said)
    assert said["reports"][0]["finding"]["question"] == samples.HOSTILE


def test_report_schema_knows_every_field_of_the_model() -> None:
    for name, definition in schema("report")["$defs"].items():
        names = {key(one.name) for one in dataclasses.fields(getattr(model, name))}
        assert names == set(definition["properties"]) == set(definition["required"]), name


def test_schemas() -> None:
    assert schemas() == ("cadence", "checkin", "due", "nudge", "report", "score")
    with pytest.raises(RequestError, match=r"no schema called 'scores'\. Use one of: cadence, checkin, .*score\."):
        schema("scores")


def test_hidden_characters_are_escaped_and_kept() -> None:
    nasty = "a\x9b31mb\u202ec\x7f\u2028"
    one = dataclasses.replace(samples.reports()["nothing"], nothing=nasty)
    said = render(one, "json")
    assert not set(said) & set("\x9b\u202e\x7f\u2028")
    assert json.loads(said)["reports"][0]["nothing"] == nasty


def test_a_file_name_that_is_no_text_can_be_written() -> None:
    call = dataclasses.replace(samples.scored()[2].call, path="calls/\udcff.wav")
    for format in ("json", "text", "md", "html"):
        render([dataclasses.replace(samples.scored()[2], call=call)], format).encode("utf-8")
