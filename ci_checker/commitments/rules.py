"""What a commitment must be before it is written down: one observable behavior with a bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from ci_checker.commitments import newcomer
from ci_checker.commitments.bounds import bound_text
from ci_checker.commitments.newcomer import LONGEST_GAP_DAYS
from ci_checker.commitments.words import (
    WORKDAYS,
    calls_noun,
    day,
    plural,
    weekdays_text,
    window_text,
)
from ci_checker.errors import RequestError
from ci_checker.model import (
    Commitment,
    CommitmentStatus,
    Eligibility,
    Target,
    TargetKind,
    Window,
)

ALL_CALLS = Eligibility()
WHICH_BEHAVIOR = "Which one behavior would somebody hear on a call"
HOW_OFTEN = "on how many calls, on what share of them, or on every one"
WHICH_DAYS = "on which days and at what time"


def default_check(made_on: date, started: date | None = None) -> date:
    """Return the check date that holds unless another is named: a week later, for a new rep the next working day."""
    return newcomer.check_after(made_on, started)


def default_end(start: date, check_on: date) -> date:
    """Return the last day of a window: the day before the check, which comes first thing that day."""
    return max(start, check_on - timedelta(days=1))


def window_days(window: Window) -> tuple[date, ...]:
    """Return the dates of a window on which it holds, oldest first."""
    length = (window.end - window.start).days
    every = (window.start + timedelta(days=offset) for offset in range(length + 1))
    return tuple(each for each in every if each.weekday() in window.weekdays)


def draft(
    *,
    rep: str,
    behavior: str | None,
    target: Target | None,
    made_on: date,
    statement: str = "",
    behavior_name: str = "",
    check_on: date | None = None,
    start: date | None = None,
    end: date | None = None,
    weekdays: Sequence[int] | None = None,
    from_time: time | None = None,
    to_time: time | None = None,
    eligible: Eligibility = ALL_CALLS,
    manager: str | None = None,
    rep_words: str = "",
    reissue_of: int | None = None,
    bound: float | None = None,
    started: date | None = None,
) -> Commitment:
    """Build a commitment from its parts, with id 0 (the store gives the real one).

    The window runs on workdays from ``made_on`` to the day before ``check_on`` unless told
    otherwise (the check is first thing in the morning, and its day belongs to what is promised
    then); the check is a week after ``made_on``. Without a ``statement`` one is made from the parts.
    For a new rep (``started`` less than two weeks before) the check is the next working day; where
    days of the week are named, the window is still the week's.

    Raises
    ------
    RequestError
        With the questions that would make it observable, or the part that contradicts another.
    """
    if not behavior or target is None:
        raise vague(statement or rep_words, behavior=behavior, target=target)
    # A new rep's first look comes after the first day of it, also where that is later than today.
    new = newcomer.is_new(started, made_on)
    check = check_on or default_check(max(made_on, start or made_on) if new else made_on, started)
    whole_week = check_on is None and weekdays is not None
    window = Window(
        start=start or made_on,
        end=end or default_end(start or made_on, default_check(made_on) if whole_week else check),
        weekdays=tuple(sorted(set(weekdays))) if weekdays is not None else WORKDAYS,
        from_time=from_time,
        to_time=to_time,
    )
    text = " ".join(statement.split()) or describe(
        behavior_name or behavior.replace("-", " "), target, window, eligible, bound
    )
    made = Commitment(
        id=0,
        rep=" ".join(rep.split()),
        manager=manager,
        behavior=behavior,
        statement=text,
        target=target,
        window=window,
        eligible=eligible,
        made_on=made_on,
        check_on=check,
        rep_words=" ".join(rep_words.split()),
        reissue_of=reissue_of,
        bound=bound,
    )
    validate(made)
    return made


def vague(said: str, *, behavior: str | None = None, target: Target | None = None) -> RequestError:
    """Return the refusal of a promise that nobody could observe, with the questions still open."""
    asked = [] if behavior else [WHICH_BEHAVIOR]
    if target is None:
        asked.append(HOW_OFTEN)
    if not behavior and target is None:
        asked.append(WHICH_DAYS)
    question = (asked[0][0].upper() + asked[0][1:]) if asked else ""
    for more in asked[1:]:
        question += f", {more}"
    named = f'"{" ".join(said.split())}"' if said.strip() else "This promise"
    return RequestError(f"{named} cannot be observed yet", todo=f"{question}?")


def describe(
    behavior_name: str, target: Target, window: Window, eligible: Eligibility, bound: float | None = None
) -> str:
    """Return the commitment as one plain sentence without a period."""
    if bound is not None:
        behavior_name = f"{behavior_name} ({bound_text(bound)})"
    each = f"at least {target.per_call} times on " if target.per_call > 1 else "on "
    if target.kind is TargetKind.COUNT:
        count = int(target.value)
        much = f"{each}{count} {calls_noun(eligible, count)}"
    elif target.kind is TargetKind.EVERY:
        much = f"{each}every {calls_noun(eligible, 1)}"
    else:
        much = f"{each}at least {target.value:.0%} of {calls_noun(eligible, 2)}"
    return f"{behavior_name} {much}, {window_text(window)}"


def validate(commitment: Commitment) -> None:
    """Refuse a commitment whose parts are empty, out of range, or contradict each other.

    Raises
    ------
    RequestError
        Naming the part, and the question or the change that mends it.
    """
    for what, text in (("the rep", commitment.rep), ("the behavior", commitment.behavior)):
        if not text.strip():
            raise RequestError(f"the commitment does not name {what}", todo=f"Name {what}.")
    if not commitment.statement.strip():
        raise RequestError("the commitment has no statement", todo="Say in one sentence what is promised.")
    if commitment.bound is not None and commitment.bound <= 0:
        raise RequestError("a bound of 0 cannot be kept", todo="Choose a share of the words, or seconds.")
    _validate_target(commitment.target)
    _validate_window(commitment)
    if commitment.status is CommitmentStatus.CLOSED and commitment.outcome is None:
        raise RequestError("a closed commitment needs its outcome", todo="Choose done, partly or not_done.")


def _validate_target(target: Target) -> None:
    if target.kind is TargetKind.COUNT and (target.value < 1 or target.value != int(target.value)):
        raise RequestError(
            f"a target of {target.value:g} calls cannot be counted", todo="Choose a whole number from 1 up."
        )
    if target.kind is TargetKind.SHARE and not 0 < target.value <= 1:
        raise RequestError(f"a share of {target.value:.0%} cannot be met", todo="Choose more than 0% and at most 100%.")
    if target.per_call < 1:
        raise RequestError("each call must need at least one", todo="Choose a whole number from 1 up.")


def _validate_window(commitment: Commitment) -> None:
    window = commitment.window
    if commitment.check_on < commitment.made_on:
        raise RequestError(
            f"the check on {day(commitment.check_on)} is before the day of the promise, {day(commitment.made_on)}",
            todo="Choose a later check date.",
        )
    if window.end < window.start:
        raise RequestError(
            f"the window ends on {day(window.end)}, before it starts on {day(window.start)}",
            todo="Choose a later end.",
        )
    if window.start < commitment.made_on:
        raise RequestError(
            f"the window starts on {day(window.start)}, before the promise was made on {day(commitment.made_on)}",
            todo="Calls from before a promise do not count for it; start on that day or later.",
        )
    if not window.weekdays or any(index not in range(7) for index in window.weekdays):
        raise RequestError("the window names no weekday", todo="On which days will it happen?")
    if window.to_time is not None and window.to_time <= (window.from_time or time.min):
        raise RequestError("the time of day ends before it starts", todo="Between which two hours?")
    if not window_days(window):
        raise RequestError(
            f"no {weekdays_text(window.weekdays)} lies between {day(window.start)} and {day(window.end)}",
            todo="Choose other days or other dates.",
        )


def refuse_second(active: Commitment | None) -> None:
    """Refuse a second commitment while one is active; nothing happens where there is none.

    Raises
    ------
    RequestError
        Naming the active commitment and the two ways on.
    """
    if active is None or active.status is not CommitmentStatus.ACTIVE:
        return
    raise RequestError(
        f'{active.rep} already has commitment {active.id}: "{active.statement}", '
        f"to be checked on {day(active.check_on)}",
        todo=f"Close it first (ci-checker commitment close {active.id}), or take the same one again "
        f"(ci-checker commitment close {active.id} --next reissue). One at a time.",
    )


def warnings(commitment: Commitment, *, started: date | None = None) -> tuple[str, ...]:
    """Return what is allowed but seldom wise, a sentence each; ``started`` is the rep's first day at work."""
    found: list[str] = [*newcomer.remarks(commitment, started)]
    new = newcomer.is_new(started, commitment.made_on)
    window = commitment.window
    gap = (commitment.check_on - commitment.made_on).days
    if gap > LONGEST_GAP_DAYS and not new:
        found.append(
            f"The check is {plural(gap, 'day')} away; a promise is best checked within {LONGEST_GAP_DAYS} days."
        )
    if gap == 0:
        found.append("The check is on the day of the promise itself, which leaves no time to practice.")
    if commitment.check_on < window.end and not new:
        found.append(
            f"The check on {day(commitment.check_on)} comes before the window ends on {day(window.end)}: "
            "the count will not be complete."
        )
    if commitment.check_on.weekday() > 4:
        found.append(f"The check falls on a weekend: {day(commitment.check_on)}.")
    days = len(window_days(window))
    if commitment.target.kind is TargetKind.COUNT and commitment.target.value / days > 40:
        found.append(
            f"{int(commitment.target.value)} calls on {plural(days, 'day')} is a lot; a smaller promise "
            "that is kept is worth more."
        )
    if not commitment.rep_words.strip():
        found.append("The rep has not yet said it back in their own words.")
    return tuple(found)
