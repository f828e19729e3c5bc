"""What is wrong with a data set: named, with its place and with what was done about it."""

from dataclasses import dataclass
from typing import Literal, get_args

Effect = Literal["left_out", "changed", "reported"]

KINDS = {
    # found by readers, in folders and annotations
    "class_empty": "a class without any picture",
    "class_missing_in_split": "a class with pictures in some splits only",
    "classes_alike": "two class names that differ only in case or in Unicode form",
    "file_missing": "an annotation names a file that is not there",
    "file_without_annotation": "a picture file that no annotation names",
    "file_not_picture": "a file among pictures that is none by its ending and its content, or of a format that is not read",
    "file_listed_twice": "a file that is annotated more than once, always with the same label",
    "labels_contradict": "a file that is annotated with different labels",
    "label_out_of_range": "a class number that no class has",
    "annotation_malformed": "a line or entry of an annotation file that cannot be understood",
    "box_without_area": "a box whose sides are not in order, or no numbers",
    "path_leaves_folder": "an absolute path, '..', or a link that leads out of the data set's folder",
    "folder_contradicts": "a picture in the folder of a class that its annotation does not say, or a folder of no class",
    "name_not_text": "a name of a file or folder that is no valid UTF-8",
    "folder_not_searched": "a folder inside a class folder, or one that cannot be read",
    "group_in_two_splits": "a group of related pictures that the source has on both sides of a split",
    "counts_differ": "other numbers of classes or pictures than the published data set has",
    "test_labels_missing": "test pictures whose labels are not there",
    # found by decoding every picture
    "picture_unusable": "a picture file that cannot be decoded",
    "box_outside_picture": "a box that reaches beyond its picture",
    "box_outside_picture_entirely": "a box of which nothing lies inside its picture",
    "same_in_two_splits": "equal files in two splits",
    "same_under_two_labels": "equal files under two labels",
    "nearly_same_in_two_splits": "one photograph, resized, compressed again, mirrored or retouched, in two splits",
    "nearly_same_under_two_labels": "one photograph, resized, compressed again, mirrored or retouched, under two labels",
}


@dataclass(frozen=True)
class Fault:
    """Something wrong with a data set.

    Args:
        kind: a name in `KINDS`.
        where: the file (with line, where it has lines), class or group; enough to find it.
        message: what is wrong there and, where it helps, what was done; a full sentence.
        effect: pictures are `left_out`, something is `changed` (a box is cut), or it is only `reported`.
    """

    kind: str
    where: str
    message: str
    effect: Effect

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind of fault {self.kind!r}. Expected one of: {', '.join(KINDS)}.")
        if self.effect not in get_args(Effect):
            raise ValueError(f"Unknown effect {self.effect!r}. Expected one of: {', '.join(get_args(Effect))}.")
        for name in ("where", "message"):  # bytes of file names that are no text cannot be written as such
            object.__setattr__(self, name, getattr(self, name).encode("utf-8", "backslashreplace").decode())
