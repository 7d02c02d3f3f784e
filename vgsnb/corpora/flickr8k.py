"""Flickr8k in its publishers' layout: photographs, five captions each, their splits, recordings and alignment.

Pictures and captions are those of Hodosh et al. (2013), the recordings the Flickr Audio Caption Corpus of Harwath and
Glass (2015), the word times a forced alignment (``flickr_8k.ctm``). An utterance is called ``<image>_<number>`` as its
recording is. Where recordings are not asked for the captions are synthesised, in one voice for each real speaker, and
the corpus says so in its name. Every reader returns what it could read and a table of what it could not, by name:
``file, problem``.
"""

import gzip
import hashlib
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import soundfile

from vgsnb.corpora import Corpus, write_corpus
from vgsnb.corpora.recording import forget_parts, record
from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.seeds import generator
from vgsnb.speech.synthesis import make_voices
from vgsnb.vocabulary import normalise

SYNTHESISED = "Flickr8k, synthesised speech"
RECORDED = "Flickr8k with the Flickr Audio Caption Corpus"
SPEECH = ("synthesised", "recorded")

CAPTIONS = "Flickr8k.token.txt"
SPLITS = {name: f"Flickr_8k.{name}Images.txt" for name in ("train", "dev", "test")}
PICTURES = ("Flicker8k_Dataset", "Flickr8k_Dataset", "images")  # the archive spells its folder the first way
JPEG_END = b"\xff\xd9"
RECORDINGS = ("flickr_audio", ".")
ALIGNMENT = "flickr_8k.ctm"
GERMAN = ("captions_de.tsv.gz", "captions_de.tsv")
SPOKEN_BY = ("utterance_id", "speaker")
SPEAKERS = "audio_meta/qbe_text.gz"  # of the query-by-example recipe: SPEAKER_IMAGE_k words
Read = tuple[pd.DataFrame, pd.DataFrame]
_CAPTION = re.compile(r"(?P<image>[^\t]+\.jpg)#(?P<number>\d+)\t(?P<text>.*\w.*)")
_ALIGNED = re.compile(
    r"(?P<image>\S+)\.jpg_#(?P<number>\d+) \d+ (?P<start>\d+\.?\d*) (?P<duration>\d+\.?\d*) (?P<word>\S+)"
)
_SPEAKER = re.compile(r"(?P<utterance_id>\S+_\d+)\.wav (?P<speaker>\S+)")
_SPOKEN_BY = re.compile(r"(?P<speaker>[^_\s]+)_(?P<utterance_id>\S+_\d+)(?: .*)?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RECORDED = re.compile(r"(?P<utterance_id>\S+_\d+)\.wav (?P<image>\S+\.jpg) #(?P<number>\d+)")


def read_captions(path: Path) -> Read:
    """``image.jpg#k<TAB>caption``, one a line: ``utterance_id, image_id, number, text``."""
    rows, problems = _rows(path, _CAPTION, "no image.jpg#k<TAB>caption")
    rows = rows.assign(image_id=rows["image"].str.removesuffix(".jpg"), number=rows["number"].astype(int))
    rows.insert(0, "utterance_id", rows["image_id"] + "_" + rows["number"].astype(str))
    again = rows["utterance_id"].duplicated()
    problems = pd.concat([problems, _problems(path.name, rows.loc[again, "utterance_id"] + ": a second caption")])
    return rows.loc[~again, ["utterance_id", "image_id", "number", "text"]].reset_index(drop=True), problems


def read_splits(folder: Path) -> Read:
    """The three lists of pictures, a file name a line: ``image_id, split``; a picture stays where it came first."""
    parts, problems = list[pd.DataFrame](), list[pd.DataFrame]()
    for split, name in SPLITS.items():
        rows, found = _rows(folder / name, re.compile(r"(?P<image_id>\S+)\.jpg"), "no image.jpg")
        parts.append(rows.assign(split=split))
        problems.append(found)
    rows = pd.concat(parts, ignore_index=True)
    again = rows["image_id"].duplicated()
    problems.append(_problems("splits", rows.loc[again, "image_id"] + ".jpg: in two lists"))
    return rows[~again].reset_index(drop=True), pd.concat(problems)


def read_recordings(folder: Path) -> Read:
    """``wav2capt.txt`` and ``wav2spk.txt``: ``utterance_id, speaker, file``, of recordings that are there.

    A recording without a speaker, or listed for a caption that it does not belong to by its name, is left out.
    """
    rows, wrong = _once(*_rows(folder / "wav2capt.txt", _RECORDED, "no image_k.wav image.jpg #k"), "wav2capt.txt")
    speakers, odd = _once(*_rows(folder / "wav2spk.txt", _SPEAKER, "no image_k.wav speaker"), "wav2spk.txt")
    named = rows["image"].str.removesuffix(".jpg") + "_" + rows["number"]
    rows = rows.assign(file="wavs/" + rows["utterance_id"] + ".wav").merge(speakers, how="left", on="utterance_id")
    sizes = rows["file"].map(lambda file: _size(folder / file))
    checks: dict[str, pd.Series[bool]] = {
        "listed for another caption": named != rows["utterance_id"],
        "no speaker in wav2spk.txt": rows["speaker"].isna(),
        "missing": sizes < 0,
        "empty": sizes == 0,
    }
    bad = pd.Series(False, rows.index)
    problems = [wrong, odd]
    for problem, here in checks.items():
        problems += [_problems(name, [problem]) for name in rows.loc[here & ~bad, "file"]]
        bad |= here
    return rows.loc[~bad, ["utterance_id", "speaker", "file"]].reset_index(drop=True), pd.concat(problems)


def _once(rows: pd.DataFrame, problems: pd.DataFrame, file: str) -> Read:
    """``rows`` with each utterance where it came first, and the problems with those that came again."""
    again = rows["utterance_id"].duplicated()
    found = _problems(file, rows.loc[again, "utterance_id"] + ": a second time")
    return rows[~again].reset_index(drop=True), pd.concat([problems, found])


def read_alignment(path: Path) -> Read:
    """``image.jpg_#k 1 start duration WORD``, in seconds: ``utterance_id, position, word, start, end``.

    Words are normalised; rows that are no word (silence, noise) fall out without a word.
    """
    rows, problems = _rows(path, _ALIGNED, "no image.jpg_#k 1 start duration WORD")
    times = rows[["start", "duration"]].astype(float)
    rows = rows.assign(
        utterance_id=rows["image"] + "_" + rows["number"],
        word=rows["word"].where(~rows["word"].str.startswith(("<", "["))).fillna("").map(normalise),
        start=times["start"],
        end=times.sum(axis=1),
    )
    rows = rows[rows["word"] != ""].sort_values(["utterance_id", "start"], kind="stable")
    rows = rows.assign(position=rows.groupby("utterance_id").cumcount())
    return rows[["utterance_id", "position", "word", "start", "end"]].reset_index(drop=True), problems


def read_german(path: Path) -> Read:
    """``image.jpg<TAB>source<TAB>caption``, maybe gzipped: ``image_id, source, text``.

    Sources ``t2.de.1`` to ``t2.de.5`` are descriptions of the picture (Multi30k, task 2); ``t1.de`` is a translation
    of the English ``t1.en``.
    """
    shape = re.compile(r"(?P<image_id>[^\t]+)\.jpg\t(?P<source>[^\t]+)\t(?P<text>.*\w.*)")
    rows, problems = _rows(path, shape, "no image.jpg<TAB>source<TAB>caption")
    again = rows.duplicated(["image_id", "source"])
    found = _problems(path.name, rows.loc[again, "image_id"] + ".jpg: a second " + rows.loc[again, "source"])
    return rows[~again].reset_index(drop=True), pd.concat([problems, found])


def read_tags(path: Path) -> Read:
    """Tags of the 2019 recipe: comments (#), ``Tags: w1 w2 …``, then ``image: p1 p2 …``; a picture a row (index)."""
    lines = [(number, line) for number, line in _lines(path) if not line.startswith("#")]
    if not lines or not lines[0][1].startswith("Tags:"):
        raise UserError(f"{path} has no line 'Tags: …' before its first picture: give a tag file of the 2019 recipe.")
    words = lines[0][1].removeprefix("Tags:").split()
    rows, wrong = dict[str, list[float]](), list[str]()
    for number, line in lines[1:]:
        image, _, values = line.partition(":")
        try:
            rows[image.removesuffix(".jpg")] = [float(value) for value in values.split()]
        except ValueError:
            wrong.append(f"line {number}: no numbers")
    for image in [image for image, values in rows.items() if len(values) != len(words)]:
        wrong.append(f"{image}: {len(rows.pop(image))} numbers for {len(words)} tags")
    found = pd.DataFrame.from_dict(rows, orient="index", columns=pd.Index(words, name="keyword"), dtype="float32")
    return found.rename_axis("image_id"), _problems(path.name, wrong)


def read_tags_of(path: Path, image_ids: Sequence[str], keywords: Sequence[str]) -> pd.DataFrame:
    """The tags of ``image_ids`` and ``keywords``, in this order, from a tag file of the 2019 recipe.

    Raises:
        UserError: a picture or keyword has no tag there; what cannot be read is named on the standard error stream.
    """
    found, problems = read_tags(path)
    _name(problems)
    for kind, wanted, known in (("picture", image_ids, found.index), ("keyword", keywords, found.columns)):
        if lost := [name for name in wanted if name not in known]:
            raise UserError(f"{path} has no tags for {len(lost)} {kind}s, {lost[0]!r} among them: add them to it.")
    return found.loc[list(image_ids), list(keywords)]


def digest(path: Path) -> str:
    """What a file holds, as a few letters; "" for a file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def fingerprint(source: Path, speech: str) -> dict[str, Any]:
    """What a prepared corpus depends on: the lists and captions in ``source`` by their content, what is lost by name.

    Photographs that are not at hand at all are not lost: what is made without them can go where they are, and back.
    """
    place = recordings_folder(source) or source
    names = [source / name for name in (CAPTIONS, *SPLITS.values(), *GERMAN, SPEAKERS)]
    names += [_alignment(source), place / "wav2capt.txt", place / "wav2spk.txt"]
    found: dict[str, Any] = {path.name: digest(path) for path in names}
    if pictures_folder(source) is not None:
        found["lost"] = _images(source, read_splits(source)[0])[1]["problem"].tolist()
    if speech == "recorded":
        wavs = sorted((place / "wavs").glob("*.wav"))
        found["recordings"] = hashlib.sha256(str([(path.name, _size(path)) for path in wavs]).encode()).hexdigest()
    return found


def _alignment(source: Path) -> Path:
    """The word times, which lie beside the recordings or in ``source``."""
    place = recordings_folder(source) or source
    return (place if (place / ALIGNMENT).is_file() else source) / ALIGNMENT


def pictures_folder(folder: Path) -> Path | None:
    """Where the photographs lie, under whichever of ``PICTURES`` it is called, if they are at hand."""
    return next((folder / name for name in PICTURES if (folder / name).is_dir()), None)


def recordings_folder(folder: Path) -> Path | None:
    """Where ``wavs`` and its two lists lie, if the recordings are at hand."""
    return next((folder / name for name in RECORDINGS if (folder / name / "wav2capt.txt").is_file()), None)


def _rows(path: Path, shape: re.Pattern[str], problem: str) -> Read:
    """The named groups of every line that has this ``shape``, and the numbers of the lines that have not."""
    matches = [(number, shape.fullmatch(line)) for number, line in _lines(path)]
    columns = sorted(shape.groupindex, key=lambda name: shape.groupindex[name])
    rows = pd.DataFrame([match.groups() for _, match in matches if match], columns=columns)
    return rows, _problems(path.name, [f"line {number}: {problem}" for number, match in matches if not match])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file that say something, with their numbers."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = raw.decode("utf-8")
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing: download it, or name the folder that holds it.") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{path} is cut short or no text: download it again.") from error
    yield from ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _problems(file: str, found: Sequence[str] | pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"file": file, "problem": list(found)}, columns=["file", "problem"])


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def spoken_text(caption: str) -> str:
    """The words of a caption as they are said: in lower case, single spaces between them, compounds taken apart.

    As in the transcripts of the recordings: "A boy 's t-shirt ." is "a boy's t shirt".
    """
    return " ".join(_WORD.findall(re.sub(r" (?=n?['’][^\W_])", "", caption))).lower()


def prepare(
    folder: Path, source: Path, pictures: Mapping[str, int], speech: str, seed: int, workers: int = 1
) -> Corpus:
    """Make a corpus in ``folder`` of the Flickr8k in ``source``; a killed synthesis goes on where it stopped.

    Args:
        folder: an empty folder, or one where this was interrupted. Pictures and recordings stay in ``source``: the
            folder has links to them.
        source: pictures, captions and lists in the publishers' layout.
        pictures: of how many pictures of train, dev and test the captions are spoken, drawn by ``seed``. The other
            captions are there as text, for the tagger.
        speech: ``recorded`` takes the Flickr Audio Caption Corpus, ``synthesised`` has the captions spoken, in one
            voice for each real speaker. The corpus says which in its name.
        seed: of the pictures drawn, the voices, and the speakers of captions whose real speaker is not known.
        workers: processes.

    What is missing or broken is left out and named once: in ``left_out.csv`` and on the standard error stream.
    """
    require_known("kind of speech", speech, SPEECH)
    listed, unlisted = read_splits(source)
    images, lost = _images(source, listed)
    captions, unread = _captions(source, images)
    drawn = _drawn(listed, pictures, seed)
    spoken = captions["image_id"].isin(drawn) & (captions["language"] == "en")
    speak = _recorded if speech == "recorded" else _synthesised
    utterances, words, unheard = speak(folder, source, captions, spoken, seed, workers)
    _say(folder, pd.concat([unlisted, lost, unread, unheard], ignore_index=True))
    images = images[images["image_id"].isin(utterances.loc[utterances["language"] == "en", "image_id"])]
    if (place := pictures_folder(source)) is not None:
        _link(folder / "images", place)
    parameters = {"pictures": dict(pictures), "speech": speech, "seed": seed}
    corpus = write_corpus(
        folder, _about(parameters), {"utterances": utterances, "words": words, "images": images.reset_index(drop=True)}
    )
    forget_parts(folder)
    return corpus


def _about(parameters: dict[str, Any]) -> dict[str, Any]:
    engine = f"espeak-ng (GPL-3.0-or-later), as in espeakng-loader {version('espeakng-loader')}"
    recorded = parameters["speech"] == "recorded"
    return {
        "name": RECORDED if recorded else SYNTHESISED,
        "version": 1,
        "languages": ["en", "de"],
        "licence": "Flickr8k: for research and teaching alone; its pictures and captions are not to be passed on",
        "speech": "Flickr Audio Caption Corpus (CC BY-SA 4.0)" if recorded else engine,
        "parameters": parameters,
    }


def _images(source: Path, listed: pd.DataFrame) -> Read:
    """The pictures of ``listed`` that are there: ``image_id, split, file``.

    Without any picture at hand all are listed, without a file: tags may come from stored activations.
    """
    place = pictures_folder(source)
    if place is None:
        lost = _problems(source.name, [f"no pictures in {' or '.join(PICTURES)}: nothing can show them"])
        return listed.assign(file=""), lost
    whole = listed["image_id"].map(lambda name: _is_whole_jpeg(place / f"{name}.jpg"))
    lost = _problems(place.name, listed.loc[~whole, "image_id"] + ".jpg: missing, empty or cut short")
    images = listed.assign(file="images/" + listed["image_id"] + ".jpg")
    return images[whole], lost


def _is_whole_jpeg(path: Path) -> bool:
    """Whether the file is there and has the marker at its end that every JPEG has, padding after it or not."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, _size(path) - 4096))
        return JPEG_END in file.read()


def _captions(source: Path, images: pd.DataFrame) -> Read:
    """All captions of ``images``, English and, where they are at hand, German ones."""
    english, problems = read_captions(source / CAPTIONS)
    english = english.assign(text=english["text"].map(spoken_text), language="en")
    parts, found = [english[english["text"] != ""]], [problems]
    if (path := next((source / name for name in GERMAN if (source / name).is_file()), None)) is not None:
        german, problems = _or_nothing(read_german, path)
        german = german[german["source"].str.startswith("t2.de.")]
        number = german["source"].str.removeprefix("t2.de.")
        ids = german["image_id"] + "_de_" + number
        parts.append(german.assign(utterance_id=ids, text=german["text"].map(spoken_text), language="de"))
        found.append(problems)
    rows = pd.concat(parts, ignore_index=True)[["utterance_id", "image_id", "language", "text"]]
    uncaptioned = images.loc[~images["image_id"].isin(parts[0]["image_id"]), "image_id"]
    found.append(_problems(CAPTIONS, uncaptioned + ".jpg: no caption"))
    return rows.merge(images[["image_id", "split"]], on="image_id"), pd.concat(found)


def _or_nothing(read: Callable[[Path], Read], path: Path) -> Read:
    """What ``read`` finds in a file that can be done without; of a broken one no rows, and what is wrong with it."""
    try:
        return read(path)
    except UserError as error:
        empty = pd.DataFrame({name: pd.Series(dtype=str) for name in ("image_id", "source", "text", *SPOKEN_BY)})
        return empty, _problems(path.name, [str(error)])


def _drawn(images: pd.DataFrame, pictures: Mapping[str, int], seed: int) -> set[str]:
    """The pictures whose captions are spoken; a small draw is the beginning of a large one.

    Drawn from the lists, ``images``: one whose file is missing stays drawn, and is missing.
    """
    drawn = set[str]()
    for split, count in pictures.items():
        require_known("split", split, SPLITS)
        names = sorted(images.loc[images["split"] == split, "image_id"])
        if count > len(names):
            raise UserError(f"Flickr8k has {len(names)} pictures of {split}, not {count}: ask for fewer.")
        order = generator(seed, "pictures", split).permutation(len(names))[:count]
        drawn |= {names[place] for place in order}
    return drawn


def _synthesised(
    folder: Path, source: Path, captions: pd.DataFrame, spoken: pd.Series, seed: int, workers: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Utterances, words and problems; every real speaker has a voice."""
    known, problems = read_speakers(source)
    speakers = sorted(set(known.values())) or [f"{number:03d}" for number in range(1, 184)]
    voices = dict(zip(speakers, make_voices(len(speakers), seed), strict=True))
    drawn = [known.get(name) or _any_of(speakers, name, seed) for name in captions.loc[spoken, "utterance_id"]]
    rows = captions.assign(speaker="", audio="")
    rows.loc[spoken, "speaker"] = drawn
    rows.loc[spoken, "audio"] = "audio/" + rows["utterance_id"] + ".flac"
    durations, words = record(folder, rows[spoken], voices, seed, workers)
    return rows.assign(duration=rows["utterance_id"].map(durations)), words, problems


def _any_of(speakers: Sequence[str], utterance_id: str, seed: int) -> str:
    return speakers[int(generator(seed, "speaker", utterance_id).integers(len(speakers)))]


def read_speakers(source: Path) -> tuple[dict[str, str], pd.DataFrame]:
    """The real speaker of every utterance, as far as a list of them is at hand, and what could not be read."""
    place = recordings_folder(source)
    path, shape = (place / "wav2spk.txt", _SPEAKER) if place else (source / SPEAKERS, _SPOKEN_BY)
    if not path.is_file():
        return {}, _problems(path.name, ["missing: captions are dealt to 183 voices"])
    rows, problems = _or_nothing(partial(_rows, shape=shape, problem="no utterance and speaker"), path)
    return dict(zip(rows["utterance_id"], rows["speaker"], strict=True)), problems


def _recorded(
    folder: Path, source: Path, captions: pd.DataFrame, spoken: pd.Series, seed: int, workers: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Utterances, words and problems of the recordings; a test caption without word times is left out."""
    place = recordings_folder(source)
    if place is None:
        raise UserError(f"{source} has no flickr_audio/wav2capt.txt: unpack flickr_audio.tar.gz there.")
    rows, problems = read_recordings(place)
    words, wrong = read_alignment(_alignment(source))
    rows["duration"] = [_duration(place / file) for file in rows["file"]]
    broken = rows["duration"].isna()
    found = [problems, wrong, *(_problems(name, ["no sound that can be read"]) for name in rows.loc[broken, "file"])]
    rows = captions[spoken].merge(rows[~broken], on="utterance_id")
    untimed = (rows["split"] == "test") & ~rows["utterance_id"].isin(words["utterance_id"])
    found.append(_problems(ALIGNMENT, rows.loc[untimed, "utterance_id"] + ": no word times"))
    heard = rows[~untimed].assign(audio="audio/" + rows["file"].str.removeprefix("wavs/")).drop(columns="file")
    _link(folder / "audio", place / "wavs")
    silent = captions[~spoken].assign(speaker="", audio="", duration=float("nan"))
    utterances = pd.concat([heard, silent], ignore_index=True)
    return utterances, words[words["utterance_id"].isin(heard["utterance_id"])], pd.concat(found)


def _duration(path: Path) -> float:
    """Seconds; NaN for a file that is no sound."""
    try:
        return float(soundfile.info(path).duration)
    except (soundfile.LibsndfileError, OSError):
        return float("nan")


def relink(folder: Path, source: Path) -> None:
    """Let the links of a corpus lead to where its pictures and recordings lie now: data can move."""
    recordings = recordings_folder(source)
    for name, place in (("images", pictures_folder(source)), ("audio", recordings and recordings / "wavs")):
        link = folder / name
        if place is not None and link.is_symlink() and link.resolve() != place.resolve():
            _link(link, place)


def _link(link: Path, place: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(place.resolve(), target_is_directory=True)


def _say(folder: Path, problems: pd.DataFrame) -> None:
    with whole_file(folder / "left_out.csv") as path:
        problems.to_csv(path, index=False)
    _name(problems)


def _name(problems: pd.DataFrame) -> None:
    for row in problems.itertuples():
        print(f"left out: {row.file}: {row.problem}", file=sys.stderr)
