"""Every file that is not what it claims gets one clear line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from intake_samples import SAMPLES

from ci_checker.errors import CallError
from ci_checker.intake import fingerprint, read, read_all

RANDOM = np.random.default_rng(3).bytes(40_000)
CASES = {
    "zero.wav": (b"", r"is empty \(0 bytes\)"),
    "zero.txt": (b"", r"is empty \(0 bytes\)"),
    "words.wav": (b"Ann: hello\nBob: hi\n", r"is text although its name ends in \.wav"),
    "white.txt": (b"  \n\n \t\n", "transcript is empty"),
    "empty.vtt": (b"WEBVTT\n\n", "no one says a word"),
    "silent.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "no one says a word"),
    "noise.wav": (RANDOM, "damaged, cut off, encrypted|can be decoded"),
    "noise.mp3": (RANDOM, "damaged, cut off, encrypted|can be decoded"),
    "noise.txt": (RANDOM, "damaged, cut off, encrypted|can be decoded"),
    "noise": (RANDOM, "damaged, cut off, encrypted|can be decoded"),
    "riff.wav": (b"RIFF\x10\0\0\0WAVEfmt \x10\0\0\0", "damaged|can be decoded|codec"),
    "page.pdf": (b"%PDF-1.7\n", "is a PDF"),
    "notes.docx": (b"PK\x03\x04rest", r"an Office document.*\.vtt"),
    "keys.json": (b'{"foo": 1, "bar": [2]}', "unknown kind; it has the keys foo, bar"),
    "list.json": (b'[{"when": 1}]', "list of items with the keys when"),
    "torn.json": (b'{"segments": [\n{"start": 1,', "damaged JSON at line 2"),
    "empty.json": (b'{"segments": [{"start": 0, "end": 1, "text": " "}]}', "no one says a word"),
    "deep.json": (b'{"a": ' * 1 + b"[" * 200_000, "damaged JSON"),
    "code.py": (b"import os\nprint(os.name)\n", "no transcript format that is known"),
    "odd.txt": (b"Ann: caf\x81\x8d\n", "encoding that cannot be told"),
}


@pytest.mark.parametrize("name", CASES)
def test_one_clear_line(tmp_path, name):
    data, message = CASES[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(CallError, match=message) as caught:
        read(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert caught.value.exit_status == 1


def test_missing_folder_and_loop(tmp_path):
    with pytest.raises(CallError, match="no such file"):
        read(tmp_path / "none.wav")
    with pytest.raises(CallError, match="is a folder"):
        read(tmp_path)
    loop = tmp_path / "loop.wav"
    os.symlink(loop, loop)
    with pytest.raises(CallError, match=r"loop\.wav: cannot be read: too many levels"):
        read(loop)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("Ann: hi")
    path.chmod(0)
    with pytest.raises(CallError, match="may not be read"):
        read(path)


def test_the_callers_name_stands_in_the_error(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"")
    with pytest.raises(CallError, match="^s3://calls/x.wav: is empty"):
        read(path, name="s3://calls/x.wav")


def test_cp1252_is_read_with_a_note(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes("Ann: The café costs £5.\nBob: “Right”.\n".encode("cp1252"))
    call = read(path)
    assert call.turns[0].text == "The café costs £5."
    assert call.turns[1].text == "“Right”."
    assert "read as cp1252" in call.notes[0]


def test_a_long_text_is_not_cut_in_a_character(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("Ann: " + "é" * 40_000 + "\nBob: hi\n", encoding="utf-8")
    assert len(read(path).turns) == 2


def test_content_counts_and_not_the_name(make, speech, tmp_path):
    sound = make("x.wav", speech(1.0))
    other = tmp_path / "call.txt"
    other.write_bytes(sound.read_bytes())
    assert read(other).audio is not None
    bare = tmp_path / "call"
    bare.write_bytes(sound.read_bytes())
    assert read(bare).duration_s == pytest.approx(1.0)


def test_fingerprint_is_the_sha256_of_the_bytes(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(b"Ann: hi\n")
    assert fingerprint(path) == hashlib.sha256(b"Ann: hi\n").hexdigest()
    assert read(path).sha256 == fingerprint(path)
    assert [call.sha256 for call in read_all(path)] == [fingerprint(path)]
    with pytest.raises(CallError, match="cannot be read"):
        fingerprint(tmp_path / "none")


def test_heavy_packages_wait_until_they_are_needed():
    code = "import sys, ci_checker.intake; print({'numpy', 'av', 'fsspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_mangled_files_end_in_a_call_or_in_one_line(tmp_path, sample, seed):
    rng = np.random.default_rng(seed)
    data = bytearray(sample.text.encode())
    for place in rng.integers(0, len(data), 1 + len(data) // 60):
        data[place] = rng.choice(list(b'0123456789:,.{}[]"<>- \n\xe9abc'))
    path = tmp_path / sample.name
    path.write_bytes(data)
    try:
        call = read(path)
    except CallError as error:
        assert "\n" not in str(error)
    else:
        starts = [turn.start_s for turn in call.turns if turn.start_s is not None]
        assert starts == sorted(starts)
        assert all(turn.text and turn.speaker for turn in call.turns)


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [None], [[1]], True])
@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.name.endswith(".json")], ids=lambda one: one.id)
def test_json_fields_of_a_wrong_type_end_in_one_line(tmp_path, sample, value):
    def spoiled(data, key):
        if isinstance(data, dict):
            return {name: value if name == key else spoiled(part, key) for name, part in data.items()}
        return [spoiled(part, key) for part in data] if isinstance(data, list) else data

    def keys(data):
        if isinstance(data, dict):
            return set(data).union(*(keys(part) for part in data.values()))
        return set().union(*(keys(part) for part in data)) if isinstance(data, list) else set()

    data = json.loads(sample.text)
    path = tmp_path / sample.name
    for key in sorted(keys(data)):
        path.write_text(json.dumps(spoiled(data, key)))
        with contextlib.suppress(CallError):
            assert read(path).turns
