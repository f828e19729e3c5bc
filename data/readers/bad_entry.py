"""What a reader raises for one entry that it leaves out."""


class BadEntry(Exception):
    """One line, file or folder cannot be used; whoever goes through all of them makes it a `Fault` and goes on.

    Args:
        kind: a name in `data.faults.KINDS`.
        message: what is wrong, what was expected, what was received.
        where: the file and line that is wrong; None: where the entry stands.
    """

    def __init__(self, kind: str, message: str, *, where: str | None = None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.where = where
