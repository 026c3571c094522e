"""Files behind an fsspec URL: listed where they are, fetched once into a cache."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import tempfile
from pathlib import Path
from typing import Any

from ci_checker.errors import CallError, MissingError, RequestError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_url(source: str) -> bool:
    """Return whether a source is an fsspec URL and not a path."""
    return _URL.match(source) is not None


def filesystem(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it.

    Raises
    ------
    MissingError
        The package that speaks this protocol is not installed.
    RequestError
        No such protocol is known, or the place cannot be opened.
    """
    try:
        import fsspec
        from fsspec.registry import known_implementations
    except ImportError:
        todo = "pip install fsspec"
        raise MissingError("reading calls from a URL needs the package fsspec", where=url, todo=todo) from None
    protocol = url.partition("://")[0].lower()
    try:
        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        hint = known_implementations.get(protocol, {}).get("err") or str(error)
        raise MissingError(f"{protocol}:// needs a package that is not installed", where=url, todo=f"{hint}.") from None
    except ValueError:
        raise RequestError(f"{protocol}:// is no protocol that is known", where=url) from None
    except Exception as error:  # every file system has errors of its own
        raise RequestError(f"cannot be opened: {_reason(error)}", where=url) from None


def listed(url: str) -> list[str]:
    """Return the URLs of all files at or below a URL, sorted."""
    system, root = filesystem(url)
    try:
        if not system.exists(root):
            raise RequestError("there is nothing at this URL", where=url, todo="Check the address.")
        paths = [root] if system.isfile(root) else system.find(root)
    except RequestError:
        raise
    except Exception as error:  # every file system has errors of its own
        raise RequestError(f"cannot be listed: {_reason(error)}", where=url) from None
    return sorted(system.unstrip_protocol(path) for path in paths)


def fetch(source: str, cache: Path) -> Path:
    """Return a local file for a path or URL, fetching a remote one once.

    Parameters
    ----------
    source : str
        ``Item.path``. A local path comes back as it is.
    cache : Path
        Folder for fetched files; made if missing. A file is fetched again when it changed.

    Raises
    ------
    CallError
        The file cannot be fetched.
    MissingError
        The file system's package is not installed.
    """
    if not is_url(source):
        return Path(source)
    system, path = filesystem(source)
    try:
        key = hashlib.sha256(f"{source}\0{system.ukey(path)}".encode()).hexdigest()[:20]
        target = cache / f"{key}-{posixpath.basename(path)}"
        if target.exists():
            return target
        cache.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=cache, suffix=".part")
        os.close(handle)
        try:
            system.get_file(path, partial)
            os.replace(partial, target)
        finally:
            Path(partial).unlink(missing_ok=True)
    except Exception as error:  # every file system has errors of its own
        raise CallError(f"cannot be fetched: {_reason(error)}", where=source) from None
    return target


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
