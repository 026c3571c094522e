"""The exported file: one that whisper reads, without code in it, small, whole."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
whisper = pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import export, vocabulary  # noqa: E402
from ci_checker.learn.speech.network import GUIDED_HEADS, Network, dimensions  # noqa: E402


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(1)
    return Network(dimensions(width=64, encoder=1, decoder=2, heads=4)).eval()


@pytest.fixture(scope="module")
def path(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("export") / "tiny.pt"
    export.write_checkpoint(network, found)
    return found


def test_the_file_is_read_without_running_any_code_in_it(path: Path) -> None:
    state = torch.load(path, weights_only=True)
    assert set(state) == {"dims", "model_state_dict"}
    assert state["dims"]["n_vocab"] == vocabulary.SIZE and state["dims"]["n_audio_ctx"] == 500


def test_whisper_loads_it_with_its_own_dimensions(path: Path, network: Network) -> None:
    model = whisper.load_model(str(path), device="cpu")
    assert model.dims == network.dims and not model.is_multilingual
    state = torch.load(path, weights_only=True)["model_state_dict"]
    assert set(state) == {name for name in model.state_dict() if name != "decoder.mask"}


def test_every_weight_is_the_network_s_in_half_precision(path: Path, network: Network) -> None:
    state = torch.load(path, weights_only=True)["model_state_dict"]
    assert {value.dtype for value in state.values()} == {torch.float16}
    for name, value in network.whisper.state_dict().items():
        if name not in ("decoder.mask", "decoder.token_embedding.weight"):
            assert torch.equal(state[name], value.to(torch.float16)), name


def test_each_used_token_has_its_row_and_all_others_share_one(path: Path, network: Network) -> None:
    table = torch.load(path, weights_only=True)["model_state_dict"]["decoder.token_embedding.weight"]
    compact = network.whisper.decoder.token_embedding.weight.detach().to(torch.float16)
    used = torch.tensor(vocabulary.load().used)
    assert table.shape == (vocabulary.SIZE, 64)
    assert torch.equal(table[used], compact[:-1])
    others = torch.ones(vocabulary.SIZE, dtype=torch.bool)
    others[used] = False
    assert torch.equal(table[others], compact[-1].expand(int(others.sum()), -1))


def test_rows_that_are_alike_take_no_room(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        raw = sum(entry.file_size for entry in archive.infolist())
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_DEFLATED}
    assert path.stat().st_size < raw / 3


def test_an_export_leaves_the_network_as_it_was(network: Network, tmp_path: Path) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    export.write_checkpoint(network, tmp_path / "a.pt")
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert next(network.parameters()).dtype == torch.float32


def test_the_same_weights_give_the_same_bytes_and_no_half_written_file(network: Network, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        export.write_checkpoint(network, tmp_path / name / "tiny.pt")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert files == ["a/tiny.pt", "b/tiny.pt"]
    assert export.sha256(tmp_path / "a" / "tiny.pt") == export.sha256(tmp_path / "b" / "tiny.pt")


def test_an_export_that_breaks_off_leaves_the_old_file(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny.pt").write_bytes(b"old")

    def full(self: zipfile.ZipFile, *given: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="no space"):
        export.write_checkpoint(network, tmp_path / "tiny.pt")
    assert (tmp_path / "tiny.pt").read_bytes() == b"old"


def test_the_heads_that_were_guided_are_named_in_whisper_s_own_way(network: Network) -> None:
    mask = np.frombuffer(gzip.decompress(base64.b85decode(export.alignment_heads(network))), bool).reshape(2, 4)
    assert mask[:, :GUIDED_HEADS].all() and not mask[:, GUIDED_HEADS:].any()
    assert export.alignment_heads(network) == export.alignment_heads(network), "no time of day stands in it"


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 100_000)
    assert export.sha256(tmp_path / "a") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_json_is_written_whole_with_a_line_end(tmp_path: Path) -> None:
    export.write_json({"b": 1, "a": ["Zoë"]}, tmp_path / "card.json")
    text = (tmp_path / "card.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"b": 1, "a": ["Zoë"]} and text.endswith("}\n") and text.startswith('{\n "b"')
    with pytest.raises(TypeError):
        export.write_json({"a": object()}, tmp_path / "card.json")
    assert (tmp_path / "card.json").read_text(encoding="utf-8") == text
