"""A pretrained speech embedding as features: the network of Lin et al. (2020), as openWakeWord publishes it.

Two ONNX files, from sound to log-mel frames every 10 ms and from 76 of these to 96 numbers. The network learned to tell
keywords apart in other people's recordings and knew their words: what is learned from it is no longer free of text.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vgsnb.errors import UserError
from vgsnb.files import data_folder

FILES = ("oww_melspectrogram.onnx", "oww_embedding_model.onnx")  # in VGSNB_DATA/models
DIMENSIONS = 96
RATE, HOP, WIDTH = 16000, 160, 512  # samples a second, from one log-mel frame to the next, and of each
FRAMES = 76  # log-mel frames that one embedding hears, 0.78 s
BATCH = 64  # embeddings at a time
FULL_SCALE = 32767  # the network expects the numbers of 16 bits


def embed(samples: npt.NDArray[np.float32], window: float, shift: float, rate: int) -> npt.NDArray[np.float32]:
    """Embeddings (T, 96) of ``samples`` in [−1, 1], each of the 0.78 s around the centre of a frame.

    Frames are ``window`` long, ``shift`` apart (seconds), and as many as of any features; before the first sample and
    after the last is silence. Raises ``UserError`` for a shift that is no multiple of 10 ms, another rate, and when
    the files or onnxruntime are missing.
    """
    step = round(shift * RATE / HOP)
    if rate != RATE or step < 1 or not np.isclose(step * HOP, shift * RATE):
        raise UserError(
            f"The pretrained embedding takes {RATE} Hz and a multiple of 10 ms, not {rate} Hz and {shift} s: "
            "change features: rate and shift."
        )
    frames = 1 + max(0, len(samples) - round(window * RATE)) // (step * HOP)
    heard = (FRAMES - 1) * HOP + WIDTH
    before, needed = (heard - round(window * RATE)) // 2, (frames - 1) * step * HOP + heard
    sound = np.pad(samples * FULL_SCALE, (before, max(0, needed - before - len(samples))))[:needed]
    to_mel, to_embedding = _networks(data_folder() / "models")
    mel = _run(to_mel, sound[None]).squeeze() / 10 + 2  # as openWakeWord scales decibels
    around = np.lib.stride_tricks.sliding_window_view(mel, FRAMES, axis=0)[::step].transpose(0, 2, 1)[..., None]
    parts = [_run(to_embedding, around[first : first + BATCH]) for first in range(0, frames, BATCH)]
    return np.concatenate(parts).reshape(frames, DIMENSIONS)


@lru_cache
def _networks(folder: Path) -> tuple[Any, Any]:
    try:
        import onnxruntime
    except ImportError as error:
        raise UserError(
            "Pretrained features need onnxruntime: install it with pip install 'vgsnb[pretrained]'."
        ) from error
    for name in FILES:
        if not (folder / name).is_file():
            raise UserError(
                f"There is no {folder / name}: copy it there from openWakeWord's release, or leave recipes with "
                "pretrained features out."
            )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a process works on each core
    first, second = (
        onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"]) for name in FILES
    )
    return first, second


def _run(network: Any, values: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    (name,) = (given.name for given in network.get_inputs())
    found: npt.NDArray[np.float32] = network.run(None, {name: np.ascontiguousarray(values, dtype=np.float32)})[0]
    return found
