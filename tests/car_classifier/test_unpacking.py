import shutil

from car_classifier.places import program_home
from car_classifier.unpacking import unpack_archive


def test_archive_is_unpacked_once_into_the_programs_folder_and_said_so(tmp_path, capsys):
    (tmp_path / "photos" / "a").mkdir(parents=True)
    (tmp_path / "photos" / "a" / "1.jpg").touch()
    archive = shutil.make_archive(tmp_path / "photos", "zip", tmp_path, "photos")
    folder = unpack_archive(tmp_path / archive)
    assert (folder / "a" / "1.jpg").is_file() and folder.is_relative_to(program_home() / "unpacked")
    assert "photos.zip into" in capsys.readouterr().err
    assert unpack_archive(tmp_path / archive) == folder and capsys.readouterr().err == ""
