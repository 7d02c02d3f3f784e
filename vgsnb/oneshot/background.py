"""What the networks may learn from: words and pictures that are no digits.

Words are cut from a spoken corpus, by the times that it has; those that are digits or sound like one are left out.
Pictures are letters of the fonts that Matplotlib carries and random lines, warped, at the digits' resolution.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path

import matplotlib
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import map_coordinates, zoom
from scipy.signal import resample_poly

from vgsnb.errors import UserError
from vgsnb.oneshot.digits import cut
from vgsnb.oneshot.tokens import Pictures, Spoken
from vgsnb.seeds import generator
from vgsnb.speech.sound import read_audio
from vgsnb.speech.synthesis import RATE

FloatArray = npt.NDArray[np.float32]
# Words that are, sound like or contain a spoken digit, and those that begin with one.
LIKE_DIGITS = re.compile(
    r".*\d.*|o|ohs?|owe[sd]?|toe?s?|too|won|ates?|for|fore|once|.*(zero|someone|anyone|everyone|noone|none|thirt|twent).*"
    r"|.*(ones?|tens?)|(one|two|twice|three|thir|four|fort|five|fif|six|seven|eight|nine|nin).*"
)
LETTERS = (
    "ACEFHJKLMNPRTUVWXYadefhkmnprty&?#%"  # none that is written like a digit, as B b D G g I i l O o Q q S s Z z @ $
)
SIDE = 64  # pixels in which a character is drawn before it is made small
INK = 0.1  # what counts as written
# Pixels by which a point of a line moves from one writing to the next, and by which paper bends. Chosen by naming
# characters of Omniglot, 8 x 8, one example of ten: .77; with points that move by 3.0 .76, pixels alone .74.
WOBBLE, BEND = 1.5, 0.5
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSans-Oblique", "DejaVuSansMono", "STIXGeneral")


def words(
    table: pd.DataFrame, speakers: pd.Series, *, shortest: float, classes: int, tokens: int, seed: int
) -> pd.DataFrame:
    """Which words of a corpus make background speech: ``token_id, utterance_id, word, start, end, speaker``.

    The ``classes`` most common words that last ``shortest`` seconds and are not like digits, and at most
    ``tokens`` of each, random ones.

    Args:
        table: the corpus's words, ``utterance_id, word, start, end`` in seconds.
        speakers: the speaker of each utterance_id.

    Raises:
        UserError: fewer than two words have two such tokens.
    """
    rows = table[(table["end"] - table["start"] >= shortest) & ~table["word"].map(like_a_digit)]
    counts = rows["word"].value_counts()
    common = counts[counts > 1].index[:classes]
    if len(common) < 2:
        raise UserError(f"Fewer than two words last {shortest} s and are said twice: take a corpus with more speech.")
    rows = rows[rows["word"].isin(common)]
    order = generator(seed, "background words").permutation(len(rows))
    kept = rows.iloc[order].groupby("word", sort=False).head(tokens).sort_values(["utterance_id", "start"])
    names = [f"{name}-{place}" for place, name in enumerate(kept["utterance_id"])]
    kept = kept.assign(token_id=names, speaker=speakers.loc[kept["utterance_id"]].to_numpy())
    return kept[["token_id", "utterance_id", "word", "start", "end", "speaker"]].reset_index(drop=True)


def like_a_digit(word: str) -> bool:
    """Whether a word is a digit, sounds like one, or has one in it."""
    return LIKE_DIGITS.fullmatch(word.lower()) is not None


def cut_words(files: Mapping[str, Path], chosen: pd.DataFrame, rate: int) -> Spoken:
    """The sound of ``chosen`` words (of ``words``) at ``rate`` a second, out of the sound files of utterances."""
    sounds = list[FloatArray]()
    for name, rows in chosen.groupby("utterance_id", sort=False):
        samples = resampled(read_audio(files[str(name)]), RATE, rate)
        sounds += [cut(samples, rate, start, end) for start, end in zip(rows["start"], rows["end"], strict=True)]
    return Spoken(chosen, sounds, rate)


def resampled(samples: FloatArray, before: int, after: int) -> FloatArray:
    """``samples`` brought from one rate to another."""
    if before == after:
        return samples
    divisor = math.gcd(before, after)
    return resample_poly(samples, after // divisor, before // divisor).astype(np.float32)


def pictures(classes: int, each: int, size: int, seed: int) -> Pictures:
    """``each`` pictures of ``classes`` characters that are no digits, ``size`` × ``size``.

    The first classes are letters and signs, the rest random lines; every picture is written anew: another font or other
    points, turned, sheared, stretched and bent, with a thinner or thicker pen.
    """
    made = [
        _written(number, generator(seed, "background picture", number, take), seed, size)
        for number in range(classes)
        for take in range(each)
    ]
    names = [LETTERS[number] if number < len(LETTERS) else f"strokes {number}" for number in range(classes)]
    return Pictures(pd.DataFrame({"character": np.repeat(names, each)}), np.stack(made))


def _written(number: int, rng: np.random.Generator, seed: int, size: int) -> FloatArray:
    canvas = _letter(LETTERS[number], rng) if number < len(LETTERS) else _strokes(number, rng, seed)
    warped = _bent(canvas, rng)
    rows, columns = np.nonzero(warped > INK)
    top, low, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    side = max(low - top, right - left)
    wide, high = (side - (right - left)) // 2, (side - (low - top)) // 2
    around = ((high, side - (low - top) - high), (wide, side - (right - left) - wide))
    square = np.pad(warped[top:low, left:right], around)
    return np.asarray(Image.fromarray(square).resize((size, size), Image.Resampling.BOX), np.float32).clip(0, 1)


def _letter(letter: str, rng: np.random.Generator) -> FloatArray:
    canvas = Image.new("L", (SIDE, SIDE))
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{rng.choice(FONTS)}.ttf"
    font = ImageFont.truetype(str(path), 40)
    ImageDraw.Draw(canvas).text(
        (SIDE // 2, SIDE // 2), letter, 255, font, anchor="mm", stroke_width=int(rng.integers(0, 3))
    )
    return np.asarray(canvas, np.float32) / np.float32(255)


def _strokes(number: int, rng: np.random.Generator, seed: int) -> FloatArray:
    """Two or three bent lines that are the class, each of them by three points, which ``rng`` moves a little."""
    own, canvas = generator(seed, "strokes", number), Image.new("L", (SIDE, SIDE))
    pen, time = int(rng.integers(3, 8)), np.linspace(0, 1, 20)[:, None]
    for _ in range(int(own.integers(2, 4))):
        points = np.column_stack([own.uniform(14, 50, 3), own.uniform(6, 58, 3)]) + rng.normal(0, WOBBLE, (3, 2))
        curve = (1 - time) ** 2 * points[0] + 2 * time * (1 - time) * points[1] + time**2 * points[2]
        ImageDraw.Draw(canvas).line([(float(x), float(y)) for x, y in curve], 255, pen, joint="curve")
    return np.asarray(canvas, np.float32) / np.float32(255)


def _bent(canvas: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Half as large, a little turned, sheared, stretched and bent, as no two hands write alike."""
    angle, shear = rng.normal(0, 0.12, 2)
    stretch, middle = rng.uniform(0.85, 1.15, 2), SIDE / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(stretch)
    places = np.mgrid[:SIDE:2, :SIDE:2].reshape(2, -1) - middle
    bends = rng.normal(0, BEND, (2, 4, 4))
    away = zoom(bends, (1, SIDE / 8, SIDE / 8), order=1).reshape(2, -1)
    found = map_coordinates(canvas, matrix @ places + middle + away, order=1, mode="constant")
    return np.asarray(found.reshape(SIDE // 2, SIDE // 2), np.float32)
