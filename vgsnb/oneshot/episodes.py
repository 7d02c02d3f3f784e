"""Episodes of few-shot tests: which tokens are shown, which are asked about, which pictures may be chosen.

An episode shows a *support set*, K spoken tokens of each of L classes, each with a picture of the same digit. It asks
Q spoken *queries* and Q pictures, of any class. Multimodal answers are pictures of a *matching set*, one a class. As
in Eloff et al. (2019), those who speak the queries are heard in no support set; and no picture has two roles.

Tokens are rows of two tables: spoken ones with ``word, digit, speaker``, pictures with ``digit``. Classes are words:
"oh" and "zero" are two, whose pictures are of the same digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.seeds import generator

Rows = npt.NDArray[np.int64]  # places in a table of tokens


@dataclass(frozen=True)
class Episodes:
    """E episodes, as places in the tables of spoken tokens and of pictures.

    ``support`` (E, S, L, K) spoken, S = 1, or Q where every query has a support set of its own; ``shown`` (E, L, K)
    the pictures that are paired with it; ``queries`` (E, Q) spoken; ``asked`` (E, Q) pictures that are asked about;
    ``matching`` (E, L) pictures to choose from. Classes are in the same order everywhere.
    """

    support: Rows
    shown: Rows
    queries: Rows
    asked: Rows
    matching: Rows

    def save(self, path: Path) -> None:
        """Write them to an npz file, which ``load`` reads."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> "Episodes":
        """Read what ``save`` wrote."""
        with np.load(path) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})


def deal(
    spoken: pd.DataFrame,
    pictures: pd.DataFrame,
    *,
    shots: int,
    queries: int = 10,
    count: int = 400,
    seed: int = 1,
    distractors: bool = False,
) -> Episodes:
    """Draw ``count`` episodes with ``shots`` examples of every word of ``spoken``: a function of ``seed`` alone.

    With ``distractors`` every query has a support set that is spoken by its own speaker but for what is right, every
    word of its digit, which others speak: who listens to voices is misled (speaker invariance in Eloff et al.).

    Raises:
        UserError: too few speakers, or too few tokens of a class.
    """
    by_word = {str(word): rows for word, rows in _places(spoken, "word").items()}
    by_digit = _places(pictures, "digit")
    digits = spoken.groupby("word")["digit"].first()
    draw = partial(_mixed, digits) if distractors else _apart
    found = []
    for number in range(count):
        rng = generator(seed, "episode", shots, number, int(distractors))
        support, asked_aloud = draw(rng, by_word, spoken["speaker"].to_numpy(), shots, queries)
        shown, asked, matching = _pictures(rng, [digits[word] for word in by_word], by_digit, shots, queries)
        found.append((support, shown, asked_aloud, asked, matching))
    return Episodes(*(np.stack(parts) for parts in zip(*found, strict=True)))


def _places(table: pd.DataFrame, column: str) -> dict[object, Rows]:
    values = table[column].to_numpy()
    return {value: np.flatnonzero(values == value) for value in sorted(set(values))}


def _apart(
    rng: np.random.Generator, by_word: Mapping[str, Rows], speakers: npt.NDArray[np.object_], shots: int, queries: int
) -> tuple[Rows, Rows]:
    """A support set (1, L, K) by half of the speakers, queries (Q,) by the other half."""
    everybody = rng.permutation(np.unique(speakers))
    if len(everybody) < 2:
        raise UserError("One speaker cannot both be shown and ask: give spoken tokens of two speakers at least.")
    heard = np.isin(speakers, everybody[: len(everybody) // 2])
    support = np.stack([_some(rng, rows[heard[rows]], shots, word) for word, rows in by_word.items()])
    words = rng.choice(list(by_word), queries)
    asked = [_some(rng, by_word[word][~heard[by_word[word]]], 1, word)[0] for word in words]
    return support[None], np.array(asked)


def _mixed(
    digits: "pd.Series[int]",
    rng: np.random.Generator,
    by_word: Mapping[str, Rows],
    speakers: npt.NDArray[np.object_],
    shots: int,
    queries: int,
) -> tuple[Rows, Rows]:
    """A support set for every query, (Q, L, K): the query's speaker says all of it but for what is right; and (Q,)."""
    sets, asked = [], []
    for right in rng.choice(list(by_word), queries):
        query = int(rng.choice(by_word[right]))
        own = speakers == speakers[query]
        rows = {
            word: rows[own[rows] if digits[word] != digits[right] else ~own[rows]] for word, rows in by_word.items()
        }
        sets.append(np.stack([_some(rng, found, shots, word) for word, found in rows.items()]))
        asked.append(query)
    return np.stack(sets), np.array(asked)


def _pictures(
    rng: np.random.Generator, digits: list[object], by_digit: Mapping[object, Rows], shots: int, queries: int
) -> tuple[Rows, Rows, Rows]:
    """Pictures shown (L, K), asked about (Q,) and to choose from (L,), all different ones."""
    left = {digit: list(rng.permutation(rows)) for digit, rows in by_digit.items()}

    def take(digit: object) -> int:
        if not left.get(digit):
            raise UserError(f"There are too few pictures of {digit} for an episode: give more, or ask for fewer shots.")
        return int(left[digit].pop())

    shown = np.array([[take(digit) for _ in range(shots)] for digit in digits])
    matching = np.array([take(digit) for digit in digits])
    every = sorted(set(digits), key=str)
    asked = np.array([take(every[place]) for place in rng.integers(len(every), size=queries)])
    return shown, asked, matching


def _some(rng: np.random.Generator, rows: Rows, count: int, word: str) -> Rows:
    if len(rows) < count:
        raise UserError(
            f"{word!r} is spoken {len(rows)} times by those who may say it here, and {count} are to be shown: "
            "give more spoken tokens, or ask for fewer shots."
        )
    return rng.choice(rows, count, replace=False)
