"""Figures of one epoch from the probabilities that the training step kept, at next to no cost in the step."""

from typing import Any

import numpy as np

from results.ranks import is_correct, true_class_ranks

METRICS = ("loss", "accuracy", "top_3_accuracy", "top_5_accuracy", "precision", "recall", "auc")

_TOP_K = (3, 5)
_NUM_THRESHOLDS = 200  # keras.metrics.AUC's default
_SHARE_UNIT = 2**24  # label shares are counted in whole multiples of 1 / _SHARE_UNIT, so that no sum ever rounds
_CHUNK_ENTRIES = 2**17  # pictures x classes worked on at a time: they stay in the processor's cache
_KEPT_ENTRIES = 2**23  # pictures x classes kept before `add` reduces them by itself: 64 MB of labels and probabilities


class RunningMetrics:
    """Loss, accuracy, top-k, precision, recall and AUC of one epoch, from kept labels and probabilities.

    Keras' own metrics work in every training step; this class only keeps references there and counts later, in large
    pieces. All counts are integers and the losses are added batch by batch in float64, so that no figure depends on
    when `flush` was called, nor on a stop and `restore` between two batches.

    Precision and recall are Keras' micro figures: every (picture, class) pair is one decision, yes above probability
    0.5. The AUC is that of `keras.metrics.AUC()`: ROC over all pairs at 200 thresholds, from a histogram.

    Labels mixed by CutMix or MixUp: accuracy and top-k ask for the class of the largest share. For precision, recall
    and AUC a pair with share s counts as s of a positive and 1 - s of a negative (Keras would call every share above
    zero a whole positive); shares are rounded to 2**-24. For labels without mixing this is Keras' definition.
    Labels are to be given before label smoothing, with shares that add up to 1.

    Args:
        num_classes: C, at least 2.

    Raises:
        ValueError: `num_classes` is below 2.
    """

    def __init__(self, num_classes: int):
        if num_classes < 2:
            raise ValueError(f"`num_classes` must be at least 2. Received: {num_classes}.")
        self.num_classes = num_classes
        self._kept: list[tuple[Any, Any, Any, Any]] = []
        self._kept_entries = 0
        self._num_pictures = 0
        self._loss_sum = 0.0
        self._weight_sum = 0.0
        self._correct = np.zeros(1 + len(_TOP_K), np.int64)  # top 1, then each of _TOP_K
        self._above_half = np.zeros(2, np.int64)  # pairs above 0.5; label shares among them
        self._pairs = np.zeros(_NUM_THRESHOLDS, np.int64)  # histogram of all pairs by probability
        self._shares = np.zeros(_NUM_THRESHOLDS, np.int64)  # the same, of label shares

    def add(self, labels: Any, probabilities: Any, losses: Any, weights: Any = None) -> None:
        """Keep one batch; nothing is copied or fetched from a device, so the arrays must not be changed afterwards.

        Args:
            labels: float32 [B, C], one-hot or mixed; anything that `np.asarray` takes, as all of these.
            probabilities: float32 [B, C] in [0, 1].
            losses: float32 [B].
            weights: float32 [B], or None for ones. The loss is the weighted mean; the other figures count every picture
                of weight above zero once, like Keras' `metrics`. Weight zero marks padding, which counts nowhere.

        Raises:
            ValueError: the shapes do not fit together.
        """
        shape = tuple(probabilities.shape)
        others = tuple(labels.shape), tuple(losses.shape), shape[:1] if weights is None else tuple(weights.shape)
        if len(shape) != 2 or shape[1] != self.num_classes or others != (shape, shape[:1], shape[:1]):
            raise ValueError(
                f"Expected labels and probabilities [B, {self.num_classes}], losses and weights [B]. "
                f"Received probabilities {shape} and labels, losses, weights {others}."
            )
        self._kept.append((labels, probabilities, losses, weights))
        self._kept_entries += shape[0] * shape[1]
        if self._kept_entries > _KEPT_ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Reduce all that is kept to counts and let go of the arrays; costs a few nanoseconds per (picture, class)."""
        kept, self._kept, self._kept_entries = self._kept, [], 0
        per_chunk = max(1, _CHUNK_ENTRIES // self.num_classes)
        chunk, num_pictures = [], 0
        for batch in kept:
            chunk.append(batch)
            num_pictures += batch[1].shape[0]
            if num_pictures >= per_chunk:
                self._count(chunk)
                chunk, num_pictures = [], 0
        if num_pictures:
            self._count(chunk)

    def result(self) -> dict[str, float | None]:
        """Return the figures so far, by the names in METRICS.

        Top-k is None where k is not below the number of classes, and everything is None before the first picture.
        Precision without a pair above 0.5 is 0, as in Keras. A training that diverged has a loss that is not finite.
        """
        self.flush()
        if self._num_pictures == 0:
            return dict.fromkeys(METRICS)
        accuracy, *top = (int(count) / self._num_pictures for count in self._correct)
        predicted, found = int(self._above_half[0]), int(self._above_half[1]) / _SHARE_UNIT
        shares = int(self._shares.sum()) / _SHARE_UNIT
        return {
            "loss": self._loss_sum / self._weight_sum,
            "accuracy": accuracy,
            **{f"top_{k}_accuracy": value if k < self.num_classes else None for k, value in zip(_TOP_K, top)},
            "precision": found / predicted if predicted else 0.0,
            "recall": found / shares if shares else 0.0,
            "auc": _area_under_roc(self._shares / _SHARE_UNIT, self._pairs - self._shares / _SHARE_UNIT),
        }

    def state(self) -> dict[str, Any]:
        """Return all counts as plain ints, floats and lists, for JSON; `restore` continues from them exactly."""
        self.flush()
        return {
            "num_classes": self.num_classes,
            "num_pictures": self._num_pictures,
            "loss_sum": self._loss_sum,
            "weight_sum": self._weight_sum,
            "correct": self._correct.tolist(),
            "above_half": self._above_half.tolist(),
            "pairs": self._pairs.tolist(),
            "shares": self._shares.tolist(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Replace all counts by those of `state`, and forget what was kept.

        Raises:
            ValueError: the state counts another number of classes.
        """
        if state["num_classes"] != self.num_classes:
            raise ValueError(f"Expected a state of {self.num_classes} classes. Received: {state['num_classes']}.")
        self._kept, self._kept_entries = [], 0
        self._num_pictures = state["num_pictures"]
        self._loss_sum = state["loss_sum"]
        self._weight_sum = state["weight_sum"]
        self._correct = np.array(state["correct"], np.int64)
        self._above_half = np.array(state["above_half"], np.int64)
        self._pairs = np.array(state["pairs"], np.int64)
        self._shares = np.array(state["shares"], np.int64)

    def _count(self, batches: list[tuple[Any, Any, Any, Any]]) -> None:
        labels = np.concatenate([np.asarray(batch[0]) for batch in batches])
        probabilities = np.concatenate([np.asarray(batch[1]) for batch in batches])
        losses = np.concatenate([np.asarray(batch[2]) for batch in batches]).astype(np.float64)
        if all(batch[3] is None for batch in batches):
            weights = np.ones_like(losses)
        else:
            weights = np.concatenate([np.ones(batch[2].shape) if batch[3] is None else batch[3] for batch in batches])
        self._add_losses(losses, weights.astype(np.float64), sizes=[batch[2].shape[0] for batch in batches])
        if not weights.all():
            labels, probabilities = labels[weights > 0], probabilities[weights > 0]
        if len(labels):
            self._count_pictures(labels, probabilities)

    def _add_losses(self, losses: np.ndarray, weights: np.ndarray, *, sizes: list[int]) -> None:
        # One sum per batch, added in order: the batches are the same whenever `flush` is called, so the total is too.
        starts = np.cumsum([0] + [size for size in sizes if size])[:-1]
        padding = weights == 0
        if padding.any():
            losses = np.where(padding, 0.0, losses)
        for loss, weight in zip(np.add.reduceat(losses * weights, starts), np.add.reduceat(weights, starts)):
            self._loss_sum += float(loss)
            self._weight_sum += float(weight)

    def _count_pictures(self, labels: np.ndarray, probabilities: np.ndarray) -> None:
        true = labels.argmax(axis=1)
        ranks = true_class_ranks(probabilities, true)
        self._num_pictures += len(true)
        self._correct[0] += np.count_nonzero(is_correct(probabilities, true, ranks=ranks))
        self._correct[1:] += [np.count_nonzero(ranks < k) for k in _TOP_K]
        pairs, shares = _positive_pairs(labels, true)
        found = probabilities.reshape(-1)[pairs]
        self._above_half += [np.count_nonzero(probabilities > 0.5), shares[found > 0.5].sum()]
        self._pairs += _histogram(probabilities.reshape(-1))
        self._shares += _histogram(found, shares)


def _positive_pairs(labels: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # Positions of the shares above zero in the flattened labels, and the shares in units of 1 / _SHARE_UNIT.
    num_pictures, num_classes = labels.shape
    pairs = np.arange(num_pictures) * num_classes + true
    if (labels.reshape(-1)[pairs] != 1.0).any():
        pairs = np.flatnonzero(labels)
    return pairs, np.rint(labels.reshape(-1)[pairs].astype(np.float64) * _SHARE_UNIT).astype(np.int64)


def _histogram(probabilities: np.ndarray, counts: np.ndarray | None = None) -> np.ndarray:
    """Count pairs by the last of the 200 thresholds below them, with the arithmetic of keras.metrics.AUC.

    Its thresholds are -epsilon, 1/199, …, 198/199, 1 + epsilon and a probability must be greater than a threshold to
    lie above it, hence ceil - 1, in float32. Not finite counts as 0. Sums of whole numbers below 2**53 are exact.
    """
    scaled = probabilities * np.float32(_NUM_THRESHOLDS - 1)
    above = scaled > 1
    buckets = np.ceil(np.minimum(scaled[above], np.float32(_NUM_THRESHOLDS - 1))).astype(np.intp) - 1
    weights = None if counts is None else counts[above]
    histogram = np.bincount(buckets, weights, minlength=_NUM_THRESHOLDS).astype(np.int64)
    histogram[0] += (probabilities.size if counts is None else counts.sum()) - histogram.sum()
    return histogram


def _area_under_roc(positives: np.ndarray, negatives: np.ndarray) -> float:
    true_rate = positives[::-1].cumsum()[::-1] / max(positives.sum(), 1e-300)
    false_rate = negatives[::-1].cumsum()[::-1] / max(negatives.sum(), 1e-300)
    return float(np.sum((false_rate[:-1] - false_rate[1:]) * (true_rate[:-1] + true_rate[1:]) / 2))
