from __future__ import annotations

import json
import os
from datetime import datetime

import pytest

from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.intake import read, sources
from ci_checker.intake.pattern import compiled
from ci_checker.intake.sources import Item, find
from ci_checker.model import Details

SHAPE = "{rep}/{started_at:%Y-%m-%d_%H%M}_{account}_{call_type}.{ext}"


@pytest.fixture
def week(tmp_path):
    for name in (
        "dana/2026-03-02_0930_acme_cold.wav",
        "dana/notes.txt",
        "amir/2026-03-03_1400_north_wind_cold.vtt",
        "amir/.hidden.wav",
        ".git/x.wav",
        "readme.pdf",
        "week.csv",
    ):
        path = tmp_path / "week" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Ann: hi\n")
    return tmp_path / "week"


def names(items):
    return [item.path.rsplit("/", 1)[-1] for item in items]


def test_a_folder_is_walked_in_order_and_says_what_it_passes_over(week):
    items, notes = find(str(week), pattern=None)
    assert names(items) == [
        "2026-03-03_1400_north_wind_cold.vtt",
        "2026-03-02_0930_acme_cold.wav",
        "notes.txt",
    ]
    told = " | ".join(notes)
    assert "1 file hidden" in told
    assert "ending .pdf" in told
    assert "looks like a manifest" in told
    assert find(str(week), pattern=None) == (items, notes)


def test_a_pattern_gives_details_and_names_what_does_not_fit(week):
    items, notes = find(str(week), pattern=SHAPE)
    assert items[0].details == Details(
        rep="amir", started_at=datetime(2026, 3, 3, 14), account="north_wind", call_type="cold"
    )
    assert items[1].details.rep == "dana"
    assert items[2] == Item(str(week / "dana/notes.txt"), Details())
    assert any("could be read two ways" in note and "north_wind" in note for note in notes)
    assert not any("two ways" in note and "acme" in note for note in notes)
    assert any("kept without details" in note and "notes.txt" in note for note in notes)


def test_links_do_not_loop_or_count_twice(week):
    os.symlink(week, week / "dana" / "again")
    os.symlink(week / "dana" / "notes.txt", week / "zz.txt")
    os.symlink(week / "gone", week / "gone.wav")
    os.symlink(week / "self.wav", week / "self.wav")
    items, notes = find(str(week))
    assert len(items) == 3
    told = " | ".join(notes)
    assert "walked through already" in told
    assert "linked to a file that is taken already" in told
    assert "2 files could not be reached" in told


def test_recording_beside_its_transcript_is_named(tmp_path):
    for name in ("a.wav", "a.vtt", "b.wav"):
        (tmp_path / name).write_text("x")
    items, notes = find(str(tmp_path))
    assert len(items) == 3
    assert notes == (f"1 recording beside a transcript of the same name, each taken as two calls: {tmp_path}/a",)


def test_a_single_file_and_nothing(tmp_path):
    path = tmp_path / "dana" / "2026-03-02_0930_acme_cold.wav"
    path.parent.mkdir()
    path.write_text("x")
    items, notes = find(str(path), pattern=SHAPE)
    assert (items[0].path, items[0].details.account, notes) == (str(path), "acme", ())
    with pytest.raises(RequestError, match="no such file or folder"):
        find(str(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    assert find(str(tmp_path / "empty")) == ((), ())


def test_csv_manifest(tmp_path):
    (tmp_path / "a.wav").write_text("x")
    (tmp_path / "b.wav").write_text("x")
    manifest = tmp_path / "week.csv"
    manifest.write_text(
        "\ufeffPath,rep,rep_channel,account,started_at,mood\n"
        'a.wav,Dana Reyes,left,"Acme, Inc",2026-03-02T09:30:00+01:00,glad\n'
        "\nb.wav,Amir,,,yesterday,\ngone.wav,Amir,,,,\na.wav,x,,,,\n,x,,,,\n",
        encoding="utf-8",
    )
    items, notes = find(str(manifest))
    assert [item.path for item in items] == [str(tmp_path / "a.wav"), str(tmp_path / "b.wav")]
    first = items[0].details
    assert (first.rep, first.rep_channel, first.account) == ("Dana Reyes", "left", "Acme, Inc")
    assert first.started_at.isoformat() == "2026-03-02T09:30:00+01:00"
    assert items[1].details == Details(rep="Amir")
    told = "\n".join(notes)
    assert f"{manifest} line 2: the column mood is unknown" in told
    assert f"{manifest} line 4: the date 'yesterday' is not one" in told
    assert f"{manifest} line 5: there is no file gone.wav" in told
    assert f"{manifest} line 6: a.wav stands on line 2 already" in told
    assert f"{manifest} line 7: there is no path" in told
    assert len(notes) == 5


def test_semicolons_and_windows_encoding(tmp_path):
    (tmp_path / "a.wav").write_text("x")
    manifest = tmp_path / "week.csv"
    manifest.write_bytes("path;account\na.wav;Café\n".encode("cp1252"))
    assert find(str(manifest))[0][0].details.account == "Café"


def test_jsonl_manifest(tmp_path):
    (tmp_path / "a.wav").write_text("x")
    manifest = tmp_path / "week.jsonl"
    rows = [{"path": "a.wav", "rep": "Dana", "direction": None, "started_at": "2026-03-02"}]
    manifest.write_text("\n".join([json.dumps(rows[0]), "{torn", "[1]"]))
    items, notes = find(str(manifest))
    assert items[0].details == Details(rep="Dana", started_at=datetime(2026, 3, 2))
    assert notes == (
        f"{manifest} line 2: is not JSON; the line was passed over.",
        f"{manifest} line 3: is not a JSON object; the line was passed over.",
    )


def test_manifest_that_is_none(tmp_path):
    manifest = tmp_path / "week.csv"
    manifest.write_text("file,rep\na.wav,x\n")
    with pytest.raises(RequestError, match="no column path; it has file, rep"):
        find(str(manifest))
    manifest.write_bytes(b"")
    with pytest.raises(RequestError, match="no column path; it has nothing"):
        find(str(manifest))


@pytest.mark.parametrize(
    ("shape", "path", "details"),
    [
        (
            "{account}_{started_at:%Y%m%d}.{ext}",
            "x/acme_20260302.mp3",
            Details(account="acme", started_at=datetime(2026, 3, 2)),
        ),
        ("{rep}/{any}/{contact}.wav", "dana/week 1/bob.wav", Details(rep="dana", contact="bob")),
        (
            "{started_at:%d-%b-%Y %I.%M%p}.{ext}",
            "02-Mar-2026 09.30PM.wav",
            Details(started_at=datetime(2026, 3, 2, 21, 30)),
        ),
        ("{rep}.{ext}", "a/b.c.wav", Details(rep="b.c")),
        ("{account}_{started_at:%Y%m%d}.{ext}", "acme_20261399.mp3", None),
        ("{rep}/{account}.wav", "acme.wav", None),
    ],
)
def test_patterns(shape, path, details):
    assert compiled(shape).match(path) == details


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ("{who}.wav", "unknown field {who}"),
        ("{rep}{rep}", "{rep} twice"),
        ("{rep", "not well formed"),
        ("{started_at:%Q}", "has %Q"),
    ],
)
def test_bad_patterns(shape, message):
    with pytest.raises(RequestError, match=message):
        compiled(shape)


def test_memory_and_file_urls(tmp_path):
    import fsspec

    system = fsspec.filesystem("memory")
    for name in ("dana/2026-03-02_0930_acme_cold.txt", "dana/x.pdf", ".h/y.txt"):
        system.pipe(f"/calls-{tmp_path.name}/{name}", b"Ann: hello\nBob: hi\n")
    items, notes = find(f"memory://calls-{tmp_path.name}", pattern=SHAPE)
    assert [item.details.account for item in items] == ["acme"]
    assert len(notes) == 2
    local = sources.fetch(items[0].path, tmp_path / "cache")
    assert read(local, name=items[0].path).path == items[0].path
    assert sources.fetch(items[0].path, tmp_path / "cache") == local
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [local.name]

    (tmp_path / "a.txt").write_text("Ann: hi\n")
    items, _ = find((tmp_path / "a.txt").as_uri())
    assert sources.fetch(items[0].path, tmp_path / "cache").read_text() == "Ann: hi\n"


def test_fetch_of_a_changed_or_missing_remote_file(tmp_path):
    import fsspec

    system = fsspec.filesystem("memory")
    url = f"memory://f-{tmp_path.name}/a.txt"
    system.pipe(url, b"one")
    first = sources.fetch(url, tmp_path)
    system.pipe(url, b"three")
    assert sources.fetch(url, tmp_path) != first
    with pytest.raises(CallError, match="cannot be fetched"):
        sources.fetch(f"memory://f-{tmp_path.name}/none.txt", tmp_path)
    with pytest.raises(RequestError, match="nothing at this URL"):
        find(f"memory://f-{tmp_path.name}/none")


def test_a_missing_or_unknown_protocol_is_named(monkeypatch, tmp_path):
    def _no_package(url):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", _no_package)
    with pytest.raises(MissingError, match="s3:// needs a package.*[Ii]nstall s3fs"):
        find("s3://bucket/calls")
    monkeypatch.undo()
    with pytest.raises(RequestError, match="nope:// is no protocol"):
        find("nope://bucket")


def test_a_local_path_is_not_fetched(tmp_path):
    assert sources.fetch(str(tmp_path / "a.wav"), tmp_path / "cache") == tmp_path / "a.wav"
    assert not (tmp_path / "cache").exists()
