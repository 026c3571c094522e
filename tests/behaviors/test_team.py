"""A team's own behavior: by a detector trained beside its definition, else by its examples alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ci_checker import pipeline
from ci_checker.app import catalogue as app_catalogue
from ci_checker.assets import find_model
from ci_checker.behaviors import catalogue, detect, examples, team
from ci_checker.behaviors.catalogue import Behavior, Place
from ci_checker.errors import MissingError
from ci_checker.model import Call, Result, Verdict

pytestmark = pytest.mark.usefixtures("shipped")

ID = "onboarding-checklist"
COUNTS = (
    "We give every new customer an onboarding checklist, so you know what happens in week one.",
    "there's an onboarding checklist that your admin ticks off as you go",
    "I'll send you our checklist for the onboarding so you can see the steps",
    "You'd follow the onboarding checklist, twelve items, most take ten minutes.",
    "our onboarding checklist covers the data import, the training and the go live",
    "first thing you get from us is the checklist for getting your team onboarded",
    "have you seen the onboarding checklist I attached to the mail?",
    "when you start with us we walk you through a checklist for onboarding",
)
OTHERS = (
    "We have great support when you start.",
    "do you have a checklist for safety inspections today?",
    "How does a new technician get up to speed at your place?",
    "I'll put together a list of the features you asked about.",
    "the training takes about two hours and it is online",
    "what does your setup look like right now?",
    "I checked the list of your branches before I called",
    "we can get you started next week if you like",
)
IN_OTHER_WORDS = (
    "With us every new client gets a step by step onboarding list, a checklist really, and you tick things off."
)
SAID = "You get the onboarding checklist from us, and your admin ticks off the twelve items in week one."
NOTHING = "With us you get a person who knows you and picks up the phone."


def write(folder: Path, **lists: tuple[str, ...]) -> Path:
    """Write the invented definition; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = {"name": "Onboarding checklist", "definition": "The rep mentions the onboarding checklist.", **lists}
    (folder / f"{ID}.yaml").write_text("\n".join(f"{k}: {json.dumps(v)}" for k, v in fields.items()))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("our"), cues=("onboarding checklist",), counts=COUNTS, does_not_count=OTHERS)


@pytest.fixture(scope="module")
def mine(folder: Path) -> Behavior:
    return catalogue.read(folder / f"{ID}.yaml")


@pytest.fixture(scope="module")
def say(make_call: Callable[..., Call]) -> Callable[..., Call]:
    def said(text: str) -> Call:
        return make_call(
            "P: hello this is martin speaking",
            "R: Hi Martin, it's Dana with Fieldstone, thanks for taking the call.",
            "P: sure go ahead",
            "R: How do you handle new sites today?",
            "P: it is a mess, everyone does it his own way over here",
            f"R: {text}",
            "P: that sounds good to me",
            seconds=5.0,
        )

    return said


def only(call: Call, behavior: Behavior) -> Result:
    return detect.detect(call, {behavior.id: behavior})[0][0]


# by examples alone


def test_said_in_other_words_it_is_found_or_shown(say, mine: Behavior) -> None:
    result = only(say(IN_OTHER_WORDS), mine)
    assert result.verdict in (Verdict.SEEN, Verdict.UNCLEAR)
    best = (result.evidence or result.near_misses)[0]
    assert (best.turn, best.quote) == (5, IN_OTHER_WORDS)
    assert (best.start_s, best.end_s) == (25.0, 29.5)
    assert any("checklist" in reason.text for reason in best.why)


def test_said_plainly_it_is_seen_by_examples_alone(say, mine: Behavior) -> None:
    result = only(say(SAID), mine)
    assert (result.verdict, result.reason) == (Verdict.SEEN, "in one place, by 16 examples alone")
    assert result.probability is not None and result.probability >= examples.HIGH
    assert [e.turn for e in result.evidence] == [5]
    assert any(reason.text == "says a cue of the definition" for reason in result.evidence[0].why)


@pytest.mark.parametrize("text", [NOTHING, "okay.", *OTHERS])
def test_it_is_never_not_seen_from_examples(say, mine: Behavior, text: str) -> None:
    result = only(say(text), mine)
    assert result.verdict is Verdict.UNCLEAR and not result.evidence
    assert result.reason.startswith(
        "only 16 examples: a person should look; train it with 'ci-checker behaviors train' (left out one by one, "
    )


def test_where_nothing_comes_near_the_reason_says_so(say, mine: Behavior) -> None:
    result = only(say(NOTHING), mine)
    assert result.near_misses == () and result.reason.endswith("no turn of the rep comes near them")


def test_few_examples_are_never_sure(say, mine: Behavior) -> None:
    few = replace(mine, counts=COUNTS[:4], does_not_count=OTHERS[:2])
    result = only(say(COUNTS[0]), few)
    assert result.verdict is Verdict.UNCLEAR and result.near_misses[0].quote == COUNTS[0]
    assert result.reason.startswith("only 6 examples")


def test_two_examples_are_too_few_to_rank(say, mine: Behavior) -> None:
    result = only(say(SAID), replace(mine, counts=COUNTS[:2]))
    assert (result.verdict, result.probability) == (Verdict.UNCLEAR, None)
    assert "too few (2)" in result.reason


def test_examples_that_do_not_differ_are_never_sure(mine: Behavior, say) -> None:
    mixed = replace(mine, counts=(*COUNTS[:4], *OTHERS[:4]), does_not_count=(*COUNTS[4:], *OTHERS[4:]), cues=())
    found = detect.examples_of(mixed)
    assert found is not None and not found.sure
    assert only(say(SAID), mixed).verdict is Verdict.UNCLEAR


def test_without_an_occasion_it_does_not_apply(make_call, mine: Behavior) -> None:
    alone = make_call("P: please leave a message after the tone", f"R: {SAID}")
    assert only(alone, mine).verdict is Verdict.NOT_APPLICABLE


def test_out_of_place_it_is_a_near_miss(make_call, mine: Behavior) -> None:
    lines = [line for i in range(12) for line in (f"R: and that was point number {i} of it", "P: all right I see")]
    result = only(make_call(*lines, f"R: {SAID}", "P: okay"), replace(mine, place=Place.OPENING))
    assert result.verdict is Verdict.UNCLEAR
    assert "not in the opening" in [reason.text for miss in result.near_misses for reason in miss.why]


def test_poorly_heard_words_are_not_seen(say, mine: Behavior) -> None:
    call = say(SAID)
    poor = replace(call, turns=tuple(replace(t, confidence=0.2) for t in call.turns))
    result = only(poor, mine)
    assert result.verdict is Verdict.UNCLEAR and "heard poorly" in result.reason


def test_the_other_side_saying_it_does_not_count(make_call, mine: Behavior) -> None:
    call = make_call(f"P: {SAID}", "R: I see, thank you for telling me that.", f"P: {SAID}")
    result = only(call, mine)
    assert result.verdict is Verdict.UNCLEAR and not result.evidence


def test_the_same_examples_give_the_same_result(say, mine: Behavior) -> None:
    first = [only(say(text), mine) for text in (SAID, IN_OTHER_WORDS, NOTHING)]
    team._FITTED.clear()
    assert [only(say(text), mine) for text in (SAID, IN_OTHER_WORDS, NOTHING)] == first


def test_what_is_left_out_is_scored_by_a_fit_without_it() -> None:
    matrix = np.eye(6)[:, :2].copy()
    truth = np.array([1, 1, 0, 0, 0, 0])
    scores = examples._left_out(matrix, truth, 2)
    # each of the two stands on a column of its own, which a fit without it knows nothing of
    assert (scores[:2] < 0).all()


def test_the_background_leaves_out_its_own_kind(known, mine: Behavior) -> None:
    shipped, folder = detect._detectors()[0], find_model("behaviors")

    def kept(texts: tuple[str, ...]) -> int:
        return len(examples._unlike(examples._items(texts), folder, shipped)[0])

    whole = len(examples._background(folder)[0])
    assert kept(COUNTS) == whole
    assert kept(known["open-discovery-question"].counts) < whole


def test_a_missing_background_is_named(mine: Behavior, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"background\.txt.*Install ci-checker again"):
        examples.fit(mine, tmp_path, detect._detectors()[0])
    (tmp_path / "background.txt").write_text("\tone\n")
    np.save(tmp_path / "background.npy", np.zeros((2, 384), dtype=np.float16))
    with pytest.raises(MissingError, match="do not belong together"):
        examples.fit(mine, tmp_path, detect._detectors()[0])


def test_the_built_in_results_stay_as_they_are(long_call: Call, folder: Path) -> None:
    alone, _ = detect.detect(long_call, catalogue.load())
    beside, _ = detect.detect(long_call, catalogue.load([folder]))
    assert len(beside) == len(alone) + 1
    assert repr(tuple(r for r in beside if r.behavior != ID)) == repr(alone)


def test_check_tries_every_example_left_out(mine: Behavior) -> None:
    (checked,) = app_catalogue.check({ID: mine})
    assert [e.text for e in checked.examples] == [*COUNTS, *OTHERS]
    assert not checked.wrong and "each left out in turn" in checked.note
    found = [e for e in checked.examples if e.verdict is Verdict.SEEN]
    assert len(found) > 4 and all(e.counts for e in found)
    assert all(e.verdict is not Verdict.NOT_SEEN for e in checked.examples if e.counts)
    assert all(e.verdict is Verdict.NOT_SEEN for e in checked.examples if not e.counts)


def test_check_names_an_example_that_contradicts_the_others(mine: Behavior) -> None:
    twisted = replace(
        mine, does_not_count=(*OTHERS, "our onboarding checklist covers the import, training and go live")
    )
    (checked,) = app_catalogue.check({ID: twisted})
    assert [e.text for e in checked.wrong] == [twisted.does_not_count[-1]]
    found = detect.examples_of(twisted)
    assert found is not None and not found.sure


# trained


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the definition and the detector trained from 25 small conversations."""
    from ci_checker.learn import generic

    here = write(tmp_path_factory.mktemp("taught"), counts=COUNTS[:1])
    rows = []
    for number in range(25):
        yes = number % 2 == 0
        mark = [ID] if yes else []
        said = [
            ("prospect", "hello", None),
            ("rep", "Hi there, it's Dana with Fieldstone, how are you today?", []),
            ("prospect", "fine, go on please", None),
            ("rep", COUNTS[number % 8] if yes else OTHERS[number % 8], mark),
            ("rep", f"shall we talk again at {number % 8 + 1} on Friday", []),
        ]
        rows += [
            {"conversation": f"c{number}", "turn": i, "role": role, "text": text, "labels": labels}
            for i, (role, text, labels) in enumerate(said)
        ]
    data = here / "turns.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)))
    generic.train(data, here / "detector")
    return here


@pytest.fixture
def copied(taught: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(taught, tmp_path / "copy"))


def test_a_trained_detector_may_say_seen_and_not_seen(taught: Path, say) -> None:
    own = catalogue.read(taught / f"{ID}.yaml")
    assert detect.examples_of(own) is None
    seen = only(say(SAID), own)
    assert (seen.verdict, seen.reason) == (Verdict.SEEN, "in one place")
    assert seen.evidence[0].turn == 5 and seen.evidence[0].why
    assert only(say("shall we talk again at 3 on Friday"), own).verdict is Verdict.NOT_SEEN


def test_a_label_that_the_detector_lacks_goes_by_its_examples(taught: Path, say, mine: Behavior) -> None:
    other = replace(mine, id="another", source=str(taught / "another.yaml"))
    assert only(say(NOTHING), other).reason.startswith("only 16 examples")


@pytest.mark.parametrize("name", ["detector.json", "detector.npz"])
def test_a_damaged_detector_is_named(copied: Path, say, name: str) -> None:
    own = catalogue.read(copied / f"{ID}.yaml")
    assert only(say(SAID), own).verdict is Verdict.SEEN
    path = copied / "detector" / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(MissingError, match=rf"{name}.*damaged.*behaviors train --data FILE --out"):
        only(say(SAID), own)
    path.unlink()
    with pytest.raises(MissingError, match=rf"{name}.*missing"):
        only(say(SAID), own)


@pytest.mark.parametrize("text", [None, "{", '{"files": {}}'])
def test_a_detector_without_its_card_is_named(copied: Path, say, text: str | None) -> None:
    card = copied / "detector" / "card.json"
    card.unlink() if text is None else card.write_text(text)
    own = catalogue.read(copied / f"{ID}.yaml")
    with pytest.raises(MissingError, match=r"detector.*card\.json.*Train it again"):
        only(say(SAID), own)
    with pytest.raises(MissingError, match="Train it again"):
        pipeline.Understanding(behaviors={ID: own}).key()


# what a stored score depends on


def test_the_key_covers_definition_examples_and_detector(copied: Path, mine: Behavior) -> None:
    def key(behavior: Behavior) -> str:
        return pipeline.Understanding(behaviors={behavior.id: behavior}).key()

    own = catalogue.read(copied / f"{ID}.yaml")
    keys = {key(mine), key(replace(mine, counts=COUNTS[:7])), key(own)}
    card = copied / "detector" / "card.json"
    card.write_text(card.read_text() + "\n")
    keys.add(key(own))
    keys.add(key(replace(own, source="")))
    assert len(keys) == 5


def test_the_built_in_version_knows_of_no_team(folder: Path) -> None:
    assert detect.version(catalogue.load().values()) == detect.version()
    assert detect.version(catalogue.load([folder]).values()) != detect.version()


def test_a_cue_may_be_a_regular_expression() -> None:
    from ci_checker.behaviors.examples import ExampleVectorizer

    known = ExampleVectorizer(blocks={}, cues=("/per (month|year)/", "onboarding checklist"))
    assert known._has_cue("That is forty PER YEAR, then.")
    assert known._has_cue("the onboarding, checklist")
    assert not known._has_cue("forty per week")
