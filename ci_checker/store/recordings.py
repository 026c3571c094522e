"""Calls, their transcripts and scores, and why a file failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from ci_checker.model import Call, Details, ScoredCall, Source
from ci_checker.store.base import Base
from ci_checker.store.codec import decode, encode
from ci_checker.store.records import NO_DETAILS, Failure
from ci_checker.store.rows import lookup, matches, path_key, put, within
from ci_checker.store.tables import calls, failures, scores, transcripts

_AT_ONCE = 100


class Recordings(Base):
    """The half of the store that the stages fill. A call is known by the sha256 of its bytes."""

    def save_call(self, call: Call) -> Call:
        """Keep a call; return it as it is now known.

        Details that are ``None`` do not wipe out what was known before, and a call without
        turns does not wipe out turns.
        """
        return self.save_calls([call])[0]

    def save_calls(self, many: Iterable[Call]) -> tuple[Call, ...]:
        """Keep many calls in one transaction."""
        with self._write() as connection:
            return tuple(call for part in batched(many, _AT_ONCE) for call in _save_calls(connection, part))

    def call(self, sha256: str) -> Call | None:
        """Return a call, ``None`` if it is not known."""
        with self._read() as connection:
            return _call(connection, sha256)

    def calls(self, rep: str | None = None, start: date | None = None, end: date | None = None) -> tuple[Call, ...]:
        """Return calls by time, both dates included; calls without a date are always among them."""
        query = within(sa.select(calls.c.body), calls, rep, start, end)
        with self._read() as connection:
            found = [decode(Call, body) for body in connection.execute(query).scalars()]
        return tuple(sorted(found, key=_in_time))

    def mails(self) -> tuple[Call, ...]:
        """Return every mail that was seen, whoever sent it, by time."""
        with self._read() as connection:
            bodies = connection.execute(sa.select(calls.c.body)).scalars()
            found = [decode(Call, body) for body in bodies if body["value"].get("source") == Source.EMAIL.value]
        return tuple(sorted(found, key=_in_time))

    def save_transcript(self, sha256: str, key: str, call: Call) -> None:
        """Keep a transcript. ``key`` tells engine, model and options; other keys' stay.

        Other words under the same key make the scores of the old ones void. Clears the call's
        failures.
        """
        with self._write() as connection:
            _ensure_call(connection, sha256, call)
            keys = {"sha256": sha256, "transcript_key": key}
            body = encode(call)
            if not _turns_are_stored(connection, sha256, key, body["value"]):
                # Scores that shared the old words would now quote what nobody said.
                shared = scores.c.turns_shared == 1
                connection.execute(sa.delete(scores).where(*matches(scores, keys), shared))
            put(connection, transcripts, keys, {"body": body})
            _clear(connection, sha256, call.path)

    def transcript(self, sha256: str, key: str) -> Call | None:
        """Return a transcript with the call's path and details of today, ``None`` if there is none."""
        where = matches(transcripts, {"sha256": sha256, "transcript_key": key})
        query = sa.select(transcripts.c.body, calls.c.body.label("call")).join(calls).where(*where)
        with self._read() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _with_today(decode(Call, row["body"]), row["call"])

    def save_score(self, sha256: str, transcript_key: str, detector_key: str, scored: ScoredCall) -> None:
        """Keep the scores of a transcript by one set of detectors; clears the call's failures."""
        keys = {"sha256": sha256, "transcript_key": transcript_key, "detector_key": detector_key}
        with self._write() as connection:
            _ensure_call(connection, sha256, scored.call)
            body = encode(scored)
            shared = _turns_are_stored(connection, sha256, transcript_key, body["value"]["call"])
            if shared:
                body["value"]["call"].pop("turns", None)
            # A new row each time: the highest id is the latest score.
            connection.execute(sa.delete(scores).where(*matches(scores, keys)))
            connection.execute(sa.insert(scores).values(**keys, turns_shared=int(shared), body=body))
            _clear(connection, sha256, scored.call.path)

    def score(self, sha256: str, transcript_key: str, detector_key: str) -> ScoredCall | None:
        """Return the scores under these keys, ``None`` if there are none."""
        keys = {"sha256": sha256, "transcript_key": transcript_key, "detector_key": detector_key}
        with self._read() as connection:
            row = connection.execute(_scores().where(*matches(scores, keys))).mappings().first()
        return None if row is None else _scored(row)

    def latest_scores(
        self,
        rep: str | None = None,
        start: date | None = None,
        end: date | None = None,
        *,
        detector_key: str | None = None,
    ) -> tuple[ScoredCall, ...]:
        """Return the latest score of each call, by time; calls without a date are always among them.

        With ``detector_key`` only scores of those detectors count.
        """
        newest = sa.select(sa.func.max(scores.c.id)).group_by(scores.c.sha256)
        if detector_key is not None:
            newest = newest.where(scores.c.detector_key == detector_key)
        query = within(_scores().where(scores.c.id.in_(newest)), calls, rep, start, end)
        with self._read() as connection:
            found = [_scored(row) for row in connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda scored: _in_time(scored.call)))

    def save_failure(self, sha256_or_path: str, stage: str, line: str, details: Details = NO_DETAILS) -> Failure:
        """Keep why a file could not be processed; the latest reason replaces an earlier one."""
        failure = Failure(key=path_key(sha256_or_path), stage=stage, line=line, details=details, at=datetime.now(UTC))
        with self._write() as connection:
            values = {"body": encode(failure), **lookup(details)}
            put(connection, failures, {"failure_key": failure.key}, values)
        return failure

    def failures(
        self, rep: str | None = None, start: date | None = None, end: date | None = None
    ) -> tuple[Failure, ...]:
        """Return failures that still stand; those without a date are always among them."""
        query = within(sa.select(failures.c.body), failures, rep, start, end)
        with self._read() as connection:
            found = [decode(Failure, body) for body in connection.execute(query).scalars()]
        return tuple(sorted(found, key=lambda failure: (failure.at, failure.key)))

    def clear_failure(self, sha256_or_path: str) -> None:
        """Forget a failure; nothing happens if there is none."""
        with self._write() as connection:
            _clear(connection, sha256_or_path)


def batched(values: Iterable[Call], size: int) -> Iterator[list[Call]]:
    """Cut values into lists of at most ``size``."""
    left = iter(values)
    while part := list(islice(left, size)):
        yield part


def _save_calls(connection: Connection, many: Sequence[Call]) -> list[Call]:
    wanted = {call.sha256 for call in many}
    query = sa.select(calls.c.body).where(calls.c.sha256.in_(wanted))
    known = {call.sha256: call for call in map(_decode_call, connection.execute(query).scalars())}
    old, merged = set(known), []
    for call in many:
        before = known.get(call.sha256)
        known[call.sha256] = call if before is None else _merge(before, call)
        merged.append(known[call.sha256])
    fresh = [{"sha256": name, **_row(call)} for name, call in known.items() if name not in old]
    for name in old:
        put(connection, calls, {"sha256": name}, _row(known[name]))
    try:
        with connection.begin_nested():
            if fresh:
                connection.execute(sa.insert(calls), fresh)
    except IntegrityError:
        # Another writer was first with one of them (SQLite's write lock rules it out).
        for row in fresh:
            put(connection, calls, {"sha256": row.pop("sha256")}, row)
    return merged


def _row(call: Call) -> dict[str, Any]:
    return {"body": encode(call), **lookup(call.details)}


def _decode_call(body: dict[str, Any]) -> Call:
    return decode(Call, body)


def _call(connection: Connection, sha256: str) -> Call | None:
    body = connection.execute(sa.select(calls.c.body).where(calls.c.sha256 == sha256)).scalar()
    return None if body is None else decode(Call, body)


def _ensure_call(connection: Connection, sha256: str, call: Call) -> None:
    """A transcript may arrive before its call was saved; details already known are left alone."""
    if _call(connection, sha256) is None:
        _save_calls(connection, [replace(call, sha256=sha256)])


def _merge(known: Call, new: Call) -> Call:
    given = {each.name: getattr(new.details, each.name) for each in fields(Details)}
    details = replace(known.details, **{name: value for name, value in given.items() if value is not None})
    if new.turns or not known.turns:
        return replace(new, details=details)
    return replace(known, path=new.path, details=details)


def _turns_are_stored(connection: Connection, sha256: str, transcript_key: str, call: dict[str, Any]) -> bool:
    """Whether the transcript holds the very turns, so that the score need not repeat them."""
    where = matches(transcripts, {"sha256": sha256, "transcript_key": transcript_key})
    stored = connection.execute(sa.select(transcripts.c.body).where(*where)).scalar()
    return bool(stored is not None and stored["value"].get("turns", []) == call.get("turns", []))


def _scores() -> sa.Select[Any]:
    same = (transcripts.c.sha256 == scores.c.sha256) & (transcripts.c.transcript_key == scores.c.transcript_key)
    return (
        sa.select(
            scores.c.body,
            scores.c.turns_shared,
            calls.c.body.label("call"),
            transcripts.c.body.label("transcript"),
        )
        .select_from(scores)
        .join(calls, calls.c.sha256 == scores.c.sha256)
        .outerjoin(transcripts, same)
    )


def _scored(row: RowMapping) -> ScoredCall:
    scored = decode(ScoredCall, row["body"])
    call = scored.call
    if row["turns_shared"]:
        call = replace(call, turns=decode(Call, row["transcript"]).turns)
    return replace(scored, call=_with_today(call, row["call"]))


def _with_today(call: Call, stored: dict[str, Any]) -> Call:
    """Give an older copy of a call the path and details that are known today."""
    current = decode(Call, {**stored, "value": {**stored["value"], "turns": []}})
    return replace(call, path=current.path, details=current.details, envelope=current.envelope or call.envelope)


def _clear(connection: Connection, *keys: str) -> None:
    wanted = [path_key(key) for key in keys]
    connection.execute(sa.delete(failures).where(failures.c.failure_key.in_(wanted)))


def _in_time(call: Call) -> tuple[bool, str, str]:
    moment = call.details.started_at
    # The local wall clock: times with and without a zone cannot be compared otherwise.
    return moment is None, moment.replace(tzinfo=None).isoformat() if moment else "", call.sha256
