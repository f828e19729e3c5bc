"""Numbers of things as a person says them."""


def describe_count(number: int, noun: str) -> str:
    """Return a number of things that form their plural with s: "1 epoch", "1,200 epochs"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def times(number: int) -> str:
    """Return how often something happened: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
