"""Reading Flickr8k and the Flickr Audio Caption Corpus from little trees in the publishers' layout."""

import gzip

import pytest

from vgsnb.corpora import flickr8k
from vgsnb.errors import UserError


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


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
    rows, problems = flickr8k.read_splits(tmp_path)
    assert dict(rows.itertuples(index=False)) == {"a": "train", "b": "train", "c": "dev", "d": "test"}
    assert said(problems) == ["splits: a.jpg: in two lists"]


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


def test_alignment_is_in_the_order_of_time_without_silence(tmp_path):
    path = write(
        tmp_path / "flickr_8k.ctm",
        "a.jpg_#0 1 0.50 0.30 DOG'S",
        "a.jpg_#0 1 0.40 0.10 A",
        "a.jpg_#0 1 0.80 0.20 <SIL>",
        "b.jpg_#3 1 0.10 0.25 T-SHIRT",
        "b.jpg_#3 1 often",
    )
    rows, problems = flickr8k.read_alignment(path)
    assert rows["word"].tolist() == ["a", "dog", "tshirt"]
    assert rows["position"].tolist() == [0, 1, 0]
    assert rows["utterance_id"].tolist() == ["a_0", "a_0", "b_3"]
    assert rows["end"].tolist() == pytest.approx([0.5, 0.8, 0.35])
    assert said(problems) == ["flickr_8k.ctm: line 5: no image.jpg_#k 1 start duration WORD"]


def test_german_captions_gzipped_or_not(tmp_path):
    lines = "a.jpg\tt2.de.1\tEin Hund.\na.jpg\tt1.en\tA dog.\nnichts\n"
    (tmp_path / "captions_de.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    rows, problems = flickr8k.read_german(tmp_path / "captions_de.tsv.gz")
    assert rows.to_numpy().tolist() == [["a", "t2.de.1", "Ein Hund."], ["a", "t1.en", "A dog."]]
    assert len(problems) == 1


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
    with pytest.raises(UserError, match=r"Flickr8k_Dataset\.zip"):
        flickr8k.pictures_folder(tmp_path)
