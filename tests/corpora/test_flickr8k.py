"""Reading Flickr8k and the Flickr Audio Caption Corpus from little trees in the publishers' layout."""

import gzip
import shutil

import numpy as np
import pytest
import soundfile
from small_flickr8k import EVERY, write, write_flickr8k

from vgsnb.corpora import flickr8k, open_corpus
from vgsnb.errors import UserError


def said(problems):
    return [f"{row.file}: {row.problem}" for row in problems.itertuples()]


def test_captions_keep_what_can_be_read_and_name_the_rest(tmp_path):
    path = write(
        tmp_path / "Flickr8k.token.txt",
        "10_a.jpg#0\tA dog 's ball .",
        "10_a.jpg#1\t",
        "no caption at all",
        "10_a.jpg#0\tAgain .",
        "11_b.jpg#4\tZwei Hunde spielen .",
    )
    rows, problems = flickr8k.read_captions(path)
    assert rows.to_dict("list") == {
        "utterance_id": ["10_a_0", "11_b_4"],
        "image_id": ["10_a", "11_b"],
        "number": [0, 4],
        "text": ["A dog 's ball .", "Zwei Hunde spielen ."],
    }
    assert said(problems) == [
        "Flickr8k.token.txt: line 2: no image.jpg#k<TAB>caption",
        "Flickr8k.token.txt: line 3: no image.jpg#k<TAB>caption",
        "Flickr8k.token.txt: 10_a_0: a second caption",
    ]


def test_splits_and_a_picture_in_two_of_them(tmp_path):
    for name, images in {"train": ["a.jpg", "b.jpg"], "dev": ["c.jpg", "a.jpg"], "test": ["d.jpg"]}.items():
        write(tmp_path / flickr8k.SPLITS[name], *images)
    write(tmp_path / flickr8k.SPLITS["test"], "d.jpg", "no picture")
    rows, problems = flickr8k.read_splits(tmp_path)
    assert dict(rows.itertuples(index=False)) == {"a": "train", "b": "train", "c": "dev", "d": "test"}
    assert said(problems) == ["Flickr_8k.testImages.txt: line 2: no image.jpg", "splits: a.jpg: in two lists"]
    (tmp_path / flickr8k.SPLITS["dev"]).unlink()
    with pytest.raises(UserError, match=r"devImages\.txt is missing"):
        flickr8k.read_splits(tmp_path)


def test_recordings_that_are_missing_empty_or_nobodys_are_named_and_the_others_kept(tmp_path):
    write(
        tmp_path / "wav2capt.txt",
        "a_0.wav a.jpg #0",
        "a_1.wav a.jpg #1",
        "b_0.wav b.jpg #0",
        "b_1.wav b.jpg #2",
        "c_0.wav c.jpg #0",
        "broken",
    )
    write(tmp_path / "wav2spk.txt", "a_0.wav 12", "a_1.wav 12", "b_0.wav 7", "b_1.wav 7")
    for name in ("a_0", "b_0", "b_1", "c_0"):
        write(tmp_path / "wavs" / f"{name}.wav", "sound")
    (tmp_path / "wavs" / "b_0.wav").write_bytes(b"")
    rows, problems = flickr8k.read_recordings(tmp_path)
    assert rows.to_numpy().tolist() == [["a_0", "12", "wavs/a_0.wav"]]
    assert said(problems) == [
        "wav2capt.txt: line 6: no image_k.wav image.jpg #k",
        "wavs/b_1.wav: listed for another caption",
        "wavs/c_0.wav: no speaker in wav2spk.txt",
        "wavs/a_1.wav: missing",
        "wavs/b_0.wav: empty",
    ]


def test_a_recording_that_is_listed_twice_is_taken_once_and_named(tmp_path):
    write(tmp_path / "wav2capt.txt", "a_0.wav a.jpg #0", "a_0.wav a.jpg #0", "a_1.wav a.jpg #1")
    write(tmp_path / "wav2spk.txt", "a_0.wav 12", "a_1.wav 12", "a_1.wav 13", "no speaker")
    for name in ("a_0", "a_1"):
        write(tmp_path / "wavs" / f"{name}.wav", "sound")
    rows, problems = flickr8k.read_recordings(tmp_path)
    assert rows.to_numpy().tolist() == [["a_0", "12", "wavs/a_0.wav"], ["a_1", "12", "wavs/a_1.wav"]]
    assert said(problems) == [
        "wav2capt.txt: a_0: a second time",
        "wav2spk.txt: line 4: no image_k.wav speaker",
        "wav2spk.txt: a_1: a second time",
    ]
    (tmp_path / "wav2spk.txt").unlink()
    with pytest.raises(UserError, match=r"wav2spk\.txt is missing"):
        flickr8k.read_recordings(tmp_path)


def test_alignment_is_in_the_order_of_time_without_silence(tmp_path):
    path = write(
        tmp_path / "flickr_8k.ctm",
        "a.jpg_#0 1 0.50 0.30 DOG'S",
        "a.jpg_#0 1 0.40 0.10 A",
        "a.jpg_#0 1 0.80 0.20 <SIL>",
        "b.jpg_#3 1 0.10 0.25 T-SHIRT",
        "b.jpg_#3 1 often",
        "b.jpg_#3 1 0.5.1 0.25 DOG",
    )
    rows, problems = flickr8k.read_alignment(path)
    assert rows["word"].tolist() == ["a", "dog", "tshirt"]
    assert rows["position"].tolist() == [0, 1, 0]
    assert rows["utterance_id"].tolist() == ["a_0", "a_0", "b_3"]
    assert rows["end"].tolist() == pytest.approx([0.5, 0.8, 0.35])
    assert said(problems) == [f"flickr_8k.ctm: line {line}: no image.jpg_#k 1 start duration WORD" for line in (5, 6)]
    with pytest.raises(UserError, match=r"flickr_8k\.ctm is missing"):
        flickr8k.read_alignment(tmp_path / "elsewhere" / "flickr_8k.ctm")


def test_german_captions_gzipped_or_not(tmp_path):
    lines = "a.jpg\tt2.de.1\tEin Hund.\na.jpg\tt1.en\tA dog.\nnichts\na.jpg\tt2.de.1\tNoch einer.\n"
    (tmp_path / "captions_de.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    rows, problems = flickr8k.read_german(tmp_path / "captions_de.tsv.gz")
    assert rows.to_numpy().tolist() == [["a", "t2.de.1", "Ein Hund."], ["a", "t1.en", "A dog."]]
    assert [problem.split(": ", 1)[1] for problem in said(problems)] == [
        "line 3: no image.jpg<TAB>source<TAB>caption",
        "a.jpg: a second t2.de.1",
    ]


def test_tag_files_of_the_2019_recipe(tmp_path):
    path = write(tmp_path / "tags.txt", "# made by x", "Tags: dog ball", "a.jpg: 0.5 0.25", "b: 1", "c: one two")
    tags, problems = flickr8k.read_tags(path)
    assert tags.to_dict("index") == {"a": {"dog": 0.5, "ball": 0.25}}
    assert said(problems) == ["tags.txt: line 5: no numbers", "tags.txt: b: 1 numbers for 2 tags"]
    with pytest.raises(UserError, match="Tags"):
        flickr8k.read_tags(write(tmp_path / "other.txt", "a: 1 2"))


def test_a_missing_list_or_a_broken_archive_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"token\.txt is missing"):
        flickr8k.read_captions(tmp_path / "Flickr8k.token.txt")
    (tmp_path / "captions_de.tsv.gz").write_bytes(gzip.compress(b"a" * 100)[:20])
    with pytest.raises(UserError, match="cut short"):
        flickr8k.read_german(tmp_path / "captions_de.tsv.gz")


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("A boy 's t-shirt .", "a boy's t shirt"),
        ('Two dogs , " playing " in snow-covered hills !', "two dogs playing in snow covered hills"),
        ("He does n't jump ; #9 does", "he doesn't jump 9 does"),
        (" . ", ""),
    ],
)
def test_what_is_said_of_a_caption(caption, words):
    assert flickr8k.spoken_text(caption) == words


@pytest.fixture
def source(tmp_path):
    return write_flickr8k(tmp_path / "flickr8k")


PICTURES = {"train": 2, "dev": 1, "test": 2}


def test_synthesised_corpus_names_itself_and_what_is_lost(source, tmp_path, capsys):
    corpus = flickr8k.prepare(tmp_path / "out", source, PICTURES, "synthesised", seed=1)
    assert corpus.about["name"] == "Flickr8k, synthesised speech"
    spoken = corpus.utterances.query("audio != ''").set_index("utterance_id")
    assert spoken.groupby("split").size().to_dict() == {"train": 4, "dev": 2, "test": 4}
    assert set(corpus.select("train")["image_id"]) == {"1_a", "2_b", "3_c"}  # text of all of them, for the tagger
    assert set(spoken["speaker"]) <= {"000", "001", "002"}
    for name in set(spoken.index) & {"1_a_0", "1_a_1", "2_b_0", "2_b_1"}:  # known speakers keep their voice
        number = ["1_a_0", "1_a_1", "2_b_0", "2_b_1"].index(name)
        assert spoken.loc[name, "speaker"] == f"{number % 3:03d}"
    said = corpus.words.groupby("utterance_id")["word"].agg(list)
    assert said["6_f_1"] == ["a", "dog", "number", "1", "runs", "to", "the", "ball"]
    assert (corpus.words["end"] > corpus.words["start"]).all()
    assert corpus.audio("6_f_1")[0].std() > 0
    assert corpus.image("6_f").size == (8, 8)
    assert corpus.select("train", "de")["text"].tolist() == ["ein hund läuft"]
    lost = ["images: 4_d.jpg: missing, empty or cut short", "Flickr8k.token.txt: line 15: no image.jpg#k<TAB>caption"]
    heard = capsys.readouterr().err
    assert all(heard.count(f"left out: {line}") == 1 for line in lost)
    assert (tmp_path / "out" / "left_out.csv").read_text().count("\n") == 1 + len(lost)


def test_small_draw_of_pictures_begins_the_large_one_and_sounds_the_same(source, tmp_path):
    few = flickr8k.prepare(tmp_path / "few", source, {**PICTURES, "train": 1}, "synthesised", seed=1)
    many = flickr8k.prepare(tmp_path / "many", source, PICTURES, "synthesised", seed=1)
    ids = few.utterances.query("audio != ''")["utterance_id"]
    assert set(ids) < set(many.utterances.query("audio != ''")["utterance_id"])
    for name in ids:
        np.testing.assert_array_equal(few.audio(name)[0], many.audio(name)[0])
    with pytest.raises(UserError, match="4 pictures of train, not 9"):
        flickr8k.prepare(tmp_path / "more", source, {**PICTURES, "train": 9}, "synthesised", seed=1)


@pytest.mark.parametrize("name", ["captions_de.tsv.gz", flickr8k.SPEAKERS])
def test_a_broken_file_that_can_be_done_without_is_named_and_the_rest_goes_on(source, tmp_path, capsys, name):
    (source / name).write_bytes((source / name).read_bytes()[:20])
    corpus = flickr8k.prepare(tmp_path / "out", source, PICTURES, "synthesised", seed=1)
    assert len(corpus.utterances.query("audio != ''")) == 10
    assert capsys.readouterr().err.count(f"{name} is cut short") == 1


def test_a_picture_without_captions_is_lost(source, tmp_path, capsys):
    lines = (source / flickr8k.CAPTIONS).read_text().splitlines()
    write(source / flickr8k.CAPTIONS, *(line for line in lines if not line.startswith("2_b")))
    corpus = flickr8k.prepare(tmp_path / "out", source, {**PICTURES, "train": 4}, "synthesised", seed=1)
    assert set(corpus.images.query("split == 'train'")["image_id"]) == {"1_a", "3_c"}
    assert capsys.readouterr().err.count("2_b.jpg: no caption") == 1


def test_what_a_corpus_depends_on_changes_when_a_lost_picture_or_a_recording_comes_back(source):
    before, heard = (flickr8k.fingerprint(source, speech) for speech in flickr8k.SPEECH)
    assert before["lost"] == ["4_d.jpg: missing, empty or cut short"]
    shutil.copy(source / "images" / "1_a.jpg", source / "images" / "4_d.jpg")
    assert flickr8k.fingerprint(source, "synthesised") == {**before, "lost": []}
    write(source / "flickr_audio" / "wav2capt.txt", "1_a_0.wav 1_a.jpg #0")
    write(source / "flickr_audio" / "wavs" / "1_a_0.wav", "sound")
    assert flickr8k.fingerprint(source, "recorded")["recordings"] != heard["recordings"]
    write(source / "flickr_audio" / flickr8k.ALIGNMENT, "1_a.jpg_#0 1 0.5 0.3 DOG")
    assert flickr8k.fingerprint(source, "recorded")[flickr8k.ALIGNMENT] != heard[flickr8k.ALIGNMENT]


def test_links_follow_data_that_have_moved(source, tmp_path):
    folder = tmp_path / "out"
    flickr8k.prepare(folder, source, PICTURES, "synthesised", seed=1)
    moved = source.rename(tmp_path / "moved")
    with pytest.raises(UserError, match="missing"):
        open_corpus(folder)
    flickr8k.relink(folder, moved)
    assert open_corpus(folder).image("1_a").size == (8, 8)


def test_a_picture_that_is_cut_short_is_lost_and_one_that_is_padded_is_not(source, tmp_path, capsys):
    short, padded = (source / "images" / f"{name}.jpg" for name in ("5_e", "1_a"))
    short.write_bytes(short.read_bytes()[:-20])
    padded.write_bytes(padded.read_bytes() + bytes(3))
    corpus = flickr8k.prepare(tmp_path / "out", source, {"train": 2, "dev": 0, "test": 2}, "synthesised", seed=1)
    assert {"5_e", "1_a"} & set(corpus.images["image_id"]) == {"1_a"}
    assert capsys.readouterr().err.count("images: 5_e.jpg: missing, empty or cut short") == 1


def test_a_lost_picture_stops_nobody_who_asks_for_all(source, tmp_path):
    corpus = flickr8k.prepare(tmp_path / "all", source, {"train": 4, "dev": 1, "test": 2}, "synthesised", seed=1)
    spoken = corpus.utterances.query("audio != '' and split == 'train'")
    assert set(spoken["image_id"]) == {"1_a", "2_b", "3_c"}


def test_recorded_corpus_takes_recordings_and_alignment_as_they_are(source, tmp_path):
    place = source / "flickr_audio"
    (place / "wavs").mkdir(parents=True)
    ids = [f"{name}_{k}" for name in EVERY for k in range(2)]
    for name in ids:
        soundfile.write(place / "wavs" / f"{name}.wav", np.sin(np.arange(16000) / 9) / 2, 16000)
    (place / "wavs" / "2_b_0.wav").write_bytes(b"RIFF, but no more")
    (place / "wavs" / "3_c_1.wav").unlink()
    write(place / "wav2capt.txt", *(f"{name}.wav {name[:-2]}.jpg #{name[-1]}" for name in ids))
    write(place / "wav2spk.txt", *(f"{name}.wav {number % 4}" for number, name in enumerate(ids)))
    timed = [name for name in ids if name != "7_g_1"]
    write(source / "flickr_8k.ctm", *(f"{name[:-2]}.jpg_#{name[-1]} 1 0.25 0.50 DOG" for name in timed))
    corpus = flickr8k.prepare(tmp_path / "out", source, {"train": 3, "dev": 1, "test": 2}, "recorded", seed=1)
    assert corpus.about["name"] == "Flickr8k with the Flickr Audio Caption Corpus"
    spoken = corpus.utterances.query("audio != ''")
    assert set(ids) - set(spoken["utterance_id"]) == {"2_b_0", "3_c_1", "4_d_0", "4_d_1", "7_g_1"}
    assert set(spoken["duration"]) == {1.0}
    assert corpus.audio("6_f_0")[1] == 16000
    assert corpus.words.query("utterance_id == '6_f_0'")[["word", "start", "end"]].to_numpy().tolist() == [
        ["dog", 0.25, 0.75]
    ]
    problems = (tmp_path / "out" / "left_out.csv").read_text()
    for name in ("wavs/2_b_0.wav,no sound", "wavs/3_c_1.wav,missing", "7_g_1: no word times", "4_d.jpg: missing"):
        assert problems.count(name) == 1, name


def test_without_pictures_the_captions_are_all_there(source, tmp_path, capsys):
    shutil.rmtree(source / "images")
    corpus = flickr8k.prepare(tmp_path / "out", source, {"train": 4, "dev": 1, "test": 2}, "synthesised", seed=1)
    assert set(corpus.images["file"]) == {""}
    assert len(corpus.utterances.query("audio != ''")) == 14
    assert capsys.readouterr().err.count("no pictures in Flicker8k_Dataset") == 1
    with pytest.raises(UserError, match="1_a is not at hand"):
        corpus.image("1_a")
    assert corpus.shown("1_a").getextrema() == ((128, 128),) * 3  # grey


def test_what_a_user_forgot_is_one_sentence(source, tmp_path):
    with pytest.raises(UserError, match=r"flickr_audio\.tar\.gz"):
        flickr8k.prepare(tmp_path / "out", source, PICTURES, "recorded", seed=1)
    with pytest.raises(UserError, match="synthesised, recorded"):
        flickr8k.prepare(tmp_path / "out", source, PICTURES, "sung", seed=1)
    (source / flickr8k.CAPTIONS).unlink()
    with pytest.raises(UserError, match=r"token\.txt is missing"):
        flickr8k.prepare(tmp_path / "out", source, PICTURES, "synthesised", seed=1)


def test_tags_by_name(tmp_path):
    path = write(tmp_path / "tags.txt", "Tags: dog ball", "a.jpg: 0.5 0.25", "b.jpg: 0 1")
    assert flickr8k.read_tags_of(path, ["b", "a"], ["ball"])["ball"].tolist() == [1, 0.25]
    with pytest.raises(UserError, match="1 pictures, 'c'"):
        flickr8k.read_tags_of(path, ["a", "c"], ["ball"])
    with pytest.raises(UserError, match="1 keywords, 'cat'"):
        flickr8k.read_tags_of(path, ["a"], ["cat"])
