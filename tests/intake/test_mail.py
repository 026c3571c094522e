from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from ci_checker.errors import CallError
from ci_checker.intake import read, read_all
from ci_checker.intake.mail import own_text
from ci_checker.model import Details, Source

HEAD = (
    "From: Ann Lee <ann@northwind.example>\nTo: Bob Ray <bob@acme.example>\nSubject: Your Series B\n"
    "Date: Mon, 02 Mar 2026 09:41:00 +0100\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
)
BODY = "Hi Bob,\n\nI saw that Acme raised its Series B last week.\n\nBest,\nAnn\n-- \nAnn Lee\nNorthwind\n"
PLAIN = f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{BODY}"
WROTE = "Hi Bob,\n\nI saw that Acme raised its Series B last week.\n\nBest,\nAnn"


@pytest.fixture
def save(tmp_path):
    def _save(text: str | bytes, name: str = "x.eml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _save


def test_a_mail_is_a_call_of_one_turn(save):
    path = save(PLAIN)
    call = read(path)
    assert call.source is Source.EMAIL
    assert [turn.text for turn in call.turns] == [WROTE]
    assert (call.turns[0].start_s, call.duration_s, call.audio) == (None, None, None)
    assert [speaker.name for speaker in call.speakers] == ["Ann Lee"]
    assert (call.details.rep, call.details.contact, call.details.call_type) == ("Ann Lee", "Bob Ray", "email")
    assert call.details.started_at == datetime(2026, 3, 2, 8, 41, tzinfo=UTC)
    assert call.details.started_at.utcoffset() == timedelta(hours=1)
    assert call.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_given_details_go_first(save):
    call = read(save(PLAIN), details=Details(rep="A. Lee", account="Acme", call_type="first-touch"))
    assert (call.details.rep, call.details.account, call.details.call_type) == (
        "A. Lee",
        "Acme",
        "first-touch",
    )
    assert call.details.contact == "Bob Ray"


def test_plain_part_is_preferred(save):
    mail = (
        f'{HEAD}Content-Type: multipart/alternative; boundary="b"\n\n'
        "--b\nContent-Type: text/html\n\n<p>html</p>\n"
        "--b\nContent-Type: text/plain\n\nplain words\n--b--\n"
    )
    assert read(save(mail)).turns[0].text == "plain words"


def test_html_is_stripped_of_markup_and_not_of_words(save):
    html = (
        "<html><head><style>p {color: red}</style></head><body><p>Hi&nbsp;Bob,</p>"
        "<p>Prices rose &gt; 5&#37;.<br>Shall "
        "we <b>talk</b>?</p><script>x()</script><blockquote>old mail</blockquote></body></html>"
    )
    text = read(save(f"{HEAD}Content-Type: text/html; charset=utf-8\n\n{html}")).turns[0].text
    assert text == "Hi Bob,\n\nPrices rose > 5%.\nShall we talk?"


def test_transfer_and_character_encodings(save):
    quoted = (
        f"{HEAD}Content-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\nCaf=E9 at 9=\n:30?\n"
    )
    assert read(save(quoted)).turns[0].text == "Café at 9:30?"
    unknown = f"{HEAD}Content-Type: text/plain; charset=x-none\n\nhello\n"
    assert read(save(unknown)).turns[0].text == "hello"


@pytest.mark.parametrize(
    "tail",
    [
        "On Mon, Mar 2, 2026 at 9:00 AM Bob Ray <bob@acme.example> wrote:\n> old\n> words\n",
        "On Mon, Mar 2, 2026 at 9:00 AM Bob Ray\n<bob@acme.example> wrote:\n> old\n",
        "On Mon, Mar 2, 2026 Bob wrote:\n\nold words that are not marked\n",
        "-----Original Message-----\nFrom: Bob\nold\n",
        "________________________________\nFrom: Bob Ray\nSent: Monday\nold\n",
        "From: Bob Ray\nSent: Monday, March 2\nTo: Ann\nSubject: Re\n\nold\n",
        "-- \nAnn Lee\nold\n",
        "Sent from my iPhone\n",
        "> old\n",
    ],
)
def test_what_is_not_the_senders_own_is_left_out(tail):
    assert own_text(f"New words.\n\n{tail}") == "New words."


def test_answers_between_quoted_lines_are_kept():
    assert (
        own_text("On Mon, Bob Ray <b@x> wrote:\n> When?\nOn Tuesday at ten.\n> Where?\nHere.\n")
        == "On Tuesday at ten.\nHere."
    )


def test_missing_or_bad_date_is_said(save):
    call = read(save(PLAIN.replace("Mon, 02 Mar 2026 09:41:00 +0100", "soon")))
    assert call.details.started_at is None
    assert "no readable Date" in call.notes[0]


def test_a_mail_without_text_is_an_error(save):
    with pytest.raises(CallError, match=r"x\.eml: the mail has no text of its own"):
        read(save(f"{HEAD}\n> only quoted\n"))


def test_a_box_gives_a_call_for_each_mail(save):
    second = PLAIN.replace("Series B last week", "Series C\n>From Bob I know it").replace("<1@x>", "<2@x>")
    empty = f"{HEAD}\n> quoted\n"
    box = "".join(f"From ann@x Mon Mar  2 09:41:00 2026\n{mail}\n" for mail in (PLAIN, second, empty))
    path = save(box, "sent.mbox")
    calls = read_all(path)
    assert [call.path for call in calls] == [f"{path}#1", f"{path}#2", f"{path}#3"]
    assert len({call.sha256 for call in calls}) == 3
    assert "From Bob I know it" in calls[1].turns[0].text
    assert calls[2].turns == ()
    assert "no text of its own" in calls[2].notes[0]
    with pytest.raises(CallError, match="is a box of 3 mails"):
        read(path)


def test_one_mail_of_a_box_can_be_named(save):
    box = "".join(f"From a@x Mon Mar  2 09:41:00 2026\n{PLAIN.replace('week', word)}\n" for word in ("one", "two"))
    path = save(box.replace("\n", "\r\n"), "sent.mbox")
    call = read(path.with_name("sent.mbox#2"))
    assert "last two." in call.turns[0].text
    assert call == read_all(path)[1]
    with pytest.raises(CallError, match="no mail 3; the box holds 2"):
        read(path.with_name("sent.mbox#3"))


def test_a_transcript_with_a_from_line_is_no_mail(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("Ann: From here on?\nBob: To there.\n")
    assert read(path).source is Source.TRANSCRIPT
    assert [call.path for call in read_all(path, name="n")] == ["n"]
