"""Spoken Scenes, the default corpus: scenes are drawn, described in English and German, and spoken.

Everything random is drawn from the corpus's seed and the name of what it is for, so the same parameters give the same
bytes whatever the number of workers, and a small corpus is the beginning of a large one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from vgsnb.corpora import Corpus, write_corpus
from vgsnb.corpora.recording import forget_parts, record
from vgsnb.errors import UserError, require_known
from vgsnb.scenes import english, german
from vgsnb.scenes.facts import sample_scene
from vgsnb.seeds import generator
from vgsnb.speech.synthesis import Voice, make_voices
from vgsnb.speech.workers import in_chunks, spread, with_progress
from vgsnb.vision.drawing import draw_with_boxes

SPLITS = ("train", "dev", "test", "tagger", "tagger-dev")
SILENT = ("tagger", "tagger-dev")  # other scenes by other describers: what the tagger learns from, never spoken
DESCRIBERS = {"en": english.describe, "de": german.describe}
CAPTIONS = 5  # a picture and language
TEST_SHARE = 0.2  # of the voices: these speak the test captions and nothing else


def generate(
    folder: Path,
    pictures: Mapping[str, int],
    spoken: Mapping[str, int],
    voices: int,
    seed: int,
    workers: int = 1,
    size: int = 96,
) -> Corpus:
    """Make the corpus in ``folder``; what an interrupted generation with the same parameters spoke is not repeated.

    Args:
        folder: an empty folder, or one where this was interrupted.
        pictures: how many of each of ``SPLITS``.
        spoken: how many of the five captions in each language ("en", "de") are spoken, tagger's pictures excepted.
        voices: how many; the last fifth of them speak nothing but test captions.
        seed: of everything random.
        workers: processes.
        size: of the square pictures, in pixels.

    The table of images tells, in JSON, the ``facts`` of the scene and the ``figures`` with their boxes in fractions of
    the picture. Test captions in English are spoken again by training voices, as split ``test-seen``.
    """
    _check(pictures, spoken, voices)
    speakers = make_voices(voices, seed)
    images, captions = _draw_and_describe(folder, pictures, seed, size, workers)
    utterances = _assign_speakers(captions, spoken, speakers, seed)
    spoken_rows = utterances[utterances["speaker"] != ""]
    durations, words = record(folder, spoken_rows, {voice.name: voice for voice in speakers}, seed, workers)
    utterances["duration"] = utterances["utterance_id"].map(durations)
    parameters = {"pictures": dict(pictures), "spoken": dict(spoken), "voices": voices, "seed": seed, "size": size}
    corpus = write_corpus(folder, _about(parameters), {"utterances": utterances, "words": words, "images": images})
    forget_parts(folder)
    return corpus


def _check(pictures: Mapping[str, int], spoken: Mapping[str, int], voices: int) -> None:
    for split in pictures:
        require_known("split", split, SPLITS)
    for language, count in spoken.items():
        require_known("language", language, DESCRIBERS)
        if not 0 <= count <= CAPTIONS:
            raise UserError(f"A picture has {CAPTIONS} captions, so {count} in {language!r} cannot be spoken.")
    if not any(spoken.values()) or not any(pictures.get(split) for split in ("train", "dev", "test")):
        raise UserError("Nothing would be spoken: ask for pictures of train, dev or test and for spoken captions.")
    if voices < 2:
        raise UserError(f"A corpus needs one voice to train and one to test, not {voices}: ask for at least 2 voices.")


def _about(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "Spoken Scenes",
        "version": 1,
        "languages": list(DESCRIBERS),
        "licence": "CC BY 4.0",
        "speech": f"espeak-ng (GPL-3.0-or-later), as in espeakng-loader {version('espeakng-loader')}",
        "parameters": parameters,
    }


def _draw_and_describe(
    folder: Path, pictures: Mapping[str, int], seed: int, size: int, workers: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw all pictures; the table of images and the table of captions."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    wanted = [(f"{split}-{number:05d}", split) for split in pictures for number in range(pictures[split])]
    chunks = list(in_chunks(wanted, 32))
    work = partial(_draw_chunk, folder=folder, seed=seed, size=size)
    drawn = spread(work, chunks, min(workers, len(chunks)))
    images, captions = list[dict[str, Any]](), list[dict[str, Any]]()
    for some_images, some_captions in with_progress(drawn, len(chunks), "Drawing, batches of 32"):
        images += some_images
        captions += some_captions
    return pd.DataFrame(images), pd.DataFrame(captions)


def _draw_chunk(
    wanted: Sequence[tuple[str, str]], folder: Path, seed: int, size: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    images, captions = list[dict[str, Any]](), list[dict[str, Any]]()
    for image_id, split in wanted:
        scene = sample_scene(generator(seed, "scene", image_id))
        file = f"images/{image_id}.png"
        picture, boxes = draw_with_boxes(scene, generator(seed, "drawing", image_id), size)
        picture.save(folder / file, compress_level=1)
        facts, figures = json.dumps(asdict(scene)), json.dumps([asdict(box) for box in boxes])
        images.append({"image_id": image_id, "split": split, "file": file, "facts": facts, "figures": figures})
        for language, describe in DESCRIBERS.items():
            for number in range(CAPTIONS):
                utterance_id = f"{image_id}-{language}-{number}"
                text = describe(scene, generator(seed, "describer", utterance_id))
                row = {"utterance_id": utterance_id, "image_id": image_id, "split": split}
                captions.append({**row, "language": language, "number": number, "text": text})
    return images, captions


def _assign_speakers(
    captions: pd.DataFrame, spoken: Mapping[str, int], voices: Sequence[Voice], seed: int
) -> pd.DataFrame:
    """Give captions that are spoken a speaker and a sound file; add the test captions as spoken by training voices."""
    tested = max(1, round(TEST_SHARE * len(voices)))
    known, unseen = voices[:-tested], voices[-tested:]
    again = captions[(captions["split"] == "test") & (captions["language"] == "en")]
    again = again.assign(utterance_id=again["utterance_id"] + "-seen", split="test-seen")
    rows = pd.concat([captions, again], ignore_index=True)
    heard = ~rows["split"].isin(SILENT) & (rows["number"] < rows["language"].map(spoken).fillna(0))
    rows = rows[heard | (rows["split"] != "test-seen")]
    rows["speaker"] = [
        _speaker(name, unseen if split == "test" else known, split == "test", seed) if here else ""
        for name, split, here in zip(rows["utterance_id"], rows["split"], heard[rows.index], strict=True)
    ]
    names = "audio/" + rows["utterance_id"] + ".flac"
    return rows.assign(audio=names.where(rows["speaker"] != "", "")).drop(columns="number").reset_index(drop=True)


def _speaker(utterance_id: str, voices: Sequence[Voice], even: bool, seed: int) -> str:
    """Choose among ``voices``; unless ``even``, the first speak more (seven of 102 a fifth), as in real collections."""
    weights = [1.0 if even else 1 / (rank + 10) for rank in range(1, len(voices) + 1)]
    total = sum(weights)
    chosen = generator(seed, "speaker", utterance_id).choice(len(voices), p=[weight / total for weight in weights])
    return voices[int(chosen)].name


def captions(scenes: int, seed: int) -> pd.DataFrame:
    """The English captions of ``scenes`` scenes, text alone: ``utterance_id, image_id, text``, five a scene."""
    rows = list[tuple[str, str, str]]()
    for number in range(scenes):
        image_id = f"scene-{number:05d}"
        scene = sample_scene(generator(seed, "scene", image_id))
        for describer in range(CAPTIONS):
            utterance_id = f"{image_id}-en-{describer}"
            rows.append((utterance_id, image_id, english.describe(scene, generator(seed, "describer", utterance_id))))
    return pd.DataFrame(rows, columns=["utterance_id", "image_id", "text"])
