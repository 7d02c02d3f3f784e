"""Downloading from a server on loopback that drops connections, gives wrong bytes, hostile archives and worse."""

import hashlib
import io
import json
import re
import ssl
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from click.testing import CliRunner

from vgsnb.corpora import download as module
from vgsnb.corpora.download import FLICKR8K, STATE, Source, download, fetch, folder_of, is_complete
from vgsnb.errors import UserError
from vgsnb.files import project_folder

NOISE = bytes(number * number % 251 for number in range(300_000))  # more than a chunk; no two parts alike
NOW = (0.0, 0.0, 0.0)  # waits
TEXT = {
    "Flickr8k.token.txt": b"a.jpg#0\tA dog .\n",
    "Flickr_8k.trainImages.txt": b"a.jpg\n",
    "Flickr_8k.devImages.txt": b"b.jpg\n",
    "Flickr_8k.testImages.txt": b"c.jpg\n",
    "readme.txt": b"...\n",
}
AUDIO = {
    "flickr_audio/wavs/a_0.wav": NOISE,
    "flickr_audio/wavs/a_1.wav": NOISE[:-1],
    "flickr_audio/wav2capt.txt": b"a_0.wav a.jpg #0\n",
    "flickr_audio/wav2spk.txt": b"a_0.wav 1\n",
}


@dataclass
class Shelf:
    """One file of the server, and how the server behaves about it."""

    content: bytes
    drops: list[int] = field(default_factory=list)  # bytes after which each next request breaks off
    answers: list[int] = field(default_factory=list)  # error codes of the next requests
    ranges: bool = True
    tag: str = '"1"'
    kind: str = "application/octet-stream"
    length: bool = True  # whether it tells how many bytes will come
    shift: int = 0  # by how much it misunderstands ranges


@dataclass
class Server:
    address: str
    shelves: dict[str, Shelf] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, name: str, content: bytes, **behaviour: Any) -> Shelf:
        self.shelves[f"/{name}"] = Shelf(content, **behaviour)
        return self.shelves[f"/{name}"]

    def ranges(self) -> list[str | None]:
        """What was asked for since the last call, and with which tag."""
        found = [headers.get("Range") for _, headers in self.asked]
        self.asked.clear()
        return found


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        shared: Server = self.server.shared
        shared.asked.append((self.path, dict(self.headers)))
        shelf = shared.shelves.get(self.path)
        if shelf is None or shelf.answers:
            return self.send_error(shelf.answers.pop(0) if shelf else 404, "\x1b[31mred")
        start = self.start_of(shelf)
        if start and start >= len(shelf.content):
            return self.answer(416, {"Content-Range": f"bytes */{len(shelf.content)}"})
        start += shelf.shift if start else 0
        body = shelf.content[start:]
        headers = {"Content-Type": shelf.kind, "ETag": shelf.tag}
        if shelf.length:
            headers["Content-Length"] = str(len(body))
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(shelf.content) - 1}/{len(shelf.content)}"
        self.answer(206 if start else 200, headers)
        self.wfile.write(body[: shelf.drops.pop(0)] if shelf.drops else body)

    def start_of(self, shelf: Shelf) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", shelf.tag) == shelf.tag
        return int(asked[1]) if asked and shelf.ranges and same else 0

    def answer(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def loopback() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()


@pytest.fixture
def server(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("no_proxy", "*")
    loopback.shared = Server(f"http://127.0.0.1:{loopback.server_port}")
    return loopback.shared


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def noise(server: Server, **behaviour: Any) -> Source:
    """A single file of noise on the server, with size and checksum."""
    server.put("noise.bin", NOISE, **behaviour)
    checksum = f"sha256:{hashlib.sha256(NOISE).hexdigest()}"
    return Source("noise", f"{server.address}/noise.bin", ("noise.bin",), 10**6, len(NOISE), checksum)


def flickr8k(server: Server) -> list[Source]:
    """The sources of Flickr8k, as small ones on the server."""
    photographs = {"Flicker8k_Dataset/a.jpg": b"jpeg", "__MACOSX/._Flicker8k_Dataset": b"?"}
    contents = zipped(photographs), zipped(TEXT), tarred(AUDIO), b"a.jpg_#0 1 0.1 0.2 DOG\n"
    sources = []
    for source, content in zip(FLICKR8K, contents, strict=True):
        server.put(source.file, content)
        checksum = f"md5:{hashlib.md5(content).hexdigest()}" if source.checksum else ""
        sources.append(replace(source, address=f"{server.address}/{source.file}", checksum=checksum))
    return sources


def seen(folder: Path) -> set[str]:
    """The files of a corpus, but for those that the download keeps for itself."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in paths if path.parts[0] != STATE}


def test_the_whole_corpus_in_the_layout_of_its_readers(server: Server, tmp_path: Path) -> None:
    sources = flickr8k(server)
    download(sources, tmp_path / "flickr8k", NOW)
    assert seen(tmp_path / "flickr8k") == {*TEXT, *AUDIO, "Flicker8k_Dataset/a.jpg", "flickr_8k.ctm"}
    assert (tmp_path / "flickr8k/flickr_audio/wavs/a_0.wav").read_bytes() == NOISE
    assert {
        file for source in FLICKR8K for file in source.files if not (tmp_path / "flickr8k" / file).exists()
    } == set()
    kept = {path.name for path in (tmp_path / "flickr8k" / STATE).iterdir()}
    assert kept == {"lock", *(f"{source.name}.json" for source in sources)}


def test_a_dropped_connection_is_resumed_where_it_broke(server: Server, tmp_path: Path) -> None:
    source = noise(server, drops=[100_000, 0, 50_000])
    path, sha256 = fetch(source, tmp_path, waits=NOW)
    assert path.read_bytes() == NOISE
    assert sha256 == hashlib.sha256(NOISE).hexdigest()
    assert [headers.get("If-Range") for _, headers in server.asked] == [None, '"1"', '"1"', '"1"']
    assert server.ranges() == [None, "bytes=100000-", "bytes=100000-", "bytes=150000-"]
    assert list(tmp_path.iterdir()) == [path]


def test_what_came_is_kept_for_the_next_call_after_too_many_drops(server: Server, tmp_path: Path) -> None:
    source = noise(server, drops=[100_000, 0])
    with pytest.raises(
        UserError, match=r"noise\.bin did not come to its end .*: 100,000 bytes did and are kept, .*call again"
    ):
        fetch(source, tmp_path, waits=(0.0,))
    assert server.ranges() == [None, "bytes=100000-"]
    path, _ = fetch(source, tmp_path, waits=NOW)
    assert server.ranges() == ["bytes=100000-"]
    assert path.read_bytes() == NOISE


def test_waits_begin_anew_only_when_something_new_came(server: Server, tmp_path: Path) -> None:
    source = noise(server, drops=[50_000] * 5)
    path, _ = fetch(source, tmp_path, waits=(0.0,))
    assert path.read_bytes() == NOISE
    path.unlink()
    with pytest.raises(UserError, match="did not come to its end"):
        fetch(noise(server, drops=[50_000] * 5, ranges=False), tmp_path, waits=(0.0,))


def test_a_server_without_ranges_begins_again(server: Server, tmp_path: Path) -> None:
    source = noise(server, drops=[100_000], ranges=False)
    path, _ = fetch(source, tmp_path, waits=NOW)
    assert server.ranges() == [None, "bytes=100000-"]
    assert path.read_bytes() == NOISE


def test_a_file_that_changed_meanwhile_begins_again(server: Server, tmp_path: Path) -> None:
    source = replace(noise(server), size=0, checksum="")
    (tmp_path / "noise.bin.part").write_bytes(b"x" * 1000)
    (tmp_path / "noise.bin.part.tag").write_text('"0"')
    assert fetch(source, tmp_path, waits=NOW)[0].read_bytes() == NOISE
    assert server.ranges() == ["bytes=1000-"]


def test_a_weak_tag_is_not_relied_on(server: Server, tmp_path: Path) -> None:
    fetch(noise(server, tag='W/"1"', drops=[1000]), tmp_path, waits=NOW)
    assert [headers.get("If-Range") for _, headers in server.asked] == [None, None]


def test_another_piece_than_was_asked_for_is_not_taken(server: Server, tmp_path: Path) -> None:
    source = noise(server, drops=[1000], shift=5)
    assert fetch(source, tmp_path, waits=NOW)[0].read_bytes() == NOISE
    assert server.ranges() == [None, "bytes=1000-", None]


@pytest.mark.parametrize("surplus", [b"", b"x"])
def test_a_part_that_is_whole_or_too_long_is_seen(server: Server, tmp_path: Path, surplus: bytes) -> None:
    source = noise(server)
    (tmp_path / "noise.bin.part").write_bytes(NOISE + surplus)
    assert fetch(source, tmp_path, waits=NOW)[0].read_bytes() == NOISE
    assert len(server.ranges()) == 1 + len(surplus)


def test_a_wrong_byte_is_named_and_removed(server: Server, tmp_path: Path) -> None:
    source = noise(server)
    (tmp_path / "noise.bin.part").write_bytes(b"x" + NOISE[1:100_000])
    with pytest.raises(UserError, match=r"noise\.bin has the sha256 \w{64} and should have \w{64}: .* removed"):
        fetch(source, tmp_path, waits=NOW)
    assert list(tmp_path.iterdir()) == []
    assert fetch(source, tmp_path, waits=NOW)[0].read_bytes() == NOISE


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize(("size", "most"), [(299_999, 10**6), (300_001, 10**6), (0, 200_000)])
def test_a_wrong_size_is_named_and_removed(server: Server, tmp_path: Path, length: bool, size: int, most: int) -> None:
    source = replace(noise(server, length=length, drops=[0] * length), size=size, most=most)
    with pytest.raises(UserError, match=rf"has \d+,\d+ bytes and should have .*{size or most:,}: .* removed"):
        fetch(source, tmp_path, waits=())
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_end_is_not_taken_to_its_end(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has [1-7]\d,\d{3} bytes"):
        fetch(replace(noise(server, length=False), size=0, most=10_000), tmp_path, waits=NOW)


def test_a_server_that_is_not_well_is_asked_again(server: Server, tmp_path: Path) -> None:
    assert fetch(noise(server, answers=[503, 429]), tmp_path, waits=NOW)[0].read_bytes() == NOISE
    assert len(server.ranges()) == 3


def test_a_page_instead_of_a_file_is_not_taken(server: Server, tmp_path: Path) -> None:
    source = replace(noise(server, kind="text/html; charset=utf-8"), size=0, checksum="")
    with pytest.raises(UserError, match="gives a web page and no file"):
        fetch(source, tmp_path, waits=NOW)
    assert list(tmp_path.iterdir()) == []


def test_nobody_there_is_one_sentence(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"127\.0\.0\.1:1/noise\.bin did not come to its end \(.*refused\)"):
        fetch(replace(noise(server), address="http://127.0.0.1:1/noise.bin"), tmp_path, waits=NOW)


def test_a_certificate_that_is_not_trusted_is_one_sentence(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "self-signed certificate"
        raise URLError(error)

    monkeypatch.setattr(module, "urlopen", refuse)
    with pytest.raises(UserError, match=r"not trusted here \(self-signed certificate\): .*SSL_CERT_FILE"):
        fetch(noise(server), tmp_path, waits=NOW)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full: a full disk is not tried")
def test_a_full_disk_is_one_sentence(server: Server, tmp_path: Path) -> None:
    (tmp_path / STATE).mkdir()
    (tmp_path / STATE / "noise.bin.part").symlink_to("/dev/full")
    with pytest.raises(UserError, match=rf"noise \(Cannot write to {tmp_path}: No space left on device; free space"):
        download([noise(server)], tmp_path, NOW)


def test_progress_is_said(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fetch(noise(server, drops=[200_000]), tmp_path, waits=NOW, every=0.0)
    said = capsys.readouterr().err.splitlines()
    assert all(re.fullmatch(r"noise: 0 of 0 MB, about 0 s left", line) for line in said if " of " in line)
    assert sum(" of " in line for line in said) >= 4
    assert "noise: the connection was closed early; trying again in 0 s" in said


def test_what_fails_is_listed_once_and_the_rest_goes_on(server: Server, tmp_path: Path) -> None:
    sources = flickr8k(server)
    photographs, audio = server.shelves.pop("/Flickr8k_Dataset.zip"), server.shelves.pop("/flickr_audio.tar.gz")
    server.put("flickr_audio.tar.gz", audio.content + b"x")
    with pytest.raises(UserError) as failed:
        download(sources, tmp_path, NOW)
    said = str(failed.value)
    assert re.match(rf"{tmp_path} lacks 2 of 4 sources, the rest is kept: photographs \(.*; audio \(.*\)\.$", said)
    assert (
        f"photographs ({server.address}/Flickr8k_Dataset.zip cannot be fetched, the server answers 404 Not Found: look"
        in said
    )
    assert f"audio ({server.address}/flickr_audio.tar.gz has the md5 " in said
    assert said.isprintable()
    assert seen(tmp_path) == {*TEXT, "flickr_8k.ctm"}
    server.shelves |= {"/Flickr8k_Dataset.zip": photographs, "/flickr_audio.tar.gz": audio}
    server.asked.clear()
    download(sources, tmp_path, NOW)
    assert {path for path, _ in server.asked} == {"/Flickr8k_Dataset.zip", "/flickr_audio.tar.gz"}


def test_what_is_complete_is_found_and_not_asked_for(server: Server, tmp_path: Path) -> None:
    sources = flickr8k(server)
    download(sources, tmp_path, NOW)
    server.asked.clear()
    left = tmp_path / STATE / "flickr_audio.tar.gz"
    left.write_bytes(b"left by a kill")
    download(sources, tmp_path, NOW)
    assert server.asked == []
    assert not left.exists()
    assert all(is_complete(source, tmp_path) for source in sources)


@pytest.mark.parametrize("lost", ["flickr_audio/wavs/a_1.wav", "flickr_audio/wav2spk.txt"])
def test_a_marker_without_its_files_is_not_believed(server: Server, tmp_path: Path, lost: str) -> None:
    audio = flickr8k(server)[2]
    download([audio], tmp_path, NOW)
    (tmp_path / lost).unlink()
    (tmp_path / "flickr_audio" / "mine.txt").write_text("mine")
    server.asked.clear()
    download([audio], tmp_path, NOW)
    assert server.ranges() == [None]
    assert seen(tmp_path) == {*AUDIO, "flickr_audio/mine.txt"}


def test_a_marker_of_half_a_move_is_not_believed(server: Server, tmp_path: Path) -> None:
    source = noise(server)
    download([source], tmp_path, NOW)
    marker = tmp_path / STATE / "noise.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"complete": False}))
    (tmp_path / "noise.bin").write_bytes(b"older")
    download([source], tmp_path, NOW)
    assert (tmp_path / "noise.bin").read_bytes() == NOISE


def test_a_marker_of_another_address_is_not_believed(server: Server, tmp_path: Path) -> None:
    source = noise(server)
    download([source], tmp_path, NOW)
    server.put("new/noise.bin", NOISE)
    server.asked.clear()
    download([replace(source, address=f"{server.address}/new/noise.bin")], tmp_path, NOW)
    assert [path for path, _ in server.asked] == ["/new/noise.bin"]


def test_the_first_download_without_a_checksum_is_what_later_ones_must_be(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alignment = flickr8k(server)[3]
    download([alignment], tmp_path, NOW)
    marker = tmp_path / STATE / "alignment.json"
    sha256 = hashlib.sha256((tmp_path / "flickr_8k.ctm").read_bytes()).hexdigest()
    assert json.loads(marker.read_text())["sha256"] == sha256
    assert f"its sha256 {sha256} is trusted, as none is published" in capsys.readouterr().err
    (tmp_path / "flickr_8k.ctm").unlink()
    server.put("flickr_8k.ctm", b"another")
    with pytest.raises(UserError, match=f"another file than at first.* remove {marker} if the new one is right"):
        download([alignment], tmp_path, NOW)
    assert seen(tmp_path) == set()
    marker.unlink()
    download([alignment], tmp_path, NOW)
    assert (tmp_path / "flickr_8k.ctm").read_bytes() == b"another"


def test_what_somebody_put_there_is_not_overwritten_and_nothing_is_fetched_for_it(
    server: Server, tmp_path: Path
) -> None:
    sources = flickr8k(server)
    (tmp_path / "Flickr8k.token.txt").write_text("mine")
    with pytest.raises(UserError, match=r"text \(.*/Flickr8k\.token\.txt is there and was not downloaded by this"):
        download(sources, tmp_path, NOW)
    assert (tmp_path / "Flickr8k.token.txt").read_text() == "mine"
    assert "/Flickr8k_text.zip" not in [path for path, _ in server.asked]
    assert is_complete(sources[2], tmp_path)


def test_what_only_the_archive_shows_to_be_in_the_way_is_not_overwritten(server: Server, tmp_path: Path) -> None:
    text = flickr8k(server)[1]
    (tmp_path / "readme.txt").write_text("mine")
    with pytest.raises(UserError, match=r"text \(.*/readme\.txt is there"):
        download([text], tmp_path, NOW)
    assert seen(tmp_path) == {"readme.txt"}
    (tmp_path / "readme.txt").unlink()
    server.asked.clear()
    download([text], tmp_path, NOW)
    assert server.asked == []


@pytest.mark.parametrize("member", ["../evil", "/tmp/evil", "Flickr8k_text/../../evil"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_hostile_archive_is_refused_and_the_rest_goes_on(
    server: Server, tmp_path: Path, pack: Any, member: str
) -> None:
    sources = flickr8k(server)
    number = 1 if pack is zipped else 2
    content = pack((TEXT if pack is zipped else AUDIO) | {member: b"evil"})
    server.put(sources[number].file, content)
    sources[number] = replace(sources[number], checksum="")
    with pytest.raises(UserError, match=re.escape(f"its member {member!r} would lie outside the folder")):
        download(sources, tmp_path / "flickr8k", NOW)
    assert [is_complete(source, tmp_path / "flickr8k") for source in sources] == [n != number for n in range(4)]
    assert not list(tmp_path.rglob("*evil*"))
    assert not seen(tmp_path / "flickr8k") & {*(TEXT if pack is zipped else AUDIO)}
    assert not (tmp_path / "flickr8k" / STATE / sources[number].file).exists()


def test_an_archive_without_what_is_needed_is_refused(server: Server, tmp_path: Path) -> None:
    text = replace(flickr8k(server)[1], checksum="")
    server.put(text.file, zipped(TEXT | {"Flickr8k.token.txt": b""}))
    with pytest.raises(UserError, match=r"does not hold Flickr8k\.token\.txt"):
        download([text], tmp_path, NOW)
    assert seen(tmp_path) == set()


def test_a_kill_while_unpacking_leaves_no_half_folder(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = flickr8k(server)[2]

    def killed(archive: Path, folder: Path, most: int) -> None:
        (folder / "flickr_audio").mkdir()
        (folder / "half").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.unpacking, "unpack", killed)
        patch.setattr(module.shutil, "rmtree", lambda *_, **__: None)  # a kill tidies nothing
        with pytest.raises(KeyboardInterrupt):
            download([audio], tmp_path, NOW)
    assert seen(tmp_path) == set()
    assert (tmp_path / STATE / "audio.unpacked" / "half").exists()
    server.asked.clear()
    download([audio], tmp_path, NOW)
    assert server.asked == []
    assert seen(tmp_path) == set(AUDIO)


def test_a_kill_while_moving_into_place_is_mended(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, settle = flickr8k(server)[1], module._settle

    def killed(made: Path, place: Path) -> None:
        if place.name == "Flickr_8k.testImages.txt":
            raise KeyboardInterrupt
        settle(made, place)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            download([text], tmp_path, NOW)
    assert seen(tmp_path)
    assert not is_complete(text, tmp_path)
    download([text], tmp_path, NOW)
    assert seen(tmp_path) == set(TEXT)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=rf"^Cannot write to {tmp_path}/file/flickr8k: Not a directory"):
        download(FLICKR8K, tmp_path / "file" / "flickr8k", NOW)


def test_the_table_names_what_can_be_checked() -> None:
    assert [source.name for source in FLICKR8K] == ["photographs", "text", "audio", "alignment"]
    for source in FLICKR8K:
        assert source.address.startswith("https://")
        assert re.fullmatch(r"(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})?", source.checksum)


def test_corpora_lie_in_one_folder_wherever_a_notebook_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project_folder() / "notebooks")
    monkeypatch.setenv("VGSNB_DATA", "corpora")
    assert folder_of("flickr8k") == project_folder() / "corpora" / "flickr8k"
    monkeypatch.setenv("VGSNB_DATA", "")
    with pytest.raises(UserError, match="VGSNB_DATA does not name a folder"):
        folder_of("flickr8k")


def test_the_command_fetches_into_the_folder_of_corpora(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vgsnb.cli import main

    monkeypatch.setattr(module, "CORPORA", {"flickr8k": flickr8k(server)})
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path))
    answer = CliRunner().invoke(main, ["download", "flickr8k", "--only", "text", "--only", "alignment"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[-1] == f"flickr8k is in {tmp_path}/flickr8k"
    assert seen(tmp_path / "flickr8k") == {*TEXT, "flickr_8k.ctm"}
    answer = CliRunner().invoke(main, ["download", "flickr8k", "--to", str(tmp_path / "there")])
    assert len(seen(tmp_path / "there")) == len(TEXT) + len(AUDIO) + 2


def test_the_command_answers_with_one_sentence(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vgsnb.cli import main

    monkeypatch.setattr(module, "CORPORA", {"flickr8k": flickr8k(server)})
    monkeypatch.delenv("VGSNB_DATA", raising=False)
    server.shelves.clear()
    for words, said in [
        (["flickr9k"], "There is no corpus 'flickr9k'; choose one of: flickr8k."),
        (["flickr8k"], "VGSNB_DATA does not name a folder for corpora: set it, or"),
        (["flickr8k", "--only", "sound"], "There is no source 'sound'; choose one of: photographs, text, audio"),
        (["flickr8k", "--to", str(tmp_path)], f"{tmp_path} lacks 4 of 4 sources, the rest is kept: photographs ("),
    ]:
        answer = CliRunner().invoke(main, ["download", *words])
        assert answer.exit_code == 2
        assert len(answer.output.strip().splitlines()) == 1
        assert answer.output.startswith(f"vgsnb: {said}")
