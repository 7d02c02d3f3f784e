import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from vgsnb.corpora import open_corpus, write_corpus
from vgsnb.errors import UserError

RATE = 16000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "audio").mkdir()
    (folder / "images").mkdir()
    texts = {"a-0": "a dog runs", "a-1": "two dogs running on grass", "b-0": "ein hund", "b-1": "a red ball"}
    rows = []
    for name, text in texts.items():
        spoken = name != "b-1"
        language = "de" if name == "b-0" else "en"
        audio = f"audio/{name}.flac" if spoken else ""
        rows.append((name, name[0], "train" if name[0] == "a" else "test", "x", language, text, audio, 1.0))
        if spoken:
            soundfile.write(folder / audio, np.sin(np.arange(RATE)) / 2, RATE)
    columns = ["utterance_id", "image_id", "split", "speaker", "language", "text", "audio", "duration"]
    words = pd.DataFrame({"utterance_id": "a-0", "position": 0, "word": ["a"], "start": [0.1], "end": [0.2]})
    files = ["images/a.png", "images/b.png"]
    images = pd.DataFrame({"image_id": ["a", "b"], "split": ["train", "test"], "file": files})
    for number, file in enumerate(files):
        Image.new("RGB", (64, 48), (200, 10 * number, 0)).save(folder / file)
    tables = {"utterances": pd.DataFrame(rows, columns=columns), "words": words, "images": images}
    write_corpus(folder, {"name": "Trial", "version": 1}, tables)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "corpus")


def test_select_by_split_and_language(made):
    corpus = open_corpus(made)
    assert corpus.about["name"] == "Trial"
    assert corpus.select("train")["utterance_id"].tolist() == ["a-0", "a-1"]
    assert corpus.select("test", "de")["utterance_id"].tolist() == ["b-0"]
    with pytest.raises(UserError, match="test, train"):
        corpus.select("trian")
    with pytest.raises(UserError, match="de, en"):
        corpus.select("test", "fr")


def test_bag_of_words_counts_whole_words(made):
    said = open_corpus(made).bag_of_words(["dog", "dogs", "running"], ["a-1", "a-0"])
    assert said.index.tolist() == ["a-1", "a-0"]
    assert said.to_numpy().tolist() == [[False, True, True], [True, False, False]]
    with pytest.raises(UserError, match="c-9"):
        open_corpus(made).bag_of_words(["dog"], ["c-9"])


def test_sound_and_picture(made):
    corpus = open_corpus(made)
    samples, rate = corpus.audio("a-0")
    assert (len(samples), samples.dtype, rate) == (RATE, np.float32, RATE)
    picture = corpus.image("b")
    assert (picture.size, picture.mode, picture.getpixel((0, 0))) == ((64, 48), "RGB", (200, 10, 0))
    with pytest.raises(UserError, match="Nobody spoke b-1"):
        corpus.audio("b-1")


@pytest.mark.parametrize("table", ["utterances", "words", "images"])
def test_table_cut_short_is_named(folder, table):
    path = folder / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(UserError, match=rf"{table}\.parquet.*again"):
        open_corpus(folder)


@pytest.mark.parametrize("file", ["corpus.yaml", "words.parquet", "audio/a-0.flac", "images/b.png"])
def test_missing_file_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(UserError, match=f"{file} is missing"):
        open_corpus(folder)


@pytest.mark.parametrize("file", ["audio/a-0.flac", "images/b.png"])
def test_file_without_a_byte_is_named(folder, file):
    (folder / file).write_bytes(b"")
    with pytest.raises(UserError, match=f"{file} is empty"):
        open_corpus(folder)


def test_exchanged_table_is_named(folder):
    path = folder / "words.parquet"
    pd.read_parquet(path).assign(start=0.15).to_parquet(path)
    with pytest.raises(UserError, match=r"words\.parquet"):
        open_corpus(folder)


def test_table_without_a_column_is_named(folder):
    path = folder / "words.parquet"
    pd.read_parquet(path).drop(columns="start").to_parquet(path)
    with pytest.raises(UserError, match="lacks the columns start"):
        open_corpus(folder)


def test_truncated_picture_is_named(folder):
    Image.effect_noise((64, 64), 80).save(folder / "images/a.png")
    whole = (folder / "images/a.png").read_bytes()
    (folder / "images/a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"images/a\.png cannot be read as a picture"):
        open_corpus(folder).image("a")


def test_sound_of_another_rate_is_named(folder):
    soundfile.write(folder / "audio/a-0.flac", np.zeros(800), 8000)
    with pytest.raises(UserError, match=r"a-0\.flac has 8000 samples a second"):
        open_corpus(folder).audio("a-0")


@pytest.mark.parametrize("text", ["", "- no mapping", "name: [", "version: 3"])
def test_unreadable_description_is_named(folder, text):
    (folder / "corpus.yaml").write_text(text)
    with pytest.raises(UserError, match=r"corpus\.yaml"):
        open_corpus(folder)
