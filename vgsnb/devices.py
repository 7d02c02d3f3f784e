"""Where training and scoring run, found from the machine: the device, the precision and the number of threads."""

import ctypes
import os
from contextlib import AbstractContextManager
from functools import cache

import torch

from vgsnb.errors import UserError, require_known

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
FASTEST = "fastest"  # of them, on the machine at hand


def find_device(name: str | None = None) -> torch.device:
    """The device called ``name`` (``cpu``, ``cuda``, ``cuda:1``, ``mps``), or the fastest that this machine has.

    On a processor, freed memory is kept from here on (``keep_freed_memory``).
    """
    if name is None:
        name = "cuda" if torch.cuda.is_available() else "cpu"
    require_known("device", name.partition(":")[0], ["cpu", "cuda", "mps"])
    device = torch.device(name)
    missing = {"cuda": not torch.cuda.is_available(), "mps": not torch.backends.mps.is_available()}
    if missing.get(device.type, False):
        raise UserError(f"This machine has no device {name!r}; leave the device out, or choose 'cpu'.")
    if device.type == "cpu":
        keep_freed_memory()
    return device


@cache
def keep_freed_memory(size: int = 1 << 28) -> bool:
    """Let this process keep arrays up to ``size`` bytes that it frees, and twice as much in all; whether it can.

    The C library gives large arrays back to the system at once, and each new one then costs a page fault every four
    kilobytes: a sixth of the time of a training step. Only glibc has this setting; it changes no result.
    """
    mmap_threshold, trim_threshold = -3, -1  # of its malloc.h
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, TypeError, OSError):
        return False
    return bool(mallopt(mmap_threshold, size) and mallopt(trim_threshold, 2 * size))


def find_precision(device: torch.device, name: str = FASTEST) -> str:
    """``name``, or for ``fastest`` ``bfloat16`` where the device multiplies matrices faster in it, else ``float32``.

    On the tile units of recent server processors (AMX) a training step takes a quarter of the time of float32; on
    processors without them bfloat16 is converted back and forth and gains nothing.
    """
    require_known("precision", name, [FASTEST, *PRECISIONS])
    if name != FASTEST:
        return name
    faster = torch.cuda.is_bf16_supported(including_emulation=False) if device.type == "cuda" else has_tile_units()
    return "bfloat16" if faster and device.type != "mps" else "float32"


def has_tile_units() -> bool:
    """Whether this processor has matrix tile units that PyTorch can use; the query is missing from some versions."""
    query = getattr(torch.cpu, "_is_amx_tile_supported", None)
    try:
        return bool(query is not None and query())
    except RuntimeError:
        return False


def autocast(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """A block whose convolutions and matrix products run in ``precision``; parameters stay float32."""
    require_known("precision", precision, PRECISIONS)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")


def processors() -> int:
    """How many processors this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(tasks: int) -> int:
    """How many processes share ``tasks`` that compute with torch: one a processor, on a GPU this one alone."""
    return max(1, min(tasks, processors())) if find_device().type == "cpu" else 1


def describe() -> str:
    """The device that is found by itself, in words."""
    place = find_device()
    name = torch.cuda.get_device_name(place) if place.type == "cuda" else place.type
    return f"{name}, {processors()} processors"
