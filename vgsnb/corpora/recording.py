"""Having the captions of a corpus spoken, so that a killed run goes on where it stopped."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from vgsnb.files import whole_file
from vgsnb.speech.synthesis import Request, Voice, record_all
from vgsnb.speech.workers import in_chunks
from vgsnb.vocabulary import normalise

PARTS = "parts"
SAVED_TOGETHER = 512  # utterances; a killed run loses no more


def record(
    folder: Path, utterances: pd.DataFrame, voices: Mapping[str, Voice], seed: int, workers: int = 1
) -> tuple[pd.Series, pd.DataFrame]:
    """Speak ``utterances`` into ``folder``/audio; what an interrupted call with the same arguments spoke is kept.

    Args:
        folder: of the corpus.
        utterances: ``utterance_id, text, speaker, language``; a text is words separated by single spaces.
        voices: of every speaker.
        seed: of rooms, noises and pauses.
        workers: processes.

    Returns the durations in seconds by utterance id, and the table of words of a corpus (normalised).
    """
    columns = (utterances[name] for name in ("utterance_id", "text", "speaker", "language"))
    requests = [
        Request(name, text, voices[speaker], language, seed)
        for name, text, speaker, language in zip(*columns, strict=True)
    ]
    parts = [pd.read_parquet(path) for path in sorted((folder / PARTS).glob("*.parquet"))]
    done = {name for part in parts for name in part["utterance_id"]}
    todo = [request for request in requests if request.utterance_id not in done]
    recorded = record_all(todo, folder / "audio", workers)
    for number, some in enumerate(in_chunks(todo, SAVED_TOGETHER), start=len(parts)):
        found = [next(recorded) for _ in some]
        parts.append(pd.concat([_word_rows(request, *one) for request, one in zip(some, found, strict=True)]))
        with whole_file(folder / PARTS / f"{number:06d}.parquet") as path:
            parts[-1].to_parquet(path, index=False)
    words = pd.concat(parts, ignore_index=True)
    durations = words.groupby("utterance_id")["duration"].first()
    return durations, words.assign(word=words["word"].map(normalise)).drop(columns="duration")


def _word_rows(request: Request, duration: float, words: pd.DataFrame) -> pd.DataFrame:
    return words.assign(utterance_id=request.utterance_id, position=range(len(words)), duration=duration)


def forget_parts(folder: Path) -> None:
    """Remove what ``record`` kept to go on from, once the corpus is written."""
    shutil.rmtree(folder / PARTS, ignore_errors=True)
