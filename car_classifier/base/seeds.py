"""Seeds that follow from names and numbers, so that no order of calls can change them."""

import hashlib


def derive_seed(*parts: int | str) -> int:
    """Return a seed in [0, 2**63) that depends on `parts` alone.

    The same parts give the same seed in every process and on every machine: `derive_seed(seed, "order", epoch)`.
    """
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
