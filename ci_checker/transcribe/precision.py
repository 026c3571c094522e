"""In which numbers the model computes: chosen by the processor, changed in one place.

Measured on the encoder of base.en: int8 weights take 1.5-1.9 times less processor time than
float32, bfloat16 1.4-1.5 times where the processor multiplies it and far more where it does not.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from ci_checker.errors import RequestError

if TYPE_CHECKING:
    import torch
    from torch import nn

AUTO: Final = "auto"
PRECISIONS: Final = ("float32", "int8", "bfloat16", "float16")
_MANY_OUTPUTS: Final = 16_384
_SMALL: Final = 384
"""A model narrower than tiny gains nothing from int8, and reads the same on every machine in float32."""


def choose(wanted: str, width: int, device: str) -> str:
    """Return the precision to compute in.

    Parameters
    ----------
    wanted : str
        One of ``PRECISIONS``, or "auto" for the fastest that keeps the text.
    width : int
        The model's ``n_audio_state``.
    device : str
        Where torch computes.

    Raises
    ------
    RequestError
        For an unknown precision, or one that the device cannot compute in.
    """
    if wanted not in (AUTO, *PRECISIONS):
        choice = ", ".join((AUTO, *PRECISIONS))
        raise RequestError(f"there is no precision '{wanted}'", todo=f"Choose one of: {choice}.")
    on_cpu = device.split(":")[0] == "cpu"
    if wanted == AUTO:
        if not on_cpu:
            return "float16"
        if width < _SMALL:
            return "float32"
        return "bfloat16" if _multiplies_bfloat16() else "int8" if _quantizer() else "float32"
    if wanted == "float16" and on_cpu:
        raise RequestError("float16 needs a GPU", todo="Choose int8, bfloat16 or float32.")
    if wanted == "int8" and not (on_cpu and _quantizer()):
        raise RequestError("int8 cannot be computed here", todo="Choose float32, or float16 on a GPU.")
    return wanted


def dtype_of(precision: str) -> torch.dtype:
    """Return the type of what is not quantized: convolutions, attention, the residual stream."""
    import torch

    return {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(precision, torch.float32)


def fitted(module: nn.Module, precision: str) -> nn.Module:
    """Return the module in the precision; every ``nn.Linear`` in it must be torch's own class.

    torch calls its dynamic quantization deprecated, so it is asked for here and nowhere else;
    where it is gone or fails, the module stays as it is.
    """
    import torch
    from torch import nn

    if precision != "int8":
        for part in module.modules():
            # Norms stay in float32, as in openai-whisper.
            if isinstance(part, nn.Linear):
                part.to(dtype_of(precision))
        return module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

            before, torch.backends.quantized.engine = torch.backends.quantized.engine, _quantizer()
            try:
                return quantize_dynamic(module, {nn.Linear: per_channel_dynamic_qconfig}, inplace=True)
            finally:
                torch.backends.quantized.engine = before
    except (ImportError, AttributeError, NotImplementedError, RuntimeError):
        return module


def fitted_by_row(linear: nn.Linear, precision: str) -> nn.Module:
    """Return a linear layer of torch's own class in the precision, so that no row of its input changes another's
    result: for what reads several windows at once."""
    from torch import nn

    from ci_checker.transcribe.rows import Rows, WeightOnly

    if precision != "int8":
        return fitted(linear, precision)
    if linear.out_features < _MANY_OUTPUTS and WeightOnly.possible():
        return WeightOnly(linear)
    bias, linear.bias = linear.bias, None
    (made,) = fitted(nn.Sequential(linear), precision)
    if made is linear:
        linear.bias = bias
        return linear
    return Rows(made, bias)


def _quantizer() -> str:
    """Return torch's backend for int8 on this processor, empty where there is none that is worth it."""
    import torch

    if torch.backends.cpu.get_cpu_capability() not in ("AVX2", "AVX512"):
        return ""
    return next((name for name in ("x86", "fbgemm") if name in torch.backends.quantized.supported_engines), "")


def _multiplies_bfloat16() -> bool:
    """Whether the processor has tiles for bfloat16 (AMX); without them int8 is faster."""
    import torch

    known = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return bool(known and known())
