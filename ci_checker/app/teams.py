"""Who is whose: reps and their managers, from the roster and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ci_checker.errors import RequestError
from ci_checker.model import Commitment
from ci_checker.settings import Settings


def managers(settings: Settings, ledger: Iterable[Commitment]) -> dict[str, str | None]:
    """Return every rep whom roster or ledger knows with the manager; the roster goes before the ledger.

    Names are those of the roster where they differ in case only.
    """
    roster = {rep.name.casefold(): rep.name for rep in settings.reps}
    found: dict[str, str | None] = {rep.name: rep.manager or settings.manager for rep in settings.reps}
    for each in ledger:
        name = roster.get(each.rep.casefold(), each.rep)
        found[name] = found.get(name) or each.manager
    return found


def some_reps(manager: str | None, known: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return a manager's reps, or all of them for ``None``.

    Raises RequestError for an unknown manager, and where there is nobody at all.
    """
    if not known:
        raise RequestError(
            "there is no rep yet",
            todo="Add one to ci-checker.toml, or add a commitment with 'ci-checker commitment add'.",
        )
    if manager is None:
        return tuple(known)
    chosen = tuple(name for name, of in known.items() if (of or "").casefold() == manager.strip().casefold())
    if not chosen:
        named = sorted({of for of in known.values() if of})
        raise RequestError(
            f"there are no reps of a manager '{manager}'", todo=f"Known are: {', '.join(named) or 'none'}."
        )
    return chosen


def mail_of(rep: str, settings: Settings) -> str:
    """Return the address that a rep writes from, the first one if there are several; empty where none is known."""
    known = settings.rep_named(rep)
    addresses = (*known.emails, *(alias for alias in known.aliases if "@" in alias.strip("@"))) if known else ()
    return addresses[0] if addresses else ""
