"""A corpus of pictures and spoken captions: three tables and two folders, wherever it comes from."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml
from PIL import Image

from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.speech.sound import read_audio
from vgsnb.vocabulary import normalise

COLUMNS = {
    "utterances": ("utterance_id", "image_id", "split", "speaker", "language", "text", "audio", "duration"),
    "words": ("utterance_id", "position", "word", "start", "end"),
    "images": ("image_id", "split", "file"),
}
RATE = 16000


@dataclass(frozen=True)
class Corpus:
    """An open corpus; times in seconds, paths relative to ``folder``.

    Attributes:
        folder: where it lies.
        about: name, version, languages, licence and how it was made.
        utterances: one row a caption; ``audio`` is "" and ``duration`` NaN for those that nobody spoke.
        words: one row a spoken word, normalised, in the order of its utterance.
        images: one row a picture; ``file`` is "" for those that are not at hand.
    """

    folder: Path
    about: dict[str, Any]
    utterances: pd.DataFrame
    words: pd.DataFrame
    images: pd.DataFrame

    def select(self, split: str, language: str = "en") -> pd.DataFrame:
        """The utterances of one split in one language, spoken or not."""
        require_known("split", split, sorted(self.utterances["split"].unique()))
        require_known("language", language, sorted(self.utterances["language"].unique()))
        rows = self.utterances
        return rows[(rows["split"] == split) & (rows["language"] == language)]

    def bag_of_words(self, keywords: Sequence[str], utterance_ids: Iterable[str]) -> pd.DataFrame:
        """Whether each of ``keywords`` (columns) is in the text of each of ``utterance_ids`` (index); uses text."""
        texts = self._rows(self.utterances, "utterance_id", utterance_ids)["text"]
        column = {word: place for place, word in enumerate(keywords)}
        said = np.zeros((len(texts), len(column)), dtype=bool)
        for row, text in enumerate(texts):
            said[row, [column[word] for word in map(normalise, text.split()) if word in column]] = True
        return pd.DataFrame(said, index=texts.index, columns=list(keywords))

    def audio(self, utterance_id: str) -> tuple[npt.NDArray[np.float32], int]:
        """Samples in [-1, 1] and their rate.

        Raises:
            UserError: nobody spoke this caption, or its file is missing, cut short, empty or of another rate.
        """
        file = self._rows(self.utterances, "utterance_id", [utterance_id])["audio"].iloc[0]
        if not file:
            raise UserError(f"Nobody spoke {utterance_id}: choose an utterance whose column audio is not empty.")
        return read_audio(self.folder / file, RATE), RATE

    def image(self, image_id: str) -> Image.Image:
        """The picture, RGB.

        Raises:
            UserError: its file is missing, cut short or no picture.
        """
        file = self._rows(self.images, "image_id", [image_id])["file"].iloc[0]
        if not file:
            raise UserError(f"The picture {image_id} is not at hand: make the corpus again where its pictures are.")
        path = self.folder / file
        try:
            with Image.open(path) as picture:
                return picture.convert("RGB")
        except FileNotFoundError as error:
            raise UserError(f"{path} is missing: put it back, or make the corpus again.") from error
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise UserError(f"{path} cannot be read as a picture ({error}): make or download it again.") from error

    def shown(self, image_id: str) -> Image.Image:
        """The picture to look at: a grey one stands for those that are not at hand."""
        file = self._rows(self.images, "image_id", [image_id])["file"].iloc[0]
        return self.image(image_id) if file else Image.new("RGB", (224, 224), "grey")

    def _rows(self, table: pd.DataFrame, key: str, names: Iterable[str]) -> pd.DataFrame:
        names = list(names)
        index = pd.Index(table[key]).get_indexer(pd.Index(names, dtype=object))
        if (index < 0).any():
            lost = names[int(np.argmin(index))]
            raise UserError(f"{self.folder} has no {key} {lost!r}: choose one from its tables.")
        return table.iloc[index].set_index(key)


def open_corpus(folder: Path | str) -> Corpus:
    """Open the corpus in ``folder``, after checking that its tables are whole and its files are there.

    Raises:
        UserError: a table or file is missing, cut short or empty, or a table is not the one that was written.
    """
    folder = Path(folder)
    about = _read_about(folder / "corpus.yaml")
    tables = {name: _read_table(folder / f"{name}.parquet", about) for name in COLUMNS}
    corpus = Corpus(folder, about, **tables)
    spoken = corpus.utterances["audio"]
    _require_files(folder, spoken[spoken != ""])
    _require_files(folder, corpus.images.loc[corpus.images["file"] != "", "file"])
    return corpus


def write_corpus(folder: Path, about: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Corpus:
    """Write the three ``tables`` and, with their checksums, ``about`` to ``folder``; open the corpus."""
    for name, columns in COLUMNS.items():
        with whole_file(folder / f"{name}.parquet") as path:
            extra = [column for column in tables[name] if column not in columns]
            tables[name][[*columns, *extra]].to_parquet(path, index=False)
    checksums = {f"{name}.parquet": _checksum(folder / f"{name}.parquet") for name in COLUMNS}
    with whole_file(folder / "corpus.yaml") as path:
        path.write_text(yaml.safe_dump({**about, "checksums": checksums}, sort_keys=False, allow_unicode=True))
    return open_corpus(folder)


def _read_about(path: Path) -> dict[str, Any]:
    try:
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing: name the folder of a corpus, or make it again.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid YAML: mend it, or make the corpus again.") from error
    if not isinstance(about, dict) or "name" not in about:
        raise UserError(f"{path} does not say the corpus's name: mend it, or make the corpus again.")
    return about


def _read_table(path: Path, about: dict[str, Any]) -> pd.DataFrame:
    if not path.is_file():
        raise UserError(f"{path} is missing: put it back, or make the corpus again.")
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is cut short or no parquet file: make or download the corpus again.") from error
    if lost := [column for column in COLUMNS[path.stem] if column not in table]:
        raise UserError(f"{path} lacks the columns {', '.join(lost)}: make or download the corpus again.")
    if about.get("checksums", {}).get(path.name, known := _checksum(path)) != known:
        raise UserError(f"{path} is not the table that corpus.yaml was written for: make the corpus again.")
    return table


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _require_files(folder: Path, files: Iterable[str]) -> None:
    for path in (f"{folder}{os.sep}{file}" for file in files):
        try:
            size = os.path.getsize(path)
        except OSError as error:
            raise UserError(f"{path} is missing: put it back, or make the corpus again.") from error
        if not size:
            raise UserError(f"{path} is empty: make or download it again.")
