"""What the shell offers after <TAB>. A completion never fails: it offers nothing instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def _offered(names: Callable[[], Iterable[str]], begun: str) -> list[str]:
    try:
        return [name for name in names() if name.casefold().startswith(begun.casefold())]
    except Exception:
        # An error text in the middle of a half-typed command line helps nobody.
        return []


def reps(incomplete: str) -> list[str]:
    """Return the reps of the workspace."""

    def names() -> list[str]:
        from ci_checker import settings

        return [rep.name for rep in settings.load().reps]

    return _offered(names, incomplete)


def managers(incomplete: str) -> list[str]:
    """Return the managers of the workspace."""

    def names() -> list[str]:
        from ci_checker import settings

        loaded = settings.load()
        return sorted({name for name in (loaded.manager, *(rep.manager for rep in loaded.reps)) if name})

    return _offered(names, incomplete)


def behaviors(incomplete: str) -> list[str]:
    """Return the ids of the catalogue, the team's own included."""

    def names() -> list[str]:
        from ci_checker import settings
        from ci_checker.app import catalogue

        return list(catalogue.behaviors(settings.load()))

    return _offered(names, incomplete)


def models(incomplete: str) -> list[str]:
    """Return the names of the checkpoints that can be asked for."""

    def names() -> list[str]:
        from ci_checker.transcribe.models import SYNTHETIC, official_names

        return [SYNTHETIC, *official_names()]

    return _offered(names, incomplete)


def engines(incomplete: str) -> list[str]:
    """Return the recognition engines."""

    def names() -> Iterable[str]:
        from ci_checker.transcribe import engine_names

        return engine_names()

    return _offered(names, incomplete)


def schemas(incomplete: str) -> list[str]:
    """Return the names of the published schemas."""

    def names() -> Iterable[str]:
        from ci_checker.report import schemas as known

        return known()

    return _offered(names, incomplete)
