"""What each side of a sales call says: which phrases count for whom, how much, and which near ones do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ci_checker.model import Call, Details, Role, Source, Speaker, Turn
from ci_checker.speakers import RosterEntry, assign
from ci_checker.speakers.recorded import answers_for_another, has_gatekeeper_words, is_recorded
from ci_checker.speakers.roster import fold, pick, sounds_in
from ci_checker.speakers.says import at, plain, questions
from ci_checker.speakers.words import Score, scores


def heard(*lines: tuple[str, str], timed: bool = True) -> list[Turn]:
    return [Turn(speaker=who, text=text, start_s=float(i) if timed else None) for i, (who, text) in enumerate(lines)]


def judged(*lines: tuple[str, str], names=(), companies=(), inbound: bool = False) -> dict[str, Score]:
    speakers = tuple(dict.fromkeys(who for who, _ in lines))
    return dict(scores(heard(*lines, timed=False), speakers, rep_names=names, companies=companies, inbound=inbound))


@pytest.mark.parametrize(
    ("text", "says", "points"),
    [
        ("The reason for my call is simple.", "says why they call", 2.0),
        ("the reason i reached out is simple", "says why they call", 2.0),
        ("I was just following up on March.", "says that they are calling", 1.5),
        ("I'm calling out of the blue.", "says that they are calling", 1.5),
        ("Did I catch you between trucks?", "asks whether it is a bad time", 1.5),
        ("Would you have two minutes?", "asks for a moment of time", 1.5),
        ("Can I take thirty seconds?", "asks for a moment of time", 1.5),
        ("Our clients had that too.", "speaks of their own customers", 1.2),
        ("We specialize in dispatch.", "says what their company does for others", 1.5),
        ("Our pricing is by truck.", "speaks of their own product", 1.0),
        ("I noticed you hired six people.", "has read about the other side", 1.2),
        ("I'll send you the invite.", "promises to send something", 0.8),
        ("Would Thursday morning at nine suit you?", "proposes a time", 0.8),
    ],
)
def test_a_phrase_of_a_rep_counts_for_who_says_it(text, says, points):
    found = judged(("a", text), ("b", "Mm-hmm."))
    assert found["a"].points >= points and found["a"].reason.split(", and ")[0].startswith(says)
    assert found["b"].points == 0 and found["b"].reason == ""


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("We're not interested, thanks.", -1.5),
        ("Look, we already have somebody.", -1.5),
        ("Take me off your list.", -1.5),
        ("Just send me some information.", -1.5),
        ("Who's calling?", -2.0),
        ("Where are you calling from?", -2.0),
        ("How much does it run?", -1.2),
        ("What do you guys charge for that?", -1.2),
    ],
)
def test_a_phrase_of_a_prospect_counts_against_being_the_rep(text, points):
    found = judged(("b", "Right."), ("a", text))
    assert found["a"].points == points and found["a"].reason == "", "a reason speaks for somebody, never against"


@pytest.mark.parametrize(
    "text",
    [
        "Our platforms at the station were wet.",
        "They help work with partners.",
        "She read that he had moved.",
        "Monday was busy for us.",
        "The customers of ours are patient.",
        "There is a reason for everything.",
        "Somebody called in sick.",
    ],
)
def test_ordinary_talk_counts_for_nobody(text):
    assert judged(("a", text))["a"].points == 0


def test_an_opening_phrase_counts_in_the_opening_only():
    late = [("b", "So we run trucks.")] * 6 + [("a", "Did I catch you at a bad time?")]
    assert judged(*late)["a"].points == 0 < judged(*late[-2:])["a"].points


def test_a_phrase_is_told_with_its_time_and_once():
    lines = [("a", "Hello."), ("b", "We help shops."), ("b", "And we help yards.")]
    found = scores(heard(*lines), ("a", "b"), rep_names=(), companies=())["b"]
    assert found.reason == "says what their company does for others at 0:01"


def test_a_weak_reason_is_told_with_the_next_one_and_a_strong_one_alone():
    score = Score()
    assert score.reason == ""
    for points, reason in ((1.0, "c"), (-3.0, "never"), (2.0, "a"), (1.5, "b")):
        score.add(points, reason)
    assert score.reason == "a, and b" and score.points == 1.5
    score.add(4.0, "sure")
    assert score.reason == "sure"


@pytest.mark.parametrize(
    ("text", "points", "reason"),
    [
        ("Hi, this is Luke with Bright Harbor.", 8.0, "introduces themselves as Luke with Bright Harbor"),
        ("Hi, this is Priya with Bright Harbor.", 6.0, "introduces themselves as Priya with Bright Harbor"),
        ("I work for Bright Harbor.", 6.0, "is from Bright Harbor"),
        ("Hey Karen, this is Luke Porter.", 5.0, "introduces themselves as Luke Porter"),
        ("Hi, my name is Ana, calling from North Gate.", 2.5, "introduces themselves as Ana with North Gate"),
        ("Tom from Ridgeline here.", 2.5, "introduces themselves as Tom with Ridgeline"),
    ],
)
def test_an_introduction_weighs_what_is_known_of_it(text, points, reason):
    found = judged(("a", text), names=("Luke Porter",), companies=("Bright Harbor",))["a"]
    assert [entry for entry in found.reasons if "introduces" in entry[1] or "is from" in entry[1]] == [(points, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "I'm not with anybody right now.",
        "It's about the invoice from March.",
        "I'm calling from the car.",
        "I am good, thanks for asking.",
        "It's fine with me.",
        "Is this Luke with Bright Harbor?",
        "Are you calling from Bright Harbor?",
        "You're Luke Porter, right?",
    ],
)
def test_what_only_sounds_like_an_introduction_is_none(text):
    found = judged(("a", text), names=("Luke Porter",), companies=("Bright Harbor",))["a"]
    assert not any("introduces" in reason or "is from" in reason for _, reason in found.reasons)


def test_a_stranger_introducing_themselves_late_counts_half_and_a_known_name_whole():
    before = [("b", "We run trucks.")] * 6
    strange = judged(*before, ("a", "Hi, my name is Ana, I'm with North Gate."))["a"]
    known = judged(*before, ("a", "This is Luke Porter."), names=("Luke Porter",))["a"]
    assert strange.points == 1.25 and known.points == 5.0


def test_who_answers_for_the_teams_company_is_the_rep():
    lines = (("a", "Thanks for calling Bright Harbor, how can I help?"), ("b", "I saw your ad."))
    found = judged(*lines, companies=("Bright Harbor",))["a"]
    assert (5.0, "answers the phone for Bright Harbor") in found.reasons
    assert judged(*lines, companies=("Fieldstone",))["a"].points < 0
    assert judged(*lines, companies=("Fieldstone",), inbound=True)["a"].points > 0


def test_questions_count_where_one_side_asks_two_thirds_of_at_least_three():
    three = ("a", "Who? What for? Why now?")
    assert judged(three, ("b", "Because."))["a"].points == 1.5
    assert judged(three, ("b", "From where?"), ("b", "Since when?"))["a"].points == 0
    assert judged(("a", "Who? What?"), ("b", "Because."))["a"].points == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("so how do you plan the day", 1),
        ("walk me through a normal morning", 1),
        ("could you send it", 1),
        ("what a day", 0),
        ("they asked how we do it", 0),
        ("Really?? No?", 3),
    ],
)
def test_questions_without_marks_are_known_by_their_first_words(text, count):
    assert questions(text) == count


def test_typographic_marks_are_read_as_plain_ones():
    turns = plain([Turn(speaker="a", text="I\u2019ll, it\u2019s")])
    assert turns[0].text == "I'll, it's"
    assert at(Turn(speaker="a", text="x")) == "" and at(Turn(speaker="a", text="x", start_s=61.9)) == " at 1:01"


@pytest.mark.parametrize(
    "text",
    [
        "Hi, you've reached the desk of Ana. Please leave your name after the tone.",
        "For sales, press one. For anything else, press two.",
        "The mailbox is full.",
        "Nobody can take your call. At the beep, record your message.",
    ],
)
def test_machines_are_known(text):
    assert is_recorded(heard(("a", text)))


@pytest.mark.parametrize(
    "text",
    [
        "He is not available, can I help?",
        "I'll get back to you, business hours are hard for me.",
        "Yeah. Okay.",
    ],
)
def test_people_are_no_machines(text):
    assert not is_recorded(heard(("a", text)))


@pytest.mark.parametrize(
    ("lines", "passes_on"),
    [
        (("May I ask who's calling?", "Please hold."), True),
        (("I'll put you through.", "Mm-hmm."), True),
        (("She's in a meeting. Is she expecting you?",), True),
        (("We run nine trucks.", "He's out today, but I do the planning.", "It is a mess."), False),
        (("Okay.", "Bye."), False),
        ((), False),
    ],
)
def test_a_receptionist_says_little_else(lines, passes_on):
    assert answers_for_another(heard(*(("a", line) for line in lines))) is passes_on


def test_one_offer_to_connect_is_a_gatekeepers_word_whatever_else_is_said():
    assert has_gatekeeper_words(heard(("a", "We sell boats."), ("a", "Let me transfer you to Ana.")))
    assert not has_gatekeeper_words(heard(("a", "We transfer boats to Ana.")))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("bright harbor's team", True),
        ("at brite harbor", True),
        ("b right harbor", True),
        ("harbor bright", False),
        ("the bright side of the harbor", False),
        ("brighter", False),
    ],
)
def test_a_company_is_heard_in_its_own_order(said, found):
    assert sounds_in("Bright Harbor", said) is found


@pytest.mark.parametrize("name", ["O'Neill", "JOSÉ  PÉREZ", "Smith-Jones, Ana", "K. 9"])
def test_folding_a_folded_name_changes_nothing(name):
    assert fold(fold(name)) == fold(name) and pick(name.upper(), [name, "Zed"]) == name


TEAM = (RosterEntry(name="Luke Porter", aliases=("LP",), company="Bright Harbor"),)


def call(*lines: tuple[str, str], **fields) -> Call:
    return Call(
        path="c", sha256="0" * 64, source=fields.pop("source", Source.AUDIO), turns=tuple(heard(*lines)), **fields
    )


def roles(one: Call, **asked) -> dict[str, Role]:
    known = {"rep": None, "roster": TEAM, "company": None, **asked}
    return {speaker.name: speaker.role for speaker in assign(one, **known).speakers}


SIDES = (("left", "We help shops, and our customers save hours."), ("right", "We already have one."))


def test_the_order_in_which_the_sides_speak_does_not_matter():
    turned = tuple(reversed(SIDES))
    assert roles(call(*SIDES)) == {"left": Role.REP, "right": Role.PROSPECT}
    assert roles(call(*turned)) == roles(call(*SIDES))


def test_the_names_of_the_channels_do_not_matter():
    swapped = tuple(({"left": "right", "right": "left"}[side], text) for side, text in SIDES)
    assert roles(call(*swapped)) == {"right": Role.REP, "left": Role.PROSPECT}


def test_nobody_is_named_where_both_sides_pitch():
    both = (SIDES[0], ("right", "We help shops too, and our customers save days."))
    assert set(roles(call(*both)).values()) == {Role.UNKNOWN}


def test_a_named_rep_of_another_call_does_not_turn_words_into_a_role():
    lines = (("left", "Hi, this is Luke with Bright Harbor."), ("right", "Hello."))
    told = call(*lines, details=Details(rep="Dana Whitfield"))
    known = assign(told, rep=None, roster=TEAM, company=None)
    assert {s.name: s.role for s in known.speakers}["left"] is Role.REP
    assert "Bright Harbor" in known.speakers[0].reason and "Dana" not in known.speakers[0].reason


def test_a_speaker_who_never_speaks_is_never_the_rep_by_words():
    silent = call(("left", "Hello?"), speakers=(Speaker(name="left"), Speaker(name="right")))
    assert roles(silent) == {"left": Role.UNKNOWN, "right": Role.UNKNOWN}


def test_asking_for_somebody_overrules_voice_words_and_details():
    one = call(*SIDES, details=Details(rep_channel="left"))
    assert roles(one, rep="right") == {"right": Role.REP, "left": Role.PROSPECT}


def test_numbers_of_speakers_count_people_and_not_what_is_in_doubt():
    one = call(("voice 1", "Hi."), ("unknown", "Mm."), ("voice 2", "Hello."))
    assert roles(one, rep="2") == {"voice 1": Role.PROSPECT, "voice 2": Role.REP, "unknown": Role.UNKNOWN}


def test_an_alias_in_the_details_finds_the_full_name_and_the_other_way():
    lines = (("Luke Porter", "Hello."), ("Karen", "Hello."))
    for named in ("LP", "lp", "Luke", "luke porter"):
        one = call(*lines, source=Source.TRANSCRIPT, details=Details(rep=named))
        assert roles(one) == {"Luke Porter": Role.REP, "Karen": Role.PROSPECT}


def test_roles_do_not_depend_on_apostrophes():
    typed = call(("left", "What's it cost? We're not interested."), ("right", "I'm calling because we help shops."))
    curly = replace(typed, turns=tuple(replace(t, text=t.text.replace("'", "\u2019")) for t in typed.turns))
    assert roles(curly) == roles(typed) == {"left": Role.PROSPECT, "right": Role.REP}
