"""Instances: their places in the turn, and what they know of the conversation."""

from __future__ import annotations

from ci_checker.behaviors import features
from ci_checker.behaviors.features import Instance, Said, instances

TALK = [
    Said(side="prospect", text="Our dispatch retypes every order twice.", judged=False),
    Said(side="prospect", text="uh-huh", judged=False),
    Said(side="rep", text="  So dispatch retypes the orders. What does that cost you in a month?  ", judged=True),
    Said(side="prospect", text="Forty hours.", judged=False),
    Said(side="rep", text="right", judged=True),
]


def item(text: str, previous: str = "") -> Instance:
    said = ([Said(side="b", text=previous, judged=False)] if previous else []) + [
        Said(side="a", text=text, judged=True)
    ]
    return instances(said, whole_only=True)[0]


def test_instances_are_verbatim_parts_of_judged_turns_only() -> None:
    found = instances(TALK)
    assert {i.turn for i in found} == {2, 4}
    for one in found:
        assert one.text == TALK[one.turn].text[one.start : one.end]
    assert TALK[2].text in {i.text for i in found}
    assert "What does that cost you in a month?" in {i.text for i in found}


def test_whole_only_gives_one_a_turn() -> None:
    assert [i.text for i in instances(TALK, whole_only=True)] == [TALK[2].text, TALK[4].text]


def test_a_long_turn_has_no_instance_of_all_of_it() -> None:
    text = "We take the orders by phone and we type them in. " * 8
    found = instances([Said(side="rep", text=text, judged=True)])
    assert len(found) >= 4
    assert all(i.text != text for i in found)


def test_the_other_sides_words_come_back_to_a_real_turn() -> None:
    assert instances(TALK)[0].previous == "Our dispatch retypes every order twice. uh-huh"


def test_own_words_are_not_the_other_sides() -> None:
    said = [Said(side="rep", text="one two three four", judged=True), Said(side="rep", text="five", judged=True)]
    assert [i.previous for i in instances(said)] == ["", ""]


def test_previous_is_bounded() -> None:
    said = [Said(side="prospect", text="word " * 300, judged=False), Said(side="rep", text="yes", judged=True)]
    assert len(instances(said)[0].previous) <= 400


def test_what_is_answered_is_known_of_a_turn() -> None:
    first, last = instances(TALK)[0], instances(TALK)[-1]
    assert first.following == "Forty hours."
    assert {"next=prospect", "next_words=0", "next_has_DURATION"} <= set(first.tags)
    assert last.following == "" and not any(tag.startswith("next") for tag in last.tags)


def test_an_answer_comes_up_to_a_real_turn_and_until_this_side_goes_on() -> None:
    def after(*said: tuple[str, str]) -> str:
        turns = [Said(side="rep", text="Who signs?", judged=True)]
        return instances([*turns, *(Said(side=s, text=t, judged=False) for s, t in said)])[0].following

    assert after(("p", "uh-huh"), ("p", "Carla does that here."), ("p", "since May")) == "uh-huh Carla does that here."
    assert after(("p", "uh-huh"), ("rep", "so"), ("p", "Carla does that here.")) == "uh-huh"
    assert after(("rep", "for you"), ("p", "Carla does.")) == "Carla does."
    assert after(*[("rep", "and")] * 9, ("p", "Carla does.")) == ""


def test_answers_are_read_from_their_beginning() -> None:
    grams = features.following_grams(instances(TALK)[0])
    assert grams[0].startswith(">") and f">^{grams[0][1:]}" in grams
    long = [Said(side="rep", text="go", judged=True), Said(side="p", text="a " * 90, judged=False)]
    assert sum(" " not in gram for gram in features.following_grams(instances(long)[0])) <= 21


def test_tags_tell_place_overlap_and_question() -> None:
    tags = set(instances(TALK)[0].tags)
    assert {"place=0", "early=True", "last=prospect", "question_mark", "turn_start=True"} <= tags
    assert {"near=2"} <= tags  # dispatch, retype, order
    later = set(instances(TALK, offset=30)[0].tags)
    assert {"early=False", "place=6"} <= later


def test_the_future_does_not_change_the_past() -> None:
    first = instances(TALK[:3])
    again = instances([*TALK[:3], *TALK[3:]])[: len(first)]
    assert [(i.text, i.previous) for i in first] == [(i.text, i.previous) for i in again]


def test_the_same_talk_gives_the_same_instances() -> None:
    assert instances(TALK) == instances(list(TALK))


def test_one_channel_does_not_know_the_gatekeeper() -> None:
    def talk(side: str) -> list[Said]:
        return [
            Said(side=side, text="Hale and Company, how can I direct your call?", judged=False),
            Said(side="rep", text="Could you put me through to Ms. Osei please?", judged=True),
        ]

    assert "gatekeeper_last=True" in instances(talk("gatekeeper"))[0].tags
    blind = instances(talk("prospect"))[0].tags
    assert "gatekeeper_last=True" not in blind
    assert "last=prospect" in blind


def test_numbers_money_days_and_times_count_by_their_kind() -> None:
    assert features.words("um tuesday at ten, $40,000 for 12 seats") == features.words(
        "thursday at two, $9,000 for 90 seats"
    )


def test_grams_begin_pair_and_lemmatize() -> None:
    grams = features.word_grams(item("we opened two plants"))
    assert {"we", "we opened", "^we", "^we opened", "~open", "~plant"} <= set(grams)
    assert features.previous_grams(item("yes", "what now")) == ["<what", "<now", "<what now"]
    assert features.letters(item("Um, Hello there!")) == "hello there"


def test_nothing_said_is_one_empty_instance() -> None:
    assert [(i.start, i.end, i.text) for i in instances([Said(side="rep", text="", judged=True)])] == [(0, 0, "")]
    assert instances([]) == []
