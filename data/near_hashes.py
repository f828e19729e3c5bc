"""Which perceptual hashes are so near that their pictures show one photograph."""

from collections.abc import Sequence

import numpy as np

from data.picture_facts import HASH_SIDE

# Of 256 bits. On Stanford Cars every pair up to 36 was the same photograph, the first that was not had 44.
MAX_DISTANCE = 32
_CELLS_AT_ONCE = 4_000_000

Pairs = tuple[tuple[str, str], ...]


def near_hashes(hashes: Sequence[str]) -> Pairs:
    """Return the pairs of hashes that differ in at most 32 bits, be it after one of the pictures is mirrored.

    All pairs are looked at: 40,000 pictures take seconds, so the result is worth remembering.

    Args:
        hashes: different ones, each of 64 hex digits.
    """
    words = np.frombuffer(bytes.fromhex("".join(hashes)), np.uint64).reshape(-1, 4)
    pairs = np.concatenate([near_pairs(words, words), near_pairs(words, _mirrored(words))])
    return tuple((hashes[one], hashes[other]) for one, other in np.unique(pairs, axis=0).tolist())


def _mirrored(words: np.ndarray) -> np.ndarray:
    """The hashes of the mirrored pictures: every step is met from its other side, so brighter and darker change places.

    Where neighbours are equal the bit comes out wrong: before a plain background a mirrored picture may be missed.
    """
    rows = np.unpackbits(words.view(np.uint8)).reshape(-1, HASH_SIDE)
    return np.packbits(1 - rows[:, ::-1]).view(np.uint64).reshape(words.shape)


def near_pairs(words: np.ndarray, others: np.ndarray, max_distance: int = MAX_DISTANCE) -> np.ndarray:
    """Return the pairs i < j of which words[i] and others[j] differ in at most `max_distance` bits, int64 [pairs, 2].

    All are compared, in blocks of bounded memory; two of the four words rule nearly all of them out.

    Args:
        words, others: uint64 [N, 4].
    """
    found = [np.empty((0, 2), np.int64)]
    left, right = (np.ascontiguousarray(part[:, 1:3].T) for part in (words, others))
    block = max(1, _CELLS_AT_ONCE // max(1, len(words)))
    for start in range(0, len(words), block):
        distance = np.bitwise_count(left[0, start : start + block, None] ^ right[0, None, start:])
        distance += np.bitwise_count(left[1, start : start + block, None] ^ right[1, None, start:])
        rows, columns = np.nonzero(distance <= max_distance)
        rows, columns = rows[columns > rows] + start, columns[columns > rows] + start
        whole = np.bitwise_count(words[rows] ^ others[columns]).sum(axis=1, dtype=np.int64)
        close = whole <= max_distance
        found.append(np.stack([rows[close], columns[close]], axis=1))
    return np.concatenate(found)
