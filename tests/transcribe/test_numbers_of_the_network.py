"""The network in other numbers and other slots: what may differ a little, and what may not differ at all."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import RequestError
from ci_checker.transcribe import loaded, precision
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.cross import Cross
from ci_checker.transcribe.download import fetch
from ci_checker.transcribe.loaded import Loaded
from ci_checker.transcribe.loop import write
from ci_checker.transcribe.models import resolve
from ci_checker.transcribe.network import Network
from ci_checker.transcribe.rows import Rows, WeightOnly
from ci_checker.transcribe.rules import Rules

ROWS = 5


def small_cross(rows: int = ROWS) -> Cross:
    """Slots whose keys and values are their number, so that it can be seen where each has gone."""
    cross = Cross(rows, layers=2, heads=2, width=4, frames=3, places=6, like=torch.zeros(0))
    for layer in range(2):
        for slot in range(rows):
            cross.put(layer, slot, torch.full((3, 4), 10.0 * layer + slot), torch.full((3, 4), 100.0 + slot))
            keys, values = cross.said(layer, slice(slot, slot + 1))
            keys[:], values[:] = 1000.0 + slot, 2000.0 + slot
    return cross


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, ROWS - 1), min_size=1), min_size=1, max_size=5), st.integers(0, 6))
def test_whatever_is_brought_to_the_front_takes_its_audio_along(wishes, said):
    cross = small_cross()
    for wanted in wishes:
        cross.front(sorted(wanted), said)
        assert set(cross.order[: len(wanted)]) == wanted and sorted(cross.order) == list(range(ROWS))
        for slot, window in enumerate(cross.order):
            for layer in range(2):
                keys, values = cross.heard(layer, slice(slot, slot + 1))
                assert (keys == 10.0 * layer + window).all() and (values == 100.0 + window).all()
    if len(wishes) == 1:
        for slot in range(len(wishes[0])):
            keys, values = cross.said(1, slice(slot, slot + 1))
            window = cross.order[slot]
            assert (keys[:, :, :said] == 1000.0 + window).all() and (values[:, :, :said] == 2000.0 + window).all()


def test_windows_that_lie_in_front_already_stay_where_they_are():
    cross = small_cross()
    cross.front([2, 0, 1])
    assert cross.order == [0, 1, 2, 3, 4]
    cross.front([4, 1])
    assert cross.order[0] in (1, 4) and cross.order[1] in (1, 4)
    cross.clear()
    assert cross.order == [0, 1, 2, 3, 4]


def test_the_bytes_of_a_row_are_those_that_it_takes():
    shape = {"layers": 3, "width": 8, "frames": 50, "places": 7}
    held = [torch.zeros(1, 8, 50), torch.zeros(1, 50, 8), torch.zeros(1, 7, 8), torch.zeros(1, 7, 8)]
    each = sum(part.nbytes for part in held)
    assert Cross.bytes_of(**shape, item=4) == 3 * each == 2 * Cross.bytes_of(**shape, item=2)


@pytest.fixture(scope="module")
def mel() -> torch.Tensor:
    return torch.randn(80, 500, generator=torch.Generator().manual_seed(11))


@pytest.mark.parametrize(("kind", "near"), [("float32", 0.99999), ("int8", 0.98), ("bfloat16", 0.99)])
def test_features_in_any_numbers_point_the_same_way(whisper_model, mel, kind, near):
    with torch.no_grad():
        wanted = whisper_model.encoder(mel[None])[0]
        found = Network(whisper_model, kind).encode(mel).float()
    assert found.shape == wanted.shape and torch.isfinite(found).all()
    assert torch.nn.functional.cosine_similarity(found.flatten(), wanted.flatten(), dim=0) > near


@pytest.mark.parametrize("kind", ["float32", "int8", "bfloat16"])
def test_in_any_numbers_a_window_is_written_the_same_every_time(whisper_model, mel, kind):
    from whisper.tokenizer import get_tokenizer

    texts = []
    for _ in range(2):
        network = Network(whisper_model, kind)
        cross = network.cross(2)
        with torch.no_grad():
            for slot in range(2):
                network.keep(cross, slot, network.encode(mel))
        rows = write(network, cross, [0, 1], Rules(get_tokenizer(False), network.dims))
        assert rows[0].tokens == rows[1].tokens and all(0 <= chance <= 1 for chance in rows[0].chances)
        texts.append(rows[0].tokens)
    assert texts[0] == texts[1]


def test_int8_is_off_by_less_than_a_step_of_its_scale():
    torch.manual_seed(0)
    linear = torch.nn.Linear(64, 16, bias=False)
    rows = torch.randn(20, 64)
    exact = linear(rows)
    (made,) = precision.fitted(torch.nn.Sequential(linear), "int8")
    # A weight is off by half of its row's step, an input by half of its own: 64 products add up.
    step = linear.weight.abs().amax(dim=1) / 127
    bound = 64 * (step / 2 * rows.abs().amax() + linear.weight.abs().amax() * (rows.max() - rows.min()) / 255 / 2)
    assert ((made(rows) - exact).abs() < bound).all()
    assert 0 < (made(rows) - exact).abs().mean() < 0.02 * exact.abs().mean() * 5


@pytest.mark.parametrize("kind", ["float32", "int8"])
def test_what_a_window_says_does_not_depend_on_the_windows_beside_it(whisper_model, kind):
    network = Network(whisper_model, kind)
    model = whisper_model
    loud = torch.randn(3, model.dims.n_audio_ctx, model.dims.n_audio_state, generator=torch.Generator().manual_seed(2))
    loud *= torch.tensor([0.2, 1.0, 5.0])[:, None, None]

    def states(which: list[int]) -> torch.Tensor:
        with torch.inference_mode():
            cross = network.cross(len(which))
            for slot, window in enumerate(which):
                network.keep(cross, slot, loud[window])
            slots = slice(0, len(which))
            network.read(torch.tensor([[50257, 500 + window] for window in which]), cross, slots, 0)
            return network.logits(network.read(torch.tensor([[900 + w] for w in which]), cross, slots, 2)[:, -1])

    together = states([0, 1, 2])
    for window in range(3):
        (alone,) = states([window])
        near = (alone - together[window]).abs().max()
        assert near == 0 if kind == "int8" else near < 1e-4


def off_by(made: torch.nn.Module, linear: torch.nn.Linear, rows: torch.Tensor) -> float:
    """The worst row's error, relative to what it should be."""
    exact = linear(rows).detach()
    return float(((made(rows).detach() - exact).norm(dim=-1) / exact.norm(dim=-1)).max())


def test_rows_are_multiplied_each_by_its_own_scale(monkeypatch):
    torch.manual_seed(0)
    monkeypatch.setattr(WeightOnly, "possible", staticmethod(lambda: False))
    rows = torch.randn(20, 64) * torch.logspace(-3, 3, 20)[:, None]
    linear = torch.nn.Linear(64, 16)
    made = precision.fitted_by_row(copy.deepcopy(linear), "int8")
    assert isinstance(made, Rows)
    assert off_by(made, linear, rows) < 0.05, "the faintest row as well as the loudest"
    assert torch.equal(made(rows[3:4]), made(rows)[3:4]) and made(rows.view(4, 5, 64)).shape == (4, 5, 16)
    assert torch.isfinite(made(torch.zeros(1, 64))).all()


@pytest.mark.skipif(not WeightOnly.possible(), reason="this torch multiplies int8 weights by nothing but int8")
@pytest.mark.parametrize("tokens", [1, 4, 5, 40])
def test_weights_alone_in_int8_are_nearer_and_windows_come_out_as_they_would_alone(tokens):
    torch.manual_seed(0)
    linear = torch.nn.Linear(64, 16)
    made = precision.fitted_by_row(linear, "int8")
    assert isinstance(made, WeightOnly) and linear.weight.dtype == torch.float32
    windows = torch.randn(7, tokens, 64) * torch.logspace(-3, 3, 7)[:, None, None]
    assert off_by(made, linear, windows) < 0.02
    for window in range(7):
        assert torch.equal(made(windows[window : window + 1])[0], made(windows)[window])


def test_the_vocabulary_is_multiplied_by_rows_whatever_torch_can():
    made = precision.fitted_by_row(torch.nn.Linear(8, 51_864, bias=False), "int8")
    assert isinstance(made, Rows)


def test_a_torch_without_that_multiplication_is_known(monkeypatch):
    WeightOnly.possible.cache_clear()
    monkeypatch.delattr(torch, "_weight_int8pack_mm", raising=False)
    assert not WeightOnly.possible()
    WeightOnly.possible.cache_clear()


def test_without_torchs_quantization_a_row_is_multiplied_as_ever(monkeypatch):
    def gone(*_args, **_more):
        raise AttributeError("removed")

    monkeypatch.setattr(torch.ao.quantization, "quantize_dynamic", gone)
    monkeypatch.setattr(WeightOnly, "possible", staticmethod(lambda: False))
    linear = torch.nn.Linear(4, 4)
    wanted = linear(torch.ones(1, 4))
    made = precision.fitted_by_row(linear, "int8")
    assert made is linear and torch.equal(made(torch.ones(1, 4)), wanted), "its bias too"


def test_a_batch_of_one_size_serves_smaller_ones_and_grows_when_it_must(model_file):
    loaded = Loaded(model_file, "cpu", "float32")
    one = loaded.room(3)
    one.front([2])
    assert loaded.room(2) is one and one.order == [0, 1, 2], "slots are counted anew for each batch"
    assert loaded.room(5).rows >= 5 and loaded.room(1).rows >= 5


def test_a_row_is_reckoned_in_the_numbers_of_the_network(model_file):
    whole, half = (Loaded(model_file, "cpu", kind).row_bytes for kind in ("float32", "bfloat16"))
    assert whole == 2 * half > 0


def test_a_wrong_precision_is_refused_with_the_choice(model_file):
    with pytest.raises(RequestError) as problem:
        _ = Loaded(model_file, "cpu", "int4").network
    assert str(problem.value) == (
        "there is no precision 'int4'. Choose one of: auto, float32, int8, bfloat16, float16."
    )


def test_a_gzipped_checkpoint_loads_with_the_very_weights(checkpoint, tmp_path, model_file):
    packed = tmp_path / "m.pt.gz"
    packed.write_bytes(gzip.compress(checkpoint.read_bytes(), 1))
    one, two = (load_whisper(replace(model_file, path=path)).state_dict() for path in (packed, checkpoint))
    assert all(torch.equal(value, two[name]) for name, value in one.items())


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"files": {}},
        {"files": {"a.pt": "0", "b.pt": "0"}},
        {"files": {"absent.pt": "0"}},
        {"files": {"card.json": "0"}},
    ],
)
def test_a_card_must_name_one_checkpoint_that_is_there(tmp_path, card):
    (tmp_path / "card.json").write_text(json.dumps(card))
    for name in ("a.pt", "b.pt"):
        (tmp_path / name).write_bytes(b"weights")
    with pytest.raises(RequestError, match="card.json must name one checkpoint that is in it"):
        resolve(str(tmp_path))


@pytest.mark.parametrize("size", [0, 1, 1 << 18, (1 << 18) + 1, 700_000])
def test_every_byte_is_fetched_told_of_and_checked(tmp_path, size):
    data = np.random.default_rng(size).bytes(size)
    (tmp_path / "there").write_bytes(data)
    told: list[tuple[int, int]] = []
    target = tmp_path / "deep" / "here"
    fetch((tmp_path / "there").as_uri(), target, hashlib.sha256(data).hexdigest(), lambda *a: told.append(a))
    assert target.read_bytes() == data and list(target.parent.iterdir()) == [target]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert not size or told[-1] == (size, size)


def test_a_fetch_that_is_interrupted_leaves_nothing(tmp_path):
    (tmp_path / "there").write_bytes(b"x" * 600_000)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch((tmp_path / "there").as_uri(), tmp_path / "here" / "m.pt", "0" * 64, stop)
    assert list((tmp_path / "here").iterdir()) == []


def test_int8_keeps_the_table_of_tokens_in_half_the_memory_where_that_loses_nothing(whisper_model):
    half = Network(whisper_model, "int8")
    assert half._embedding.dtype is torch.float32, "random numbers are no half-precision ones"
    rounded = copy.deepcopy(whisper_model)
    rounded.decoder.token_embedding.weight.data = rounded.decoder.token_embedding.weight.half().float()
    kept = Network(rounded, "int8")
    assert kept._embedding.dtype is torch.float16 and kept.dtype is torch.float32
    assert torch.equal(kept._embedding.float(), rounded.decoder.token_embedding.weight)
    assert Network(rounded)._embedding.dtype is torch.float32, "shared with the projection, so nothing is saved"
    cross = kept.cross(1)
    kept.keep(cross, 0, torch.zeros(whisper_model.dims.n_audio_ctx, whisper_model.dims.n_audio_state))
    assert kept.read(torch.tensor([[1, 2]]), cross, slice(0, 1), 0).dtype is torch.float32


def test_memory_of_weights_that_were_laid_out_anew_is_given_back(model_file, monkeypatch):
    asked = []
    monkeypatch.setattr(loaded.ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=asked.append))
    assert Loaded(model_file, "cpu", "float32").network is not None and asked == [0]
    monkeypatch.setattr(loaded.ctypes, "CDLL", lambda name: SimpleNamespace())
    assert Loaded(model_file, "cpu", "float32").network is not None, "another C library has no such function"

    def none_by_no_name(name):
        raise TypeError("argument of type 'NoneType' is not iterable")

    monkeypatch.setattr(loaded.ctypes, "CDLL", none_by_no_name)
    assert Loaded(model_file, "cpu", "float32").network is not None, "as on Windows"


def test_a_batch_may_take_what_the_weights_really_save(model_file):
    held = {kind: Loaded(model_file, "cpu", kind) for kind in ("float32", "int8", "bfloat16")}
    rooms = {kind: one.room_bytes for kind, one in held.items() if one.network}
    weights, table = held["int8"]._weights, 51_864 * 32
    assert rooms["float32"] == 900_000_000
    assert rooms["int8"] == 300_000_000 + 3 * weights - 2 * table
    assert rooms["bfloat16"] == 300_000_000 + 2 * weights - 2 * table
