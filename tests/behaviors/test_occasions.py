"""Whether a call gave the occasion at all."""

from __future__ import annotations

import pytest

from ci_checker.behaviors.catalogue import Occasion
from ci_checker.behaviors.occasions import Had, Signals, had_occasion, is_greeting
from ci_checker.model import Source

MACHINE = "You've reached the voicemail of Martin Hale. Please leave a message after the tone."
MENU = "Thank you for calling. For sales, press one. For support, press two."


@pytest.mark.parametrize(
    "text",
    [
        MACHINE,
        MENU,
        "the mailbox is full",
        "i can't take your call right now",
        "please leave your name and number",
        "at the tone please record your message",
    ],
)
def test_machines_are_told(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["hello this is martin", "who is calling please", "sure, go ahead", ""])
def test_people_are_told(text: str) -> None:
    assert not is_greeting(text)


@pytest.mark.parametrize("kind", Occasion)
def test_voicemail_and_silence_give_no_occasion(make_call, kind: Occasion) -> None:
    for call in (
        make_call(f"G: {MACHINE}", "R: hi martin, dana here, call me back please"),
        make_call(f"G: {MENU}"),
        make_call(f"P: {MACHINE}", "R: hi martin", "P: mailbox full"),
        make_call("R: hello, is anybody there"),
        make_call(),
    ):
        answer = had_occasion(call, kind, Signals(objection={0: 0.9}, gatekeeper={0: 0.9}))
        assert answer.had is Had.NO
        assert answer.reason


def test_a_live_person_who_sounds_like_a_machine_is_one(make_call) -> None:
    call = make_call(
        "G: hale and company",
        "R: hi, this is dana with fieldstone, could I speak with ms. osei please",
        "G: she is not available, I'll have her get back to you as soon as she can",
    )
    assert had_occasion(call, Occasion.CONVERSATION, Signals()).had is Had.YES
    assert had_occasion(call, Occasion.GATEKEEPER, Signals()).had is Had.YES


def test_a_machine_that_speaks_again_stays_a_machine(make_call) -> None:
    call = make_call(f"P: {MACHINE}", "R: hi martin it's dana with fieldstone", "P: to send your message press one")
    assert had_occasion(call, Occasion.CONVERSATION, Signals()).had is Had.NO


def test_a_menu_and_then_a_person_is_a_conversation(make_call) -> None:
    call = make_call(f"G: {MENU}", "P: hello this is martin hale speaking now", "R: hi martin")
    assert had_occasion(call, Occasion.CONVERSATION, Signals()).had is Had.YES


@pytest.mark.parametrize(("best", "had"), [(0.7, Had.YES), (0.6, Had.YES), (0.3, Had.PERHAPS), (0.05, Had.NO)])
def test_objections_go_by_their_two_thresholds(make_call, best: float, had: Had) -> None:
    call = make_call("P: hello this is martin", "R: hi martin", "P: we have no money for that this year")
    signals = Signals(objection={0: 0.01, 2: best})
    assert had_occasion(call, Occasion.OBJECTION, signals).had is had
    assert had_occasion(call, Occasion.CONVERSATION, signals).had is Had.YES


@pytest.mark.parametrize(("best", "had"), [(0.9, Had.YES), (0.7, Had.PERHAPS), (0.05, Had.NO)])
def test_gatekeepers_on_the_prospects_channel(make_call, best: float, had: Had) -> None:
    call = make_call("P: hello, front desk", "R: hi martin")
    assert had_occasion(call, Occasion.GATEKEEPER, Signals(gatekeeper={0: best})).had is had


def test_a_known_gatekeeper_needs_no_signal(make_call) -> None:
    assert had_occasion(make_call("G: front desk here", "R: hi"), Occasion.GATEKEEPER, Signals()).had is Had.YES


def test_a_mail_has_nobody_on_the_line(make_call) -> None:
    mail = make_call("R: Dear Martin, I saw that you opened a plant.", source=Source.EMAIL)
    assert had_occasion(mail, Occasion.CONVERSATION, Signals()).had is Had.YES
    assert had_occasion(mail, Occasion.OBJECTION, Signals()).had is Had.NO
    assert had_occasion(mail, Occasion.GATEKEEPER, Signals()).had is Had.NO
