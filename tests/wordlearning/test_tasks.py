"""The searches against loops over queries and answers, and a space in which everything is where it belongs."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vgsnb.evaluation.retrieval import rank_measures
from vgsnb.wordlearning import tasks
from vgsnb.wordlearning.tasks import Space

WORDS = ["dog", "run", "dog", "boy", "run", "boy", "dog", "hat"]
SPEAKERS = ["a", "a", "b", "b", "c", "c", "c", "d"]
SAID = [(0, 0), (0, 1), (1, 2), (1, 3), (2, 4), (2, 5), (2, 6), (3, 6), (3, 7)]  # token 6 describes two pictures


def captions(table: pd.DataFrame, said: Iterable[tuple[int, int]]) -> pd.DataFrame:
    """The words that are recorded of each picture, no others."""
    return pd.DataFrame([(picture, table["word"].iloc[token]) for picture, token in said], columns=["picture", "word"])


@pytest.fixture(params=[0, 1])
def space(request: pytest.FixtureRequest) -> Space:
    rng = np.random.default_rng(request.param)
    table = pd.DataFrame({"word": WORDS, "speaker": SPEAKERS})
    seen, heard = (rng.normal(size=shape).astype(np.float32) for shape in ((4, 3, 5), (8, 5)))
    return Space(seen, heard, table, np.array(SAID), captions(table, SAID))


def expected(space: Space, task: str) -> list[float]:
    """Ranks by loops, as the task is worded; there are no ties."""
    unit = lambda vectors: vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)  # noqa: E731
    seen, heard = unit(space.seen), unit(space.heard)
    pictures_of = {token: {p for p, t in SAID if t == token} for token in range(8)}
    words_of = {picture: {WORDS[t] for p, t in SAID if p == picture} for picture in range(4)}
    found = []
    if task in ("word-token-by-image", "word-type-by-image"):
        for picture in range(4):
            for region in seen[picture]:
                order = np.argsort(-(heard @ region))
                right = [
                    picture in pictures_of[t] if task == "word-token-by-image" else WORDS[t] in words_of[picture]
                    for t in order
                ]
                found.append(1 + right.index(True))
    for token in range(8) if not found else ():
        if task == "image-token-by-word":
            order = np.argsort(-(seen.reshape(12, 5) @ heard[token]))
            right = [place // 3 in pictures_of[token] for place in order]
        else:
            others = [t for t in range(8) if t != token]
            if task == tasks.ACROSS:
                others = [t for t in others if SPEAKERS[t] != SPEAKERS[token]]
            order = sorted(others, key=lambda t: -float(heard[t] @ heard[token]))
            described = set().union(*(words_of[p] for p in pictures_of[token]))
            right = [
                WORDS[t] in described if task == tasks.ACROSS else bool(pictures_of[t] & pictures_of[token])
                for t in order
            ]
        found.append(1 + right.index(True) if True in right else np.nan)
    return found


@pytest.mark.parametrize("task", [*tasks.TASKS, tasks.ACROSS])
@pytest.mark.parametrize("block", [3, 1000])
def test_ranks_are_those_of_loops(space: Space, task: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BLOCK", block)
    found = tasks.ranks(space, task)
    assert found["rank"].to_numpy() == pytest.approx(expected(space, task), nan_ok=True)
    assert set(found["picture"]) <= set(range(4))


def test_everything_is_found_first_where_words_lie_on_their_regions() -> None:
    eye = np.eye(4, dtype=np.float32)
    table = pd.DataFrame({"word": list("abcdabcd"), "speaker": list("xxxxyyyy")})
    said = np.array([(p, p + 4 * again) for p in range(4) for again in (0, 1)])
    space = Space(np.repeat(eye[:, None], 3, axis=1), np.concatenate([eye, eye]), table, said, captions(table, said))
    for task in (*tasks.TASKS, tasks.ACROSS):
        ranks = tasks.ranks(space, task)
        assert rank_measures(ranks["rank"])["r1"] == 1, task
        assert (ranks["chance"] > 1).all()
    assert tasks.near_pictures(space).argmax(axis=1).tolist() == [0, 1, 2, 3, 0, 1, 2, 3]


def test_a_random_projection_keeps_directions() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(30, 400)).astype(np.float32)
    found = tasks.random_projection(np.concatenate([values, 2 * values]), 200, rng)
    unit = found / np.linalg.norm(found, axis=1, keepdims=True)
    assert np.abs(unit[:30] - unit[30:]).max() < 1e-5
    assert (unit[:30] @ unit[30:].T).argmax(axis=1).tolist() == list(range(30))


def test_a_word_that_a_caption_says_is_right_although_nobody_recorded_it(space: Space) -> None:
    assert not space.type_describes[3, 3]  # "boy", and a picture of which other words are recorded
    more = pd.concat([space.captions, pd.DataFrame({"picture": [3, 3], "word": ["boy", "never said"]})])
    found = replace(space, captions=more).type_describes
    assert found[[3, 5], 3].all()
    assert found.sum() == space.type_describes.sum() + 2


def test_what_lies_on_its_pictures_has_an_average_precision_of_one() -> None:
    eye = np.eye(4, dtype=np.float32)
    table = pd.DataFrame({"word": list("abcd"), "speaker": list("xxxx")})
    said = np.array([(place, place) for place in range(4)])
    near = Space(np.repeat(eye[:, None], 3, axis=1), eye, table, said, captions(table, said))
    assert tasks.word_precisions(near)["average_precision"].tolist() == [1.0] * 4
    far = replace(near, heard=-eye)
    assert tasks.word_precisions(far)["average_precision"].tolist() == pytest.approx([0.25] * 4)
    classes = tasks.by_frequency(tasks.word_precisions(near).assign(train_tokens=[0, 9, 10, 5000]), (0, 10, 100))
    assert classes[["from", "words"]].to_numpy().tolist() == [[0, 2], [10, 1], [100, 1]]
