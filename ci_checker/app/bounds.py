"""Bounds of measured behaviors: the workspace's, checked, and the one that a promise carries itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ci_checker.app.workspace import near_ones
from ci_checker.behaviors.catalogue import Behavior
from ci_checker.errors import RequestError
from ci_checker.model import Commitment, ScoredCall
from ci_checker.settings import Settings


def checked(settings: Settings, known: Mapping[str, Behavior]) -> Mapping[str, float]:
    """Return the bounds of the workspace.

    Raises
    ------
    RequestError
        An id that is no behavior, or one that is not measured: its bound would bound nothing.
    """
    measured = [each.id for each in known.values() if each.measure is not None]
    where = f"{settings.origins.get('bounds', 'ci-checker.toml')} [bounds]"
    for name in settings.bounds:
        if name not in known:
            near = near_ones(name, measured)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise RequestError(
                f"there is no behavior '{name}'", where=where, todo=f"{hint}Measured are: {', '.join(measured)}."
            )
        if name not in measured:
            raise RequestError(
                f"'{name}' is heard or not, and has no bound",
                where=where,
                todo=f"Measured are: {', '.join(measured)}.",
            )
    return settings.bounds


def as_promised(calls: Sequence[ScoredCall], commitment: Commitment, behavior: Behavior) -> tuple[ScoredCall, ...]:
    """Return the calls measured against the promise's own bound, where it carries one."""
    bound = commitment.bound
    if bound is None or behavior.measure is None:
        return tuple(calls)
    from ci_checker.behaviors.detect import measured_again

    return tuple(
        scored
        if scored.error is not None or scored.result(behavior.id) is None
        else replace(
            scored,
            results=tuple(
                measured_again(scored, behavior, bound) if each.behavior == behavior.id else each
                for each in scored.results
            ),
        )
        for scored in calls
    )
