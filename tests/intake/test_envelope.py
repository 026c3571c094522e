"""The header of a mail: people, thread and subject, however badly it is written."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest

from ci_checker.intake.envelope import addresses, envelope, header, people, plain_subject


def message(*lines: str) -> EmailMessage:
    found = email.message_from_bytes("\r\n".join([*lines, "", "Hello."]).encode(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_header_says_whom_the_mail_is_for_and_whom_it_reached() -> None:
    found = envelope(
        message(
            "From: Ann Lee <Ann@Us.example>",
            "To: Bob <bob@acme.example>, cal@acme.example",
            "Cc: Dee <dee@acme.example>, BOB@acme.example",
            "Bcc: eve@acme.example",
        )
    )
    assert found.sender == "ann@us.example"
    assert found.addressed == ("bob@acme.example", "cal@acme.example")
    assert found.reached == ("bob@acme.example", "cal@acme.example", "dee@acme.example", "eve@acme.example")


@pytest.mark.parametrize(("name", "other"), [("Cc", "Bcc"), ("Bcc", "X-To")])
def test_without_to_the_next_who_got_it_are_addressed(name: str, other: str) -> None:
    found = envelope(message(f"{name}: bob@acme.example", f"{other}: cal@acme.example"))
    assert found.addressed == ("bob@acme.example",)


def test_the_thread_is_all_that_the_mail_refers_to_each_once_in_order() -> None:
    found = envelope(
        message("Message-ID: <C@x>", "References: <A@x> <b@x>\r\n <a@x>", "In-Reply-To: <b@x> (your mail of Monday)")
    )
    assert found.message_id == "<c@x>"
    assert found.refers_to == ("<a@x>", "<b@x>")


def test_of_an_endless_thread_the_last_hundred_are_kept() -> None:
    found = envelope(message("References: " + " ".join(f"<{n}@x>" for n in range(150))))
    assert len(found.refers_to) == 100 and found.refers_to[-1] == "<149@x>"


def test_a_mail_without_any_header_has_an_empty_envelope() -> None:
    found = envelope(message("X-Nothing: here"))
    assert (found.sender, found.message_id, found.addressed, found.refers_to) == (None, None, (), ())
    assert (found.subject, found.answers) == ("", False)


@pytest.mark.parametrize(
    ("subject", "plain", "answers"),
    [
        ("The yard", "the yard", False),
        ("Re: The yard", "the yard", True),
        ("RE: Fwd:  re: The   Yard", "the yard", True),
        ("AW: WG: Der Hof", "der hof", True),
        ("Re[2]: The yard", "the yard", True),
        ("SV : The yard", "the yard", True),
        ("[EXT] Re: The yard", "the yard", True),
        ("[External] The yard", "the yard", False),
        ("Regarding: the yard", "regarding: the yard", False),
        ("Reply needed", "reply needed", False),
        ("Re:", "", True),
        ("Forwarding re: the yard", "forwarding re: the yard", False),
    ],
)
def test_a_subject_loses_the_marks_of_answers_and_only_those(subject: str, plain: str, answers: bool) -> None:
    assert plain_subject(subject) == (plain, answers)
    found = envelope(message(f"Subject: {subject}"))
    assert (found.subject, found.answers) == (plain, answers)


def test_encoded_words_are_read() -> None:
    found = message("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "From: =?utf-8?b?Wm/DqyBM?= <zoe@x.example>")
    assert header(found, "Subject") == "Grüße"
    assert people(found, "From") == (("Zoë L", "zoe@x.example"),)


@pytest.mark.parametrize(
    "line",
    [
        "To: Bob <bob@acme.example",
        "To: undisclosed-recipients:;",
        "To: =?utf-8?q?=FF=FE?= <bob@acme.example>",
        "To: @@@, <>, ,,,",
        "To: \x00\x01",
        "To: " + "a," * 500,
        'To: [bob]@acme.example, "unclosed <x@y',
    ],
)
def test_a_header_of_rubbish_is_no_crash_and_gives_no_address_without_an_at(line: str) -> None:
    found = envelope(message("From: ann@us.example", line))
    assert found.sender == "ann@us.example"
    assert all("@" in where for where in found.addressed)


def test_an_address_is_counted_once_whatever_its_case_and_name() -> None:
    found = message("To: Bob <bob@acme.example>, Robert <BOB@ACME.example>, nobody")
    assert addresses(found, "To") == ("bob@acme.example",)


def test_a_header_that_the_parser_gives_up_on_is_read_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    found = message("Subject: The yard", "To: bob@acme.example")

    def broken(*arguments: object) -> str:
        raise IndexError("the standard library's parser")

    monkeypatch.setattr(found, "get", broken)
    monkeypatch.setattr(found, "get_all", broken)
    assert header(found, "subject") == "The yard"
    assert people(found, "to") == (("", "bob@acme.example"),)
    assert header(found, "Cc") == ""
