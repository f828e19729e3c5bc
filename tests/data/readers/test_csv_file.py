import pytest

from car_classifier.base.errors import DataError
from data.readers.csv_file import read_csv_file


@pytest.fixture
def table(tmp_path, write_pictures):
    """Function that writes lines of a CSV file beside four pictures in one folder."""
    write_pictures(tmp_path, "photos", count=4)

    def write(*lines):
        path = tmp_path / "birds.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


ALL = ("photos/000.png,heron", "photos/001.png,egret", "photos/002.png,heron", "photos/003.png,egret")


def test_labels_are_the_classes_in_sorted_order_whatever_the_folders(table):
    dataset = read_csv_file(table("file,label", *ALL))
    assert dataset.name == "birds" and dataset.class_names == ("egret", "heron")
    train = dataset.splits["train"]
    assert train.labels.tolist() == [1, 0, 1, 0] and [path.name for path in train.paths][:2] == ["000.png", "001.png"]
    assert (train.boxes, train.groups, dataset.faults, dataset.notes) == (None, None, (), ())


def test_split_group_and_box_are_read_in_any_order_of_columns(table):
    lines = ["group, x_min,y_min,x_max,y_max,label,split,file", "nest 1,1,2,30,20,a,train,photos/000.png",
             ",1,2,3,4.5,b,Train,photos/001.png", "x,0,0,1,1,a,valid,photos/002.png", "y,0,0,1,1,b,test,photos/003.png"]
    dataset = read_csv_file(table(*lines))
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 2, "validation": 1, "test": 1}
    assert dataset.splits["train"].groups == ("nest 1", "")
    assert dataset.splits["train"].boxes.tolist() == [[1, 2, 30, 20], [1, 2, 3, 4.5]]


def test_other_columns_are_noted(table):
    dataset = read_csv_file(table("file,label,photographer", *(f"{line},me" for line in ALL)))
    assert dataset.notes == ("Columns of birds.csv that are not used: photographer.",)


def test_spaces_newlines_and_other_scripts_in_paths_are_read(table, write_pictures, tmp_path):
    write_pictures(tmp_path, " Vögel\n轿车 ", count=1)
    dataset = read_csv_file(table("file,label", *ALL, '" Vögel\n轿车 /000.png",heron'))
    assert dataset.counts("train").tolist() == [2, 3] and dataset.faults == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("photos/000.png", "annotation_malformed"),
        ("photos/000.png,heron,train,more", "annotation_malformed"),
        ("photos/000.png, ,train", "annotation_malformed"),
        (",heron,train", "annotation_malformed"),
        ("photos/000.png,heron,holdout", "annotation_malformed"),
        ("photos/000.png,heron,", "annotation_malformed"),
        ("photos/000.png\0,heron,train", "annotation_malformed"),
        ("photos/009.png,heron,train", "file_missing"),
        ("photos,heron,train", "file_missing"),
        ("/etc/hostname,heron,train", "path_leaves_folder"),
        ("C:\\photos\\000.png,heron,train", "path_leaves_folder"),
        ("photos/../../x.png,heron,train", "path_leaves_folder"),
        ("./photos//000.png,heron,train", "file_listed_twice"),
        ("photos/000.png,heron,test", "file_listed_twice"),
    ],
)
def test_bad_line_is_left_out_and_named(table, line, kind):
    path = table("file,label,split", *(f"{line},train" for line in ALL), line)
    dataset = read_csv_file(path)
    assert len(dataset.splits["train"]) == 4
    assert [(fault.kind, fault.where) for fault in dataset.faults] == [(kind, f"{path}, line 6")]


def test_contradiction_leaves_both_lines_out(table):
    dataset = read_csv_file(table("file,label", *ALL, "photos/000.png,egret"))
    assert [path.name for path in dataset.splits["train"].paths] == ["001.png", "002.png", "003.png"]
    (fault,) = dataset.faults
    assert fault.kind == "labels_contradict" and "'heron' in" in fault.message and "line 2" in fault.message


def test_class_without_a_usable_line_and_file_without_a_line_are_named(table, tmp_path):
    dataset = read_csv_file(table("file,label", *ALL[:3], "photos/nothing.png,stork"))
    assert dataset.class_names == ("egret", "heron")
    assert [(fault.kind, fault.where) for fault in dataset.faults[1:]] == [
        ("file_without_annotation", str(tmp_path / "photos" / "003.png")), ("class_empty", "stork"),
    ]


def test_link_that_leaves_the_folder_is_refused(table, tmp_path):
    (tmp_path.parent / "outside.png").touch()
    (tmp_path / "photos" / "link.png").symlink_to(tmp_path.parent / "outside.png")
    (tmp_path / "all").symlink_to(tmp_path.parent)
    dataset = read_csv_file(table("file,label", *ALL, "photos/link.png,heron", "all/outside.png,heron"))
    assert [fault.kind for fault in dataset.faults] == ["path_leaves_folder"] * 2


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (("photos/000.png,heron",), "lacks the column file, label.*first line that names the columns"),
        (("file;label",), "separates its columns by ';'. Expected: commas"),
        (("file\tlabel",), "separates its columns by .* Expected: commas"),
        (("file,label,x_min,y_min",), "lacks the column x_max, y_max"),
        (("file,label,label",), "has a column twice: label"),
        (("file,label",), "no training picture"),
        (("file,label", "photos/000.png,a"), "at least two classes"),
        (("file,label", "photos/000.png"), "line 2: Expected 2 values. Received 1"),
    ],
)
def test_file_that_is_no_such_table_is_refused(table, lines, complaint):
    with pytest.raises(DataError, match=complaint):
        read_csv_file(table(*lines))


def test_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "birds.csv").write_bytes("file,label\nä.png,ü\n".encode("latin-1"))
    with pytest.raises(DataError, match="birds.csv is no text in UTF-8. Save it as"):
        read_csv_file(tmp_path / "birds.csv")


def test_columns_are_named_in_any_case(table):
    assert read_csv_file(table("File,LABEL", *ALL)).counts("train").tolist() == [2, 2]


def test_box_less_than_a_pixel_wide_is_a_fault(table):
    lines = (f"{line},1,1,{x_max},20" for line, x_max in zip(ALL, ("1.4", "9", "9", "9"), strict=True))
    faults = read_csv_file(table("file,label,x_min,y_min,x_max,y_max", *lines)).faults
    assert [fault.kind for fault in faults] == ["box_without_area"]
