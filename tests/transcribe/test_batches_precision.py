"""Which windows go together, and in which numbers the model computes."""

from __future__ import annotations

import pytest
import torch

from ci_checker.errors import RequestError
from ci_checker.transcribe import precision
from ci_checker.transcribe.batches import MOST_ROWS, batch_bytes, batches, rows_that_fit


def test_alike_windows_go_together_and_none_is_lost():
    lengths = [3.0, 29.0, 10.0, 28.0, 4.0, 11.0]
    found = batches(lengths, 2)
    assert found == [[1, 3], [5, 2], [4, 0]]
    assert sorted(index for batch in found for index in batch) == list(range(6))


@pytest.mark.parametrize(
    ("count", "rows", "sizes"), [(24, 16, [12, 12]), (17, 16, [8, 9]), (3, 16, [3]), (5, 1, [1] * 5)]
)
def test_batches_are_about_equally_large(count, rows, sizes):
    assert sorted(map(len, batches([1.0] * count, rows))) == sorted(sizes)


def test_nothing_to_hear_makes_no_batch():
    assert batches([], 16) == []


def test_three_hours_of_stereo_and_their_batch_stay_under_two_gigabytes():
    three_hours = 2 * 3 * 3600 * 16_000 * 4
    for row_bytes in (18_000_000, 37_000_000, 111_000_000):
        rows = rows_that_fit(row_bytes, three_hours)
        assert 2 <= rows <= MOST_ROWS
        assert three_hours + rows * row_bytes < 2_000_000_000


def test_what_fewer_bits_save_goes_to_the_batch():
    assert batch_bytes(0) == batch_bytes(10**12) == 900_000_000
    assert batch_bytes(200_000_000) == 500_000_000
    assert rows_that_fit(42_000_000, 77_000_000, room_bytes=batch_bytes(218_000_000)) == 12
    assert rows_that_fit(127_000_000, 77_000_000, room_bytes=10) == 2, "two at least"


def test_a_short_call_has_room_for_a_whole_batch():
    assert rows_that_fit(37_000_000, 77_000_000) == MOST_ROWS
    assert rows_that_fit(111_000_000, 77_000_000) == 8
    assert rows_that_fit(37_000_000, 77_000_000, most=5) == 5


@pytest.fixture
def processor(monkeypatch):
    """``processor(capability, tiles)``: pretend to run on such a one."""

    def put(capability: str, tiles: bool = False) -> None:
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
        monkeypatch.setattr(precision, "_multiplies_bfloat16", lambda: tiles)

    return put


@pytest.mark.parametrize(
    ("capability", "tiles", "width", "device", "chosen"),
    [
        ("AVX2", False, 512, "cpu", "int8"),
        ("AVX512", False, 384, "cpu", "int8"),
        ("AVX512", True, 512, "cpu", "bfloat16"),
        ("DEFAULT", False, 512, "cpu", "float32"),
        ("AVX2", True, 224, "cpu", "float32"),
        ("AVX2", False, 224, "cuda", "float16"),
        ("AVX2", False, 768, "cuda:1", "float16"),
    ],
)
def test_the_processor_decides(processor, capability, tiles, width, device, chosen):
    processor(capability, tiles)
    assert precision.choose("auto", width, device) == chosen


def test_what_was_asked_for_is_taken(processor):
    processor("AVX2")
    assert precision.choose("float32", 768, "cpu") == "float32"
    assert precision.choose("bfloat16", 224, "cpu") == "bfloat16"


@pytest.mark.parametrize(("wanted", "device"), [("int4", "cpu"), ("float16", "cpu"), ("int8", "cuda")])
def test_what_cannot_be_is_one_line(processor, wanted, device):
    processor("AVX2")
    with pytest.raises(RequestError):
        precision.choose(wanted, 512, device)
    processor("DEFAULT")
    with pytest.raises(RequestError):
        precision.choose("int8", 512, "cpu")


def test_only_the_multiplications_are_quantized():
    module = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.LayerNorm(8))
    made = precision.fitted(module, "int8")
    assert "quantized" in type(made[0]).__module__
    assert isinstance(made[1], torch.nn.LayerNorm)
    assert made(torch.ones(1, 8)).dtype == torch.float32


def test_without_torchs_quantization_the_weights_stay(monkeypatch):
    def gone(*_args, **_more):
        raise AttributeError("removed")

    monkeypatch.setattr(torch.ao.quantization, "quantize_dynamic", gone)
    linear = torch.nn.Linear(4, 4)
    made = precision.fitted(torch.nn.Sequential(linear), "int8")
    assert made[0] is linear and linear.weight.dtype == torch.float32
