"""What is not a plain file inside the folder is refused by name, before anything is written."""

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from vgsnb.corpora import unpacking
from vgsnb.corpora.unpacking import unpack
from vgsnb.errors import UserError

GOOD = {"wavs/a_0.wav": b"sound", "wav2spk.txt": b"a_0.wav 1\n"}
ODD = {  # a type in a tar, a mode in a zip, which has no hard links
    "symbolic link": (tarfile.SYMTYPE, stat.S_IFLNK),
    "device": (tarfile.CHRTYPE, stat.S_IFCHR),
    "pipe": (tarfile.FIFOTYPE, stat.S_IFIFO),
    "hard link": (tarfile.LNKTYPE, 0),
}
CASES = [(ending, kind) for ending in (".zip", ".tar.gz") for kind in ODD if (ending, kind) != (".zip", "hard link")]


def pack(path: Path, files: dict[str, bytes], odd: tuple[bytes, int] | None = None, target: str = "") -> Path:
    """A zip or tar with ``files``; the one called "odd" is of the type and mode ``odd`` and points to ``target``."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, content in files.items():
                info = zipfile.ZipInfo(name)
                if odd and name == "odd":
                    info.create_system, info.external_attr = 3, odd[1] << 16
                zipped.writestr(info, target if odd and name == "odd" else content, zipfile.ZIP_DEFLATED)
    else:
        with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as tarred:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                if odd and name == "odd":
                    entry.type, entry.linkname, entry.size = odd[0], target, 0
                tarred.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inside" / "folder"
    path.mkdir(parents=True)
    return path


def nothing_written(folder: Path, archive: Path) -> bool:
    """Whether only ``archive`` and the empty ``folder`` are there."""
    return sorted(folder.parents[1].rglob("*")) == sorted([archive, folder.parent, folder])


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tgz"])
def test_files_are_written_and_junk_is_not(folder: Path, tmp_path: Path, ending: str) -> None:
    junk = {"__MACOSX/wavs/._a_0.wav": b"?", "wavs/._a_0.wav": b"?", "wavs/.DS_Store": b"?"}
    unpack(pack(tmp_path / f"a{ending}", GOOD | junk), folder, most=1000)
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert found == GOOD


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
@pytest.mark.parametrize("name", ["../x", "wavs/../../x", "/tmp/vgsnb-x", "..\\x", "C:x", "\\x", "__MACOSX/../../x"])
def test_a_name_that_leads_outside_is_refused(folder: Path, tmp_path: Path, ending: str, name: str) -> None:
    archive = pack(tmp_path / f"a{ending}", GOOD | {name: b"evil"})
    with pytest.raises(UserError) as refused:
        unpack(archive, folder, most=1000)
    assert f"its member {name!r} would lie outside the folder" in str(refused.value)
    assert nothing_written(folder, archive)


@pytest.mark.parametrize(("ending", "kind"), CASES)
@pytest.mark.parametrize("target", ["/etc/passwd", "../..", "wavs/a_0.wav"])
def test_links_devices_and_pipes_are_refused(folder: Path, tmp_path: Path, ending: str, kind: str, target: str) -> None:
    archive = pack(tmp_path / f"a{ending}", GOOD | {"odd": b""}, ODD[kind], target)
    with pytest.raises(UserError, match="its member 'odd' is no plain file or folder"):
        unpack(archive, folder, most=1000)
    assert nothing_written(folder, archive)


def test_what_is_encrypted_is_refused(folder: Path, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"secret": b""})
    content = bytearray(archive.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    archive.write_bytes(content)
    with pytest.raises(UserError, match="its member 'secret' is no plain file or folder"):
        unpack(archive, folder, most=1000)


def test_nothing_is_written_through_a_link(folder: Path, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.tar", {"odd": b"", "odd/x": b"evil"}, ODD["symbolic link"], "..")
    with pytest.raises(UserError, match="'odd'"):
        unpack(archive, folder, most=1000)
    assert nothing_written(folder, archive)


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_a_bomb_does_not_go_off(folder: Path, tmp_path: Path, ending: str) -> None:
    archive = pack(tmp_path / f"a{ending}", GOOD | {"zeros": bytes(10**6)})
    assert archive.stat().st_size < 10**4
    with pytest.raises(UserError, match="more than 100,000 bytes"):
        unpack(archive, folder, most=10**5)
    assert nothing_written(folder, archive)


def test_a_bomb_is_seen_before_its_bytes_are_read(folder: Path, tmp_path: Path) -> None:
    entry = tarfile.TarInfo("zeros")
    entry.size = 10**12  # of which there is nothing
    (tmp_path / "a.tar").write_bytes(entry.tobuf())
    with pytest.raises(UserError, match="more than 100,000 bytes"):
        unpack(tmp_path / "a.tar", folder, most=10**5)


def test_a_size_below_nothing_is_refused(folder: Path, tmp_path: Path) -> None:
    entry = tarfile.TarInfo("back")
    entry.size = -(10**4)  # an endless loop for who goes to the next member
    (tmp_path / "a.tar").write_bytes(entry.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(UserError, match="less than no bytes"):
        unpack(tmp_path / "a.tar", folder, most=10**5)


@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_too_many_files_are_refused(folder: Path, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 3)
    archive = pack(tmp_path / f"a{ending}", {str(number): b"" for number in range(4)})
    with pytest.raises(UserError, match="or 3 files"):
        unpack(archive, folder, most=1000)
    assert nothing_written(folder, archive)


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_half_an_archive_and_none_at_all_are_named(folder: Path, tmp_path: Path, ending: str) -> None:
    noise = bytes(byte * byte % 251 for byte in range(5000))
    archive = pack(tmp_path / f"a{ending}", {"noise": noise})
    whole = archive.read_bytes()
    for content in (whole[: len(whole) // 2], b"not found", b""):
        archive.write_bytes(content)
        with pytest.raises(UserError, match=f"^a{ending} is broken .*: download it again.$") as refused:
            unpack(archive, folder, most=10**5)
        assert str(refused.value).isprintable()


def test_an_odd_name_stays_on_one_short_line(folder: Path, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.tar", {"../\n\x1b[31m" + "x" * 1000: b""})
    with pytest.raises(UserError) as refused:
        unpack(archive, folder, most=1000)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300
