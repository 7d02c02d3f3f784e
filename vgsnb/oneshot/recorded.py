"""Digits and characters of other people, in the layouts in which they are published; nothing is copied here."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from vgsnb.errors import UserError
from vgsnb.oneshot.background import resampled
from vgsnb.oneshot.digits import DIGITS
from vgsnb.oneshot.tokens import Pictures, Spoken
from vgsnb.speech.sound import read_audio
from vgsnb.speech.synthesis import RATE

FSDD = re.compile(r"(?P<digit>[0-9])_(?P<speaker>[a-z]+)_(?P<take>[0-9]+)\.(flac|wav)")
TIDIGITS = re.compile(r"(?P<digit>[oz1-9])(?P<take>[ab])\.wav", re.IGNORECASE)
SPOKEN_AS = {str(digit): word for word, digit in DIGITS.items() if digit} | {"0": "zero", "z": "zero", "o": "oh"}
FSDD_RATE, TIDIGITS_RATE = 8000, 20000
OMNIGLOT_SIDE = 105  # pixels
COLUMNS = ["token_id", "word", "digit", "speaker"]


def read_fsdd(folder: Path, takes: int) -> Spoken:
    """The Free Spoken Digit Dataset, ``<digit>_<speaker>_<take>`` below ``folder``: the first ``takes`` of each.

    Ten words: nobody says "oh".
    """
    known = {path.stem: path for path in sorted(folder.rglob("*")) if FSDD.fullmatch(path.name)}
    found = [(path, FSDD.fullmatch(path.name)) for path in known.values()]
    chosen = [(path, match["digit"], match["speaker"]) for path, match in found if match and int(match["take"]) < takes]
    return _spoken(chosen, FSDD_RATE, folder)


def read_tidigits(folder: Path, part: str = "test") -> Spoken:
    """The isolated digits of TIDigits, ``<part>/<man|woman|boy|girl>/<speaker>/<digit><a|b>.wav`` below ``folder``.

    Sequences of digits are left out. The wav files are NIST SPHERE, which libsndfile reads once they are uncompressed.
    They come at 16,000 samples a second, as background speech does: what only one of them has above would tell them
    apart.
    """
    own = (path.relative_to(folder) for path in folder.rglob("*"))
    paths = sorted(folder / path for path in own if part in [name.lower() for name in path.parts])
    found = [(path, match) for path in paths if (match := TIDIGITS.fullmatch(path.name))]
    told = [(path, match["digit"].lower(), path.parent.name) for path, match in found]
    spoken = _spoken(told, TIDIGITS_RATE, folder)
    return Spoken(spoken.table, [resampled(sound, TIDIGITS_RATE, RATE) for sound in spoken.sounds], RATE)


def _spoken(files: Iterable[tuple[Path, str, str]], rate: int, folder: Path) -> Spoken:
    files = list(files)
    if not files:
        raise UserError(f"There is no spoken digit in {folder}: put the files there in their official layout.")
    rows = [(path.stem, SPOKEN_AS[digit], DIGITS[SPOKEN_AS[digit]], speaker) for path, digit, speaker in files]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["token_id"] = table["speaker"] + "-" + table["token_id"]
    return Spoken(table, [read_audio(path, rate) for path, _, _ in files], rate)


def read_mnist(path: Path) -> Pictures:
    """The 10,000 test pictures of MNIST, 28 × 28, from the ``npz`` file that Keras publishes."""
    stored = _stored(path, "x_test", "y_test")
    return Pictures(
        pd.DataFrame({"digit": stored["y_test"].astype(int)}), stored["x_test"].astype(np.float32) / np.float32(255)
    )


def read_omniglot(path: Path, size: int) -> Pictures:
    """The drawings of Omniglot, ``x`` packed bits of 105 × 105 and ``path`` of each, made ``size`` × ``size``.

    A character is the folder of its drawings. Latin letters are left out: some are written as digits are.
    """
    stored = _stored(path, "x", "path")
    bits = np.unpackbits(stored["x"], axis=1)[:, : OMNIGLOT_SIDE**2].reshape(-1, OMNIGLOT_SIDE, OMNIGLOT_SIDE)
    ink = bits if bits.mean() < 0.5 else 1 - bits
    pixels = np.stack([_smaller(drawing, size) for drawing in ink])
    characters = pd.Series([str(Path(str(name)).parent) for name in stored["path"]])
    kept = ~characters.str.contains("Latin").to_numpy()
    return Pictures(pd.DataFrame({"character": characters[kept].to_numpy()}), pixels[kept])


def _stored(path: Path, *names: str) -> dict[str, npt.NDArray[Any]]:
    if not path.is_file():
        raise UserError(f"There is no {path}: put it there, or take digits and characters that need no download.")
    try:
        with np.load(path) as stored:
            missing = [name for name in names if name not in stored]
            found = {name: stored[name] for name in names if name in stored}
    except (OSError, ValueError, BadZipFile) as error:
        raise UserError(f"{path} cannot be read ({error}): download it again.") from error
    if missing:
        raise UserError(f"{path} has no {', '.join(missing)}: take the file in its published layout.")
    return found


def _smaller(drawing: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.float32]:
    """A drawing in ``size`` × ``size``; its thin strokes as dark as those of thick pens."""
    small = Image.fromarray(drawing * 255).resize((size, size), Image.Resampling.BOX)
    found = np.asarray(small, np.float32)
    return found / max(1.0, float(found.max()))
