"""Who is the rep: asked for, known, or told by the words, and never guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ci_checker.errors import RequestError
from ci_checker.model import Call, Details, Role, Source, Speaker, Turn
from ci_checker.speakers import RosterEntry, assign
from ci_checker.speakers.names import SOUNDS_LIKE
from ci_checker.speakers.roles import CONTRADICTED, IN_DOUBT, MIXED, NOBODYS, speaker_names

LUKE = RosterEntry(name="Luke Miller", aliases=("Lucas",), company="Bright Harbor")
TEAM = (LUKE, RosterEntry(name="Dana Ortiz", company="Bright Harbor"))

COLD = [
    ("left", "Hello, Silver Creek Plumbing, this is Karen."),
    ("right", "Hi Karen, this is Luke with Bright Harbor. I saw that you opened a second warehouse."),
    ("left", "Okay, what is this about?"),
    ("right", "We help teams like yours. What happens today when a truck is late?"),
    ("left", "We call around."),
]


def call(lines, *, source=Source.AUDIO, timed=True, **fields) -> Call:
    turns = tuple(
        Turn(
            speaker=speaker,
            text=text,
            start_s=3.0 * index if timed else None,
            end_s=3.0 * index + 2 if timed else None,
        )
        for index, (speaker, text) in enumerate(lines)
    )
    return Call(path="call.wav", sha256="0" * 64, source=source, turns=turns, **fields)


def judge(one: Call, *, rep=None, roster=TEAM, company=None) -> dict[str, Speaker]:
    return {s.name: s for s in assign(one, rep=rep, roster=roster, company=company).speakers}


@pytest.mark.parametrize(
    ("rep", "expected"),
    [("left", "left"), ("RIGHT", "right"), ("r", "right"), ("1", "left"), ("2", "right"), (" 2 ", "right")],
)
def test_the_one_asked_for_is_the_rep(rep, expected):
    found = judge(call(COLD), rep=rep)
    assert [name for name, s in found.items() if s.role is Role.REP] == [expected]
    assert found[expected].reason == f"named by --rep {rep}"


@pytest.mark.parametrize("rep", ["Karen", "3", "0", "", "lefty", "-1"])
def test_a_rep_who_is_not_in_the_call_is_refused_with_the_speakers(rep):
    with pytest.raises(RequestError, match="1 left, 2 right") as problem:
        judge(call(COLD), rep=rep)
    assert "\n" not in str(problem.value)
    assert problem.value.exit_status == 2


def test_a_first_name_is_enough_where_only_one_bears_it():
    lines = [("Luke Miller", "hi"), ("Karen Voss", "hello"), ("Karen Ames", "hey")]
    found = judge(call(lines, source=Source.TRANSCRIPT), rep="luke", roster=())
    assert found["Luke Miller"].role is Role.REP
    with pytest.raises(RequestError):
        judge(call(lines, source=Source.TRANSCRIPT), rep="karen", roster=())


def test_the_manifest_goes_before_the_words():
    found = judge(call(COLD, details=Details(rep_channel="left")))
    assert found["left"].role is Role.REP
    assert "details" in found["left"].reason


@pytest.mark.parametrize(("channel", "expected"), [("R", "right"), ("2", "right"), ("1", "left")])
def test_channels_of_a_manifest_may_be_short(channel, expected):
    assert judge(call(COLD, details=Details(rep_channel=channel)))[expected].role is Role.REP


def test_asking_goes_before_the_manifest():
    found = judge(call(COLD, details=Details(rep_channel="left")), rep="right")
    assert found["right"].role is Role.REP and found["left"].role is Role.PROSPECT


def test_a_manifest_name_finds_the_speaker_by_alias():
    lines = [("Lucas", "hello"), ("Karen", "hello")]
    found = judge(call(lines, source=Source.TRANSCRIPT, details=Details(rep="Luke Miller")))
    assert found["Lucas"].role is Role.REP


def test_a_speaker_on_the_roster_is_the_rep():
    lines = [("Karen", "hello"), ("Dana Ortiz", "hello")]
    found = judge(call(lines, source=Source.TRANSCRIPT))
    assert found["Dana Ortiz"].role is Role.REP
    assert "roster" in found["Dana Ortiz"].reason
    assert found["Karen"].role is Role.PROSPECT


def test_two_of_the_roster_are_told_apart_by_words_or_not_at_all():
    lines = [
        ("Dana Ortiz", "Hi, thanks for joining."),
        ("Luke Miller", "Hello."),
        ("Karen", "Hi both."),
    ]
    assert all(s.role is Role.UNKNOWN for s in judge(call(lines)).values())
    lines += [
        (
            "Luke Miller",
            "The reason I called is that we work with shops like yours. What does a bad week cost?",
        ),
        ("Luke Miller", "And who decides? How do you plan today?"),
    ]
    found = judge(call(lines))
    assert found["Luke Miller"].role is Role.REP
    assert found["Dana Ortiz"].role is Role.UNKNOWN and "too" in found["Dana Ortiz"].reason
    assert found["Karen"].role is Role.PROSPECT


def test_an_introduction_with_the_company_names_the_rep_and_the_time():
    found = judge(call(COLD))
    assert found["right"].role is Role.REP
    assert found["right"].reason == "introduces themselves as Luke with Bright Harbor at 0:03"
    assert found["left"].role is Role.PROSPECT


def test_without_times_the_reason_invents_none():
    found = judge(call(COLD, timed=False))
    assert found["right"].reason == "introduces themselves as Luke with Bright Harbor"


@pytest.mark.parametrize(
    "line",
    [
        "hi karen its luke over at bright harbor hows it going",
        "Hey, my name is Luke, I'm with Bright Harbor.",
        "Hi Karen, Luke here from Bright Harbour.",
        "Good morning, this is Luke calling from brightharbor.",
        "This is Look and Bright Harbor, we spoke in March.",
        "Hey Karen, it\u2019s Luke from Bright Harbor.",
    ],
)
def test_introductions_are_heard_as_people_and_recognizers_word_them(line):
    found = judge(call([("left", "Hello?"), ("right", line), ("left", "Hi.")]))
    assert found["right"].role is Role.REP, found["right"].reason
    assert "Bright Harbor" in found["right"].reason


@pytest.mark.parametrize(
    "line",
    [
        "Oh, is this Luke from Bright Harbor?",
        "You're with Bright Harbor, right?",
        "It's great to hear from Bright Harbor.",
        "We were looking at Bright Harbor last year.",
        "I talked to Luke from Bright Harbor before.",
    ],
)
def test_a_prospect_who_names_the_rep_is_not_the_rep(line):
    found = judge(call([("left", line), ("right", "Yes."), ("left", "All right.")]))
    assert found["left"].role is not Role.REP


def test_the_company_option_counts_like_the_rosters():
    lines = [
        ("left", "Hello?"),
        ("right", "Hi, this is Priya with Fieldstone, did I catch you at a bad time?"),
    ]
    found = judge(call(lines), roster=(), company="Fieldstone")
    assert found["right"].reason == "introduces themselves as Priya with Fieldstone at 0:03"


def test_the_manifest_rep_decides_a_channel_by_introduction():
    lines = [("left", "This is Ana with Northgate."), ("right", "Hi, this is Tom with Northgate too.")]
    found = judge(call(lines, details=Details(rep="Tom Reyes")), roster=(), company="Northgate")
    assert found["right"].role is Role.REP


def test_with_no_roster_asking_and_pitching_tell():
    lines = [
        ("left", "Hello?"),
        ("right", "Hey there, the reason for my call is that our customers lose hours on invoices."),
        ("left", "Okay."),
        ("right", "How do you handle them today? Who does it? What does it cost you?"),
        ("left", "A lot. We're not interested though."),
    ]
    found = judge(call(lines), roster=())
    assert found["right"].role is Role.REP
    assert "says why they call at 0:03" in found["right"].reason


@pytest.mark.parametrize(
    "lines",
    [
        [("left", "Hello."), ("right", "Hello.")],
        [("left", "Did you see the game?"), ("right", "I did. Did you?"), ("left", "What a night!")],
        [
            ("left", "Hi, this is Luke with Bright Harbor."),
            ("right", "Hi, this is Dana with Bright Harbor."),
        ],
    ],
)
def test_in_doubt_all_are_unknown(lines):
    found = judge(call(lines))
    assert {s.role for s in found.values()} == {Role.UNKNOWN}
    assert {s.reason for s in found.values()} == {IN_DOUBT}


def test_mixed_audio_is_unknown_whatever_is_said():
    found = judge(call([("mixed", text) for _, text in COLD]))
    assert found["mixed"].role is Role.UNKNOWN
    assert found["mixed"].reason == MIXED
    assert judge(call([("mixed", "Hi")]), rep="1")["mixed"].role is Role.REP


def test_a_side_of_the_manifest_that_a_mixed_call_has_not_is_no_error():
    found = judge(call([("mixed", "Hello")], details=Details(rep_channel="left")))
    assert found["mixed"].role is Role.UNKNOWN


def test_a_mail_is_its_senders():
    mail = call([("sam@fieldstone.example", "Saw the news.")], source=Source.EMAIL, timed=False)
    assert judge(mail, roster=())["sam@fieldstone.example"].role is Role.REP


def test_a_dead_other_channel_leaves_the_rep_by_words():
    lines = [("right", "Hi, this is Luke with Bright Harbor, sorry I missed you.")]
    assert judge(call(lines))["right"].role is Role.REP
    assert judge(call([("left", "Hello? Hello?")]))["left"].role is Role.UNKNOWN


def test_a_voicemail_greeting_is_a_gatekeeper_and_gives_the_rep_away():
    lines = [
        ("left", "You've reached Karen Voss. I can't come to the phone. Leave a message after the tone."),
        ("right", "Hey Karen, I wanted to ask about the new site. I'll send you an email."),
    ]
    found = judge(call(lines), roster=())
    assert found["left"].role is Role.GATEKEEPER and found["left"].reason == "a recorded greeting"
    assert found["right"].role is Role.REP
    assert "recorded greeting" in found["right"].reason


def test_a_phone_menu_is_a_recorded_greeting():
    lines = [
        ("left", "Thank you for calling Acme. For sales, press one. For support, press two."),
        ("right", "This is Luke with Bright Harbor."),
    ]
    assert judge(call(lines))["left"].role is Role.GATEKEEPER


def test_talking_of_messages_is_no_greeting():
    lines = [
        *COLD,
        ("left", "You can leave a message with my boss if you want, but we buy from our cousin anyway."),
    ]
    assert judge(call(lines))["left"].role is Role.PROSPECT


def test_a_receptionist_who_only_passes_on_is_a_gatekeeper():
    lines = [
        ("left", "Acme, how can I direct your call?"),
        ("right", "Hi, this is Luke with Bright Harbor for Karen."),
        ("left", "May I ask what this is regarding?"),
        ("right", "The new warehouse."),
        ("left", "One moment, I'll put you through."),
    ]
    found = judge(call(lines))
    assert found["left"].role is Role.GATEKEEPER


def test_of_three_the_one_who_passes_on_is_the_gatekeeper():
    lines = [
        ("Speaker 1", "Acme, good morning, this is the front desk. It is a lovely day here."),
        ("Luke Miller", "Morning, Luke Miller for Karen please."),
        ("Speaker 1", "Sure. Let me put you through."),
        ("Karen", "This is Karen."),
        ("Luke Miller", "Hi Karen."),
    ]
    found = judge(call(lines, source=Source.TRANSCRIPT))
    assert found["Speaker 1"].role is Role.GATEKEEPER
    assert "passes the call on" in found["Speaker 1"].reason
    assert found["Karen"].role is Role.PROSPECT


def test_of_three_one_who_stays_on_is_a_prospect():
    lines = [
        ("Ann", "Hi, we can both talk. How do you price it?"),
        ("Luke Miller", "By seat."),
        ("Bo", "And support?"),
        ("Ann", "Could you hold on a moment please, then go on."),
        ("Bo", "Fine. So, support?"),
    ]
    found = judge(call(lines, source=Source.TRANSCRIPT))
    assert found["Ann"].role is Role.PROSPECT and found["Bo"].role is Role.PROSPECT


def test_an_inbound_call_is_answered_by_the_rep():
    lines = [
        ("left", "Thanks for calling Bright Harbor, this is Luke."),
        ("right", "Hi, I'm calling about your ad. How much is it?"),
    ]
    found = judge(call(lines, details=Details(direction="inbound")))
    assert found["left"].role is Role.REP


def test_every_speaker_has_a_role_and_a_reason_and_nothing_else_changes():
    one = call(COLD, notes=("kept",))
    done = assign(one, rep=None, roster=TEAM, company=None)
    assert all(s.reason for s in done.speakers)
    assert replace(done, speakers=()) == one
    assert assign(done, rep=None, roster=TEAM, company=None) == done


def test_a_call_without_turns_has_no_rep():
    empty = call([])
    assert assign(empty, rep=None, roster=TEAM, company=None).speakers == ()
    with pytest.raises(RequestError):
        assign(empty, rep="left", roster=(), company=None)


def test_names_stand_in_the_order_of_speaking_and_silent_ones_last():
    one = call([("b", "x"), ("a", "y"), ("b", "z")], speakers=(Speaker(name="c"), Speaker(name="a")))
    assert speaker_names(one) == ("b", "a", "c")


def test_voices_of_one_channel_get_roles_by_what_they_say():
    lines = [({"left": "voice 1", "right": "voice 2"}[side], text) for side, text in COLD]
    found = judge(call(lines))
    assert {s.role for s in found.values()} == {Role.REP, Role.PROSPECT}


def test_words_of_nobody_known_have_no_role_and_no_number():
    found = judge(call([("unknown", "Mm."), ("voice 1", "Hello."), ("voice 2", "Hi.")]), rep="1")
    assert found["voice 1"].role is Role.REP
    assert found["unknown"].role is Role.UNKNOWN and found["unknown"].reason == NOBODYS


def recognized(lines) -> Call:
    heard = call(lines)
    rep = Speaker(name="Luke Porter", role=Role.REP, reason=f"{SOUNDS_LIKE} Luke Porter")
    return replace(heard, speakers=(rep, Speaker(name="voice 2")))


def test_a_recognized_voice_is_the_rep_and_says_why():
    found = judge(recognized([("Luke Porter", "Did you see the game?"), ("voice 2", "I did. Did you?")]))
    assert found["Luke Porter"].role is Role.REP and found["Luke Porter"].reason == f"{SOUNDS_LIKE} Luke Porter"


def test_words_against_the_recognized_voice_leave_all_in_doubt():
    found = judge(
        recognized([("Luke Porter", "Hello, who is this?"), ("voice 2", "Hi, this is Luke with Bright Harbor.")])
    )
    assert {s.role for s in found.values()} == {Role.UNKNOWN}
    assert {s.reason for s in found.values()} == {CONTRADICTED}


def test_a_written_transcript_of_numbered_voices_has_nobodys_words_too():
    lines = [({"left": "voice 1", "right": "voice 2"}[side], text) for side, text in COLD]
    found = judge(call([*lines, ("unknown", "Right.")], source=Source.TRANSCRIPT))
    assert found["unknown"].role is Role.UNKNOWN and found["voice 2"].role is Role.REP
    named = judge(call([("Luke", "Hi."), ("unknown", "Who is this?")], source=Source.TRANSCRIPT))
    assert named["unknown"].role is Role.PROSPECT, "somebody may be called so in a transcript"
