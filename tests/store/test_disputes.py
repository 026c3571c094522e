"""Objections are kept, replaced by later words, settled; and an older database learns to hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from ci_checker.errors import RequestError
from ci_checker.model import Details, Dispute, Envelope, Ruling, Source, Verdict
from ci_checker.store import migrate, open_store, tables
from ci_checker.store.engine import make_engine


def dispute(rep: str = "Dana", **parts: object) -> Dispute:
    given: dict[str, object] = {
        "id": 0,
        "sha256": "a" * 64,
        "call": "a.wav",
        "behavior": "recap",
        "rep": rep,
        "note": "It was there.",
        "shown_as": Verdict.NOT_SEEN,
        "made_at": datetime(2026, 1, 16, 12, tzinfo=UTC),
        **parts,
    }
    return Dispute(**given)  # type: ignore[arg-type]


def test_one_is_kept_with_an_id_and_found_again(store) -> None:
    kept = store.save_dispute(dispute(quote="So, to sum up", turn=4, at_s=61.5))
    assert kept.id == 1
    assert store.dispute(1) == kept
    assert store.disputes() == store.disputes("dana ") == (kept,)
    assert store.disputes("Lee") == ()


def test_the_same_one_said_again_takes_its_place(store) -> None:
    first = store.save_dispute(dispute())
    again = store.save_dispute(dispute(note="It was there, at the end."))
    assert again.id == first.id
    assert [each.note for each in store.disputes()] == ["It was there, at the end."]


def test_another_quote_call_behavior_or_rep_is_another(store) -> None:
    many = [
        dispute(),
        dispute(quote="So, to sum up", turn=4),
        dispute(quote="So, to sum up", turn=6),
        dispute(sha256="b" * 64),
        dispute(behavior="upfront-agenda"),
        dispute("Lee"),
    ]
    assert [store.save_dispute(each).id for each in many] == [1, 2, 3, 4, 5, 6]
    assert [each.id for each in store.disputes()] == [1, 2, 3, 4, 5, 6]


def test_settled_ones_can_be_left_out(store) -> None:
    one, two = store.save_dispute(dispute()), store.save_dispute(dispute("Lee"))
    ended = replace(one, ruling=Ruling.STANDS, settled_by="Maya", settled_at=datetime(2026, 1, 19, tzinfo=UTC))
    assert store.save_dispute(ended) == ended
    assert store.disputes(open_only=True) == (two,)
    assert store.disputes() == (ended, two)


def test_an_unknown_one_is_named(store) -> None:
    with pytest.raises(RequestError, match="there is no dispute 7") as error:
        store.dispute(7)
    assert error.value.todo


def test_they_outlive_the_program(path: Path) -> None:
    with open_store(path) as store:
        kept = store.save_dispute(dispute(quote="a\nb “c”", turn=0))
    with open_store(path) as store:
        assert store.dispute(kept.id) == kept


def test_a_database_of_the_first_tables_is_brought_up_and_keeps_what_it_holds(path: Path, make) -> None:
    engine, _ = make_engine(path, 5.0)
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with open_store(path) as store:
        store.add_commitment(make.commitment())
        assert store.save_dispute(dispute()).id == 1
        assert len(store.commitments()) == 1
    assert tables.HEAD == "0002"


def test_going_back_leaves_the_rest(path: Path, make) -> None:
    with open_store(path) as store:
        store.add_commitment(make.commitment())
    engine, _ = make_engine(path, 5.0)
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    engine.dispose()
    with open_store(path) as store:
        assert len(store.commitments()) == 1 and store.disputes() == ()


def test_mails_are_found_among_the_calls_whoever_sent_them(store, make) -> None:
    late, early = datetime(2026, 1, 14, 9), datetime(2026, 1, 13, 9)
    for name, rep, at in (("b", "Dana", late), ("c", "ann@acme.example", early), ("d", None, None)):
        mail = make.call(name, source=Source.EMAIL, details=Details(rep=rep, started_at=at))
        store.save_call(replace(mail, envelope=Envelope(message_id=f"<{name}>")))
    store.save_call(make.call("a"))
    assert [each.sha256[0] for each in store.mails()] == ["c", "b", "d"]
    assert [each.envelope.message_id for each in store.mails()] == ["<c>", "<b>", "<d>"]


def test_a_score_of_before_gets_the_envelope_that_was_read_since(store, make) -> None:
    mail = make.call("a", source=Source.EMAIL)
    store.save_score(mail.sha256, "as given", "d", make.scored(mail))
    store.save_call(replace(mail, envelope=Envelope(message_id="<1>")))
    (found,) = store.latest_scores()
    assert found.call.envelope == Envelope(message_id="<1>")
