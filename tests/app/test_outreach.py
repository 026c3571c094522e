"""Sent mail in a workspace, from mailboxes to the count of a promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ci_checker import settings as settings_module
from ci_checker.app import batching, ledger, outreach, reporting
from ci_checker.app.catalogue import behaviors
from ci_checker.model import Call, CallState, Details, Envelope, Source, Speaker
from ci_checker.settings import Rep, Settings
from ci_checker.store import open_store

LUKE = "Luke Porter"
TEAM = """\
[team]
manager = "Maya Collins"
company = "Bright Harbor"
{zone}
[[rep]]
name = "Luke Porter"
aliases = ["Luke"]
emails = ["luke@brightharbor.example"]
"""
EVENT = (
    "I read on Friday that you opened a second warehouse in Reno last month, which is why I write today. "
    "How do you plan the routes?"
)


def write(path: Path, to: str, sent: str, *, sender: str = "Luke Porter <luke@brightharbor.example>",
          subject: str = "Hello", body: str = EVENT, more: str = "", number: str = "") -> None:  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {sent}\nMessage-ID: <{number or path.name}@x>\n{more}\n"
        f"Hello,\n\n{body}\n",
        encoding="utf-8",
    )


@pytest.fixture
def mailbox(space) -> Settings:
    """A week of sent mail in a Maildir; times are universal, and Luke lives six hours behind."""
    (space.root / settings_module.FILE).write_text(TEAM.format(zone='timezone = "America/Chicago"'), encoding="utf-8")
    (space.calls / "Maildir" / "cur").mkdir(parents=True)
    (space.calls / "Maildir" / "new").mkdir()
    sent = space.calls / "Maildir" / "cur"
    write(sent / "1:2,S", "Ann <ann@a.example>", "Mon, 16 Nov 2026 14:30:00 +0000")
    write(sent / "2:2,S", "Bob <bob@b.example>, Cy <cy@b.example>", "Tue, 17 Nov 2026 15:59:59 +0000")
    write(sent / "3:2,S", "Dee <dee@d.example>", "Tue, 17 Nov 2026 16:00:00 +0000")
    write(sent / "4:2,S", "Bob <bob@b.example>", "Wed, 18 Nov 2026 14:00:00 +0000", subject="More")
    write(sent / "5:2,S", "Gus <gus@g.example>", "Wed, 18 Nov 2026 14:10:00 +0000", subject="Re: Prices")
    write(sent / "6:2,S", "Eve <eve@e.example>", "Fri, 20 Nov 2026 14:00:00 +0000")
    write(sent / "7:2,S", "Flo <flo@f.example>", "Fri, 20 Nov 2026 01:00:00 +0000")  # Thursday evening for Luke
    write(space.calls / "Maildir" / "new" / "8", LUKE, "Tue, 17 Nov 2026 10:00:00 +0000",
          sender="Gus <gus@g.example>", subject="Prices", body=EVENT)  # fmt: skip
    write(space.calls / "copy.eml", "Ann <ann@a.example>", "Mon, 16 Nov 2026 14:30:00 +0000", number="1:2,S",
          more="X-Exported: yes\n")  # fmt: skip
    return space.settings()


def promised(loaded: Settings, said: str) -> None:
    partial = ledger.read(said, ledger.NOTHING, today=date(2026, 11, 16), known=behaviors(loaded))
    ledger.add(partial, loaded, rep=LUKE)


def test_first_touches_before_ten_are_counted_to_the_letter(space, mailbox: Settings) -> None:
    promised(mailbox, "10 trigger-event first-touch e-mails before 10 a.m., Monday to Thursday")
    summary = batching.batch(str(space.calls), mailbox)
    assert summary.failed == ()
    (report,) = reporting.reports(mailbox, rep=LUKE, as_of=date(2026, 11, 23))
    finding = report.finding
    assert finding is not None
    assert [(call.contact, f"{call.started_at:%a %H:%M}", call.state) for call in finding.calls] == [
        ("Ann", "Mon 08:30", CallState.SEEN),
        ("Bob, Cy", "Tue 09:59", CallState.SEEN),
    ]
    assert finding.counts.promised == 10
    assert "2 of 2 eligible first-touch e-mails" in finding.summary
    assert any("more than once" in line for line in finding.cannot_tell)


def test_any_e_mail_counts_where_no_first_touch_was_promised(space, mailbox: Settings) -> None:
    promised(mailbox, "5 trigger-event e-mails, Monday to Thursday")
    batching.batch(str(space.calls), mailbox)
    (report,) = reporting.reports(mailbox, rep=LUKE, as_of=date(2026, 11, 23))
    assert report.finding is not None
    assert [call.contact for call in report.finding.calls] == ["Ann", "Bob, Cy", "Dee", "Bob", "Gus", "Flo"]


def test_mail_that_others_sent_is_kept_and_counts_for_nobody(space, mailbox: Settings) -> None:
    first = batching.batch(str(space.calls), mailbox, rep=LUKE)
    (note,) = [note for note in first.notes if "count for nobody" in note]
    assert "gus@g.example" in note and "emails under [[rep]]" in note
    with open_store(mailbox.store_location()) as store:
        assert len(store.latest_scores()) == 8
        assert {each.call.details.rep for each in store.latest_scores()} == {LUKE}
        assert [mail.details.rep for mail in store.mails()].count("gus@g.example") == 1
    again = batching.batch(str(space.calls), mailbox)
    assert (again.done, again.skipped) == (0, 9)


def test_without_a_time_zone_universal_time_is_said(space, mailbox: Settings) -> None:
    (space.root / settings_module.FILE).write_text(TEAM.format(zone=""), encoding="utf-8")
    loaded = space.settings()
    summary = batching.batch(str(space.calls), loaded)
    assert any("in universal time" in note and "timezone" in note for note in summary.notes)
    promised(loaded, "10 trigger-event first-touch e-mails before 10 a.m., Monday to Thursday")
    (report,) = reporting.reports(loaded, rep=LUKE, as_of=date(2026, 11, 23))
    assert report.finding is not None
    assert {call.state for call in report.finding.calls} == {CallState.UNCLEAR}


ROSTER = Settings(
    reps=(
        Rep(name=LUKE, aliases=("Luke",), emails=("luke@b.example",)),
        Rep(name="Dana Ortiz", aliases=("dana@home.example",)),
        Rep(name="Tom Becker", aliases=("Tom",)),
    )
)


def mail(name: str, address: str | None, rep: str | None = None) -> Call:
    return Call(
        path="x", sha256="x", source=Source.EMAIL, details=Details(rep=rep), speakers=(Speaker(name=name),),
        envelope=Envelope(sender=address),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "address", "rep"),
    [
        (LUKE, "luke@b.example", LUKE),
        ("L. Porter (Sales)", "luke@b.example", LUKE),
        (LUKE, "luke@somewhere.example", None),
        ("Luke", "luke@customer.example", None),
        ("Somebody", "dana@home.example", "Dana Ortiz"),
        ("Dana Ortiz", "other@b.example", None),
        ("Tom Becker", "sales@b.example", "Tom Becker"),
        ("tom", "t@b.example", "Tom Becker"),
        ("tom.becker@b.example", "tom.becker@b.example", "Tom Becker"),
        ("Pat Lee", "pat@b.example", None),
    ],
)
def test_only_what_a_rep_sent_is_the_reps(name: str, address: str, rep: str | None) -> None:
    assert outreach.sent_by(mail(name, address), ROSTER) == rep
    # A folder or a manifest that names somebody does not make it theirs.
    assert outreach.sent_by(mail(name, address, rep=LUKE), ROSTER) == rep


def test_without_a_roster_the_sender_is_the_rep() -> None:
    assert outreach.sent_by(mail("Ann", "ann@x.example", rep="Ann"), Settings()) == "Ann"


def test_a_reps_zone_goes_before_the_teams() -> None:
    loaded = replace(ROSTER, timezone="America/Chicago", reps=(Rep(name=LUKE, timezone="Europe/Berlin"),))
    assert str(outreach.zone_of(LUKE, loaded)) == "Europe/Berlin"
    assert str(outreach.zone_of("Tom Becker", loaded)) == "America/Chicago"
    assert outreach.zone_of(LUKE, ROSTER) is None


def test_times_are_moved_and_times_without_a_zone_are_not() -> None:
    from ci_checker.model import ScoredCall

    loaded = replace(ROSTER, timezone="America/Chicago")
    zoned = ScoredCall(call=replace(mail("a", None), details=Details(started_at=datetime(2026, 11, 17, 3, tzinfo=UTC))))
    naive = ScoredCall(call=replace(mail("a", None), details=Details(started_at=datetime(2026, 11, 17, 3))))
    unknown = ScoredCall(call=mail("a", None))
    moved = outreach.in_time_of(LUKE, [zoned, naive, unknown], loaded)
    assert [each.call.details.started_at and f"{each.call.details.started_at:%d %H}" for each in moved] == [
        "16 21", "17 03", None,
    ]  # fmt: skip
    assert outreach.in_time_of(LUKE, [zoned], ROSTER) == (zoned,)
