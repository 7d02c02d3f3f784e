"""Keywords and their places in a collection of any size: from sound files to one table, a lot of files at a time.

Nothing that grows with the collection stays in memory but the names of its files, and a search that was killed goes on
with the lot that it was at.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb import training
from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.further.localisation import localise, methods_for
from vgsnb.localisation import COARSE, METHODS, SegmentGrid
from vgsnb.models import KeywordModel
from vgsnb.speech.features import FeatureSettings, FeatureStore, extract_file
from vgsnb.speech.workers import in_chunks, spread, with_progress

LOT = 256  # files
FOUND, BROKEN = "found.csv", "broken.csv"
Heard = tuple[dict[str, npt.NDArray[np.float16]], dict[str, str]]


def search(
    model: KeywordModel,
    settings: FeatureSettings,
    sounds: Iterable[Path],
    folder: Path,
    *,
    keywords: Sequence[str] = (),
    threshold: float = 0.5,
    method: str = "attention",
    workers: int = 1,
    lot: int = LOT,
    **localising: Any,
) -> None:
    """Write to ``folder`` which of ``keywords`` (all that ``model`` knows) are said in which of ``sounds``, and where.

    Every file is one utterance. A keyword is found where its score reaches ``threshold``, and placed by ``method``;
    ``localising`` goes to ``localise``. ``found.csv`` has the columns ``file, keyword, score, time, start, end``, the
    score that of detection and the times in seconds; ``broken.csv`` says which files could not be used, and why. Both
    are in the order of ``sounds``. What a killed call left in ``folder`` is kept.

    Raises:
        UserError: an unknown keyword or method.
    """
    for word in keywords:
        require_known("keyword of this model", word, model.keywords)
    require_known(f"localisation method of {model.name}", method, methods_for(model))
    lots = list(in_chunks(list(sounds), lot))
    parts = [folder / f"part-{number:06d}" for number in range(len(lots))]
    todo = [number for number, part in enumerate(parts) if not (part / FOUND).is_file()]
    heard = spread(partial(_heard, settings=settings), [lots[number] for number in todo], workers)
    for number, (features, broken) in zip(
        todo, with_progress(heard, len(todo), "Searching, lots of files"), strict=True
    ):
        if METHODS[method].frames is None:
            broken |= _too_short(features, settings, localising.get("grid", COARSE))
        whole = {name: frames for name, frames in features.items() if name not in broken}
        store = FeatureStore.in_memory(whole, settings)
        found = _found(model, store, list(keywords or model.keywords), threshold, method, localising)
        _write(pd.DataFrame(broken.items(), columns=["file", "reason"]), parts[number] / BROKEN)
        _write(found, parts[number] / FOUND)  # last: where it is, the lot is done
    for name in (FOUND, BROKEN):
        _join([part / name for part in parts], folder / name)
    for part in parts:
        shutil.rmtree(part)


def _heard(paths: Sequence[Path], settings: FeatureSettings) -> Heard:
    """The features of ``paths``, and of those that have none the reason."""
    features, broken = dict[str, npt.NDArray[np.float16]](), dict[str, str]()
    for path in paths:
        try:
            features[str(path)] = extract_file(path, settings)
        except UserError as error:
            broken[str(path)] = str(error)
    return features, broken


def _too_short(
    features: Mapping[str, npt.NDArray[np.float16]], settings: FeatureSettings, grid: SegmentGrid
) -> dict[str, str]:
    least = min(grid.durations)
    short = [name for name, frames in features.items() if len(frames) < round(least / settings.shift)]
    return {
        name: f"{name} is shorter than every segment that is masked, {least} s: place by attention." for name in short
    }


def _found(
    model: KeywordModel,
    store: FeatureStore,
    keywords: list[str],
    threshold: float,
    method: str,
    localising: dict[str, Any],
) -> pd.DataFrame:
    scores = training.predict(model, store)[keywords] if len(store) else pd.DataFrame(columns=keywords, dtype=float)
    rows, columns = np.nonzero(scores.to_numpy() >= threshold)
    pairs = pd.DataFrame({"utterance_id": scores.index[rows], "keyword": scores.columns[columns]})
    places = localise(model, store, pairs, method, **localising)
    places["score"] = scores.to_numpy()[rows, columns]
    return places.rename(columns={"utterance_id": "file"})


def _write(table: pd.DataFrame, path: Path) -> None:
    with whole_file(path) as whole:
        table.to_csv(whole, index=False, float_format="%.4f")


def _join(parts: Sequence[Path], path: Path) -> None:
    """One table of all ``parts``, line by line."""
    with whole_file(path) as whole, whole.open("w") as file:
        for number, part in enumerate(parts):
            with part.open() as lines:
                header = next(lines)
                file.writelines([header] if number == 0 else [])
                file.writelines(lines)
