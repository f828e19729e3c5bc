import bz2
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import zipfile

import pytest

from car_classifier.base.errors import DataError
from data.archive import is_archive, unpack

FILES = {"photos/a/1.jpg": b"one" * 1000, "photos/b c/2 ü\n.jpg": b"two", "photos/readme.txt": b""}


def write_zip(path, files=FILES, mode=stat.S_IFREG):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = (mode | 0o644) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def write_tar(path, files=FILES, kind=tarfile.REGTYPE, compression=""):
    with tarfile.open(path, f"w:{compression}") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/hostname"
            archive.addfile(info, io.BytesIO(content))


def write(path, files=FILES):
    if path.suffix == ".zip":
        write_zip(path, files)
    else:
        write_tar(path, files, compression={".gz": "gz", ".tgz": "gz", ".xz": "xz", ".bz2": "bz2"}.get(path.suffix, ""))


def content_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.bz2"])
def test_files_come_out_as_they_went_in(tmp_path, name):
    write(tmp_path / name)
    assert is_archive(tmp_path / name)
    unpack(tmp_path / name, tmp_path / "out" / "here")
    assert content_of(tmp_path / "out" / "here") == FILES
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_dir()] == ["here"]


@pytest.mark.parametrize("name", ["/etc/x.jpg", "../x.jpg", "a/../../x.jpg", "C:x.jpg", "C:\\x.jpg", "\\x.jpg"])
@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_path_that_leads_out_refuses_the_archive(tmp_path, name, ending):
    write(tmp_path / f"a.{ending}", FILES | {name: b"x"})
    with pytest.raises(DataError, match=f"a.{ending} holds .*a path that leads out"):
        unpack(tmp_path / f"a.{ending}", tmp_path / "out" / "here")
    assert content_of(tmp_path / "out") in ({}, {".here.lock": b""})
    assert not (tmp_path / "x.jpg").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE])
def test_links_and_devices_in_a_tar_refuse_it(tmp_path, kind):
    write_tar(tmp_path / "a.tar", {"a.jpg": b""}, kind)
    with pytest.raises(DataError, match="a.tar (holds 'a.jpg', which is a link, device or sparse|is damaged)"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_refuse_it(tmp_path, mode):
    write_zip(tmp_path / "a.zip", {"a.jpg": b"/etc/hostname"}, mode)
    with pytest.raises(DataError, match="holds 'a.jpg', which is a link or device"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_link_cannot_be_written_through(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link, file = tarfile.TarInfo("d"), tarfile.TarInfo("d/x.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        archive.addfile(link)
        archive.addfile(file)
    with pytest.raises(DataError, match="holds 'd', which is a link"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_name_that_is_there_twice_refuses_the_archive(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    write(path, {"a/1.jpg": b"x", "./a/1.jpg": b"y"})
    with pytest.raises(DataError, match=r"holds '(\./)?a/1.jpg' twice"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar.xz"])
def test_bombs_are_refused_by_what_is_written(tmp_path, name):
    write(tmp_path / name, {"zeros.bmp": bytes(10_000_000)})
    assert (tmp_path / name).stat().st_size < 20_000
    with pytest.raises(DataError, match="unpacks to more than 9,000,000 bytes"):
        unpack(tmp_path / name, tmp_path / "out", max_bytes=9_000_000)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_too_many_entries_are_refused(tmp_path, ending):
    write(tmp_path / f"a.{ending}", {f"{number}.jpg": b"" for number in range(20)})
    with pytest.raises(DataError, match="holds more than 19 entries"):
        unpack(tmp_path / f"a.{ending}", tmp_path / "out", max_files=19)


@pytest.mark.parametrize(("limits", "message"), [
    ({"max_files": 19}, "holds more than 19 entries"), ({"max_bytes": 90}, "unpacks to more than 90 bytes"),
])
def test_zip_that_says_it_holds_too_much_is_refused_before_its_first_entry(tmp_path, limits, message):
    write(tmp_path / "a.zip", {"../first.jpg": b""} | {f"{number}.jpg": b"ten bytes." for number in range(20)})
    with pytest.raises(DataError, match=message):
        unpack(tmp_path / "a.zip", tmp_path / "out", **limits)


def test_header_that_asks_for_much_memory_is_refused(tmp_path):
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 200 * 2**20
    with gzip.open(tmp_path / "a.tar.gz", "wb", 1) as file:
        file.write(header.tobuf())
        file.write(bytes(20 * 2**20))
    with pytest.raises(DataError, match="a.tar.gz is damaged.*a header says that it has 209,715,200 bytes"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "out")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2"])
def test_truncated_archive_is_refused_and_leaves_nothing(tmp_path, name):
    write(tmp_path / name, {f"{n}.jpg": random.Random(n).randbytes(3000) for n in range(5)})
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 3])
    with pytest.raises(DataError, match=f"{name} is damaged"):
        unpack(tmp_path / name, tmp_path / "out")
    assert not (tmp_path / "out").exists() and not (tmp_path / ".out.unpacking").exists()


def test_damaged_header_in_the_middle_of_a_tar_is_no_end(tmp_path):
    write_tar(tmp_path / "a.tar", {f"{n}.jpg": b"x" * 512 for n in range(5)})
    content = bytearray((tmp_path / "a.tar").read_bytes())
    content[2048 + 10] ^= 1
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(DataError, match="no valid header at byte 2,048"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.parametrize("opener", [open, gzip.open, bz2.open, lzma.open])
def test_file_that_is_no_archive_is_refused(tmp_path, opener):
    with opener(tmp_path / "a.tar", "wb") as file:
        file.write(b"Dear all, " * 1000)
    with pytest.raises(DataError, match="a.tar is damaged or no archive"):
        unpack(tmp_path / "a.tar", tmp_path / "out")


def test_encrypted_zip_is_refused(tmp_path):
    write_zip(tmp_path / "a.zip", {"a.jpg": b"x"})
    content = bytearray((tmp_path / "a.zip").read_bytes())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(magic) + place, 1)
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataError, match="a.zip is damaged or no archive that can be read: .*encrypted"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_what_is_unpacked_already_stays(tmp_path):
    write_zip(tmp_path / "a.zip")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.jpg").touch()
    unpack(tmp_path / "a.zip", tmp_path / "out")
    assert list(content_of(tmp_path / "out")) == ["mine.jpg"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_damage_anywhere_is_a_data_error_or_does_not_matter(tmp_path, name):
    write(tmp_path / name)
    content, chance = (tmp_path / name).read_bytes(), random.Random(1)
    refused = 0
    for number in range(150):
        damaged = bytearray(content)
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        damaged_file = tmp_path / f"b{number}{name[1:]}"
        damaged_file.write_bytes(damaged)
        try:
            unpack(damaged_file, tmp_path / "out" / str(number))
        except DataError:
            refused += 1
    assert refused > 5
