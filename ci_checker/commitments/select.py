"""Which calls a commitment is about: window and kind, and when that cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

from ci_checker.commitments.words import FIRST_TOUCH, has_clock_time, normal
from ci_checker.model import Call, Commitment, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """Whether a call belongs to a commitment. ``unsure`` says in words what is not known of it."""

    inside: bool
    unsure: tuple[str, ...] = ()


OUTSIDE = Belongs(inside=False)


def belongs(call: Call, commitment: Commitment) -> Belongs:
    """Tell whether a call is one that the commitment is about.

    What is known decides first: a call that is certainly of another day or kind is outside.
    What is not known never puts a call outside; it is named instead. The call's own local
    time counts, whatever the zone. A mail is one of them only where mails were promised.
    """
    unsure: list[str] = []
    for verdict in (_in_window(call, commitment), *_by_kind(call, commitment)):
        if verdict is False:
            return OUTSIDE
        if isinstance(verdict, str):
            unsure.append(verdict)
    return Belongs(inside=True, unsure=tuple(unsure))


def call_type(call: Call) -> str | None:
    """Return the kind of a call; a sent mail is an e-mail whatever else is known."""
    if call.details.call_type and call.details.call_type.strip():
        return call.details.call_type
    return "email" if call.source is Source.EMAIL else None


def _in_window(call: Call, commitment: Commitment) -> bool | str:
    window, moment = commitment.window, call.details.started_at
    if moment is None:
        return "when it took place is not known"
    if not window.start <= moment.date() <= window.end or moment.weekday() not in window.weekdays:
        return False
    if window.from_time is None and window.to_time is None:
        return True
    if not has_clock_time(moment):
        return "its time of day is not known"
    if call.source is Source.EMAIL and isinstance(moment.tzinfo, timezone) and moment.utcoffset() == timedelta(0):
        return "it carries universal time, and the rep's time zone is not set (timezone in ci-checker.toml)"
    at = moment.time()
    return (window.from_time is None or at >= window.from_time) and (window.to_time is None or at < window.to_time)


def _by_kind(call: Call, commitment: Commitment) -> tuple[bool | str, ...]:
    wanted = commitment.eligible
    return (
        _of_type(call, wanted.call_types),
        _matches(call.details.direction, wanted.directions, "whether it was inbound or outbound is not known"),
        _matches(call.details.account, wanted.accounts, "its account is not known"),
    )


def _of_type(call: Call, wanted: tuple[str, ...]) -> bool | str:
    if call.source is not Source.EMAIL:
        return _matches(call_type(call), wanted, "its call type is not known")
    kinds = {normal(each) for each in wanted}
    stated = normal(call_type(call) or "")
    if "email" in kinds or stated in kinds:
        return True
    if FIRST_TOUCH not in kinds:
        return False
    first = call.envelope.first_touch if call.envelope else None
    if first is not None:
        return first
    why = call.envelope.why if call.envelope else ""
    return f"whether it was the first mail to that person is not known{f' ({why})' if why else ''}"


def _matches(value: str | None, wanted: tuple[str, ...], unknown: str) -> bool | str:
    if not wanted:
        return True
    if value is None or not value.strip():
        return unknown
    return normal(value) in {normal(each) for each in wanted}
