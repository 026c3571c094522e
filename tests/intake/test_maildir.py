"""Maildir folders: which files are mails that somebody sent or got."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_checker.intake import maildir


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".git/objects", "notes"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_a_folder_with_cur_and_new_is_a_maildir() -> None:
    assert maildir.is_maildir(["cur", "new", "tmp"]) and maildir.is_maildir(["new", "cur"])
    assert not maildir.is_maildir(["cur"]) and not maildir.is_maildir(["tmp", "calls"])


def test_mail_folders_are_walked_into_though_they_hide_and_half_delivered_mails_are_not(box: Path) -> None:
    found = maildir.walked(str(box), [path.name for path in box.iterdir()])
    assert found == [".Sent", "cur", "new", "notes"]


@pytest.mark.parametrize(
    ("path", "is_mail"),
    [
        ("cur/1700000000.M1P2.host:2,S", True),
        ("new/1700000000.M1P2.host", True),
        (".Sent/cur/1.host:2,S", True),
        ("tmp/1700000000.M1P2.host", False),
        ("notes/cur/1.host", False),
        ("cur-list.txt", False),
    ],
)
def test_a_mail_lies_in_cur_or_new_of_a_maildir(path: str, is_mail: bool, box: Path) -> None:
    assert maildir.is_message(str(box / path)) is is_mail


@pytest.mark.parametrize(
    ("path", "unsent"),
    [
        ("cur/1.host:2,S", False),
        ("cur/1.host:2,DS", True),
        ("cur/1.host:2,ST", True),
        ("cur/1.host;2,T", True),
        ("cur/1.host!2,D", True),
        ("cur/TD.host", False),
        (".Drafts/cur/1.host:2,S", True),
        (".Trash/cur/1.host", True),
        (".INBOX.Junk/cur/1.host", True),
        (".Deleted Messages/cur/1.host", True),
        (".Sent/cur/1.host", False),
        (".Drafting/cur/1.host", False),
    ],
)
def test_drafts_deleted_ones_and_junk_are_known_by_flag_or_folder(path: str, unsent: bool, box: Path) -> None:
    assert maildir.is_unsent(str(box / path)) is unsent
