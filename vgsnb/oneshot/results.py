"""The tables of one-shot learning: accuracies with intervals, what is taken for what, and an episode to be played."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb.oneshot import digits, trials
from vgsnb.oneshot.background import resampled as to_rate
from vgsnb.oneshot.trials import BASELINE, TASKS
from vgsnb.report.robot import CHANCE, Episode
from vgsnb.seeds import generator
from vgsnb.settings import Settings
from vgsnb.speech.synthesis import RATE
from vgsnb.summary import with_bounds

Values = npt.NDArray[np.float64]


def accuracies(settings: Settings, distractors: bool = False) -> pd.DataFrame:
    """How often each method is right, and how much more often than DTW and pixels on the same episodes.

    ``method, task, shots, accuracy, low, high, models, episodes, accuracy_difference`` and its bounds. The value is the
    mean over models, episodes and queries; intervals resample episodes, and models where there are several.
    Then ``chance``, which has none. ``distractors``: every query among words in its own speaker's voice, of which the
    right one is not; one shot, and no pictures alone.
    """
    numbers, shots = settings["oneshot"], [1] if distractors else settings["oneshot"]["shots"]
    asked = list(product([task for task in TASKS if not (distractors and task == "image")], shots))
    draws = drawn(numbers["episodes"], settings["evaluation"]["resamples"], settings["evaluation"]["seed"])
    # A method at a time: its networks are loaded once.
    found = {name: shares_right(settings, name, asked, distractors) for name in trials.methods(settings)}
    rows = list[dict[str, object]]()
    for place, (task, count) in enumerate(asked):
        for method, shares in found.items():
            about = {"method": method, "task": task, "shots": count, "models": len(shares), "episodes": shares.shape[2]}
            rows.append(about | _measured(shares[:, place], found[BASELINE][:, place], draws))
        guess = {"method": CHANCE, "task": task, "shots": count, "models": 0, "episodes": numbers["episodes"]}
        rows.append(guess | {"accuracy": chance(settings, task)})
    names = ["method", "task", "shots", "accuracy", "low", "high"]
    table = pd.DataFrame(rows).rename(columns={"accuracy_low": "low", "accuracy_high": "high"})
    return table[[*names, *table.columns.difference(names, sort=False)]]


def shares_right(
    settings: Settings, method: str, asked: Sequence[tuple[str, int]], distractors: bool = False
) -> Values:
    """The share of queries that each model answers rightly in each episode of each task and shots: (M, len, E)."""
    found = [
        [trials.correct(settings, method, task, shots, seed, distractors).mean(axis=1) for task, shots in asked]
        for seed in trials.seeds(settings, method)
    ]
    return np.array(found)


def _measured(found: Values, base: Values, draws: Values) -> dict[str, object]:
    value = pd.Series({"accuracy": found.mean(), "accuracy_difference": (found - base).mean()})
    values = pd.DataFrame(resampled(found, base, draws), columns=value.index)
    return with_bounds(value, values, pd.Series({"accuracy": 0.0, "accuracy_difference": -1.0}))


def drawn(count: int, resamples: int, seed: int) -> Values:
    """The share (R, E) of each of ``count`` episodes in each resample."""
    rng = generator(seed, "episodes")
    return rng.multinomial(count, np.full(count, 1 / count), size=resamples) / count


def resampled(found: Values, base: Values, draws: Values) -> Values:
    """The mean of ``found`` (M, E) and of its difference to ``base`` (1, E) in resamples ``draws`` (R, E): (R, 2).

    Models are drawn anew as well.
    """
    models = len(found)
    shares = generator("models", models).multinomial(models, np.full(models, 1 / models), size=len(draws)) / models
    mean = (draws @ found.T * shares).sum(axis=1)
    return np.stack([mean, mean - draws @ base[0]], axis=1)


def chance(settings: Settings, task: str) -> float:
    """How often a guess is right. "Oh" and "zero" have the same picture, so either one is right."""
    words = pd.Series({word: digits.DIGITS[word] for word in trials.words_of(settings)})
    if task == "speech":
        return 1 / len(words)
    counts = words.value_counts()  # words of each digit
    if task == "image":  # a digit is asked about as often as any other
        return float(counts.mean() / len(words))
    return float(words.map(counts).mean() / len(words))


def confusions(settings: Settings, methods: Sequence[str], task: str = "speech", shots: int = 1) -> pd.DataFrame:
    """What is taken for what, over all models: ``method, task, asked, taken, share`` of the queries of ``asked``.

    Asked words come in the order of their numbers.
    """
    words, tables = trials.words_of(settings), []
    order = {word: place for place, word in enumerate(digits.DIGITS)}
    asked = trials.asked(settings, task, shots)
    for method in methods:
        said = np.stack(
            [trials.answered(settings, method, task, shots, seed) for seed in trials.seeds(settings, method)]
        )
        pairs = pd.DataFrame(
            {"asked": np.broadcast_to(asked, said.shape).ravel(), "taken": np.array(words)[said.ravel()]}
        )
        share = pairs.groupby("asked")["taken"].value_counts(normalize=True).rename("share").reset_index()
        share = share.sort_values("asked", key=lambda asked: asked.map(order), kind="stable")
        tables.append(share.assign(method=method, task=task))
    return pd.concat(tables, ignore_index=True)[["method", "task", "asked", "taken", "share"]]


def played(settings: Settings, count: int, seed: int) -> list[Episode]:
    """A query each of ``count`` words in one-shot episodes that ``seed`` draws, with what every method chose."""
    dealt, words = trials.episodes(settings, 1), trials.words_of(settings)
    heard, seen = trials.spoken(settings), trials.pictures(settings).pixels
    chosen = {
        name: trials.answered(settings, name, "multimodal", 1, trials.seeds(settings, name)[0])
        for name in trials.methods(settings)
    }
    asked, rng, found = trials.asked(settings, "multimodal", 1), generator(seed, "played"), list[Episode]()
    for word in rng.permutation(sorted(set(asked.ravel())))[:count]:
        number, place = rng.choice(np.argwhere(asked == word))
        order = generator(seed, "choices", int(number)).permutation(
            len(words)
        )  # the classes' own order tells which is which
        support, shown = dealt.support[number, 0, :, 0], dealt.shown[number, :, 0]
        digit = digits.DIGITS[word]
        found.append(
            Episode(
                shown=[
                    (to_rate(heard.sounds[token], heard.rate, RATE), seen[picture])
                    for token, picture in zip(support, shown, strict=True)
                ],
                query=to_rate(heard.sounds[dealt.queries[number, place]], heard.rate, RATE),
                choices=[seen[picture] for picture in dealt.matching[number][order]],
                right=[spot for spot, row in enumerate(order) if digits.DIGITS[words[row]] == digit],
                answers={name: int(np.flatnonzero(order == rows[number, place])[0]) for name, rows in chosen.items()},
                word=str(word),
                rate=RATE,
            )
        )
    return found
