"""In how many parts a batch is computed that does not fit into memory at once."""


def next_divisor(batch_size: int, divisor: int) -> int | None:
    """Return the next number of equal parts: the smallest divisor of the batch that is at least twice the present one.

    Only parts of equal size, with the gradients of all of them in one update, give the same training.

    Args:
        batch_size: pictures of an update that are computed together, at least 1.
        divisor: the present number of parts, a divisor of `batch_size`.

    Returns:
        None where the parts are single pictures already.
    """
    return next((parts for parts in range(2 * divisor, batch_size + 1) if batch_size % parts == 0), None)
