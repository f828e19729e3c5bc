"""Files that pretend to be records: each would run code, fill the memory or break the program in a careless reader."""

import hashlib
import pickle
import struct

MARKER = "RECORD_RAN_CODE"  # environment variable that every attack tries to set
CODE = f"import os; os.environ[{MARKER!r}] = '1'"
CALL = b"cbuiltins\nexec\n"


class _Exploit:
    def __reduce__(self):
        return exec, (CODE,)


def _text(content: str) -> bytes:
    return b"X" + struct.pack("<I", len(content.encode())) + content.encode()


ARGUMENTS = _text(CODE)


def signed(pickled: bytes) -> bytes:
    """Add the checksum that whoever attacks can add as well."""
    return pickled + hashlib.sha256(pickled).digest()


def wrapped(inner: bytes) -> bytes:
    """A pickle that is a dict with one entry."""
    return b"\x80\x02}" + _text("note") + inner + b"s."


def _laughs() -> bytes:
    """Lists of ten references to the list before, 30 deep."""
    content = b"\x80\x02](NNe\x94"
    for depth in range(30):
        content += b"](" + bytes([ord("h"), depth]) * 10 + b"e\x94"
    return content + b"."


PICKLES = {
    "exec by pickle.dumps, protocol 0": pickle.dumps(_Exploit(), 0),
    "exec by pickle.dumps, protocol 2": pickle.dumps(_Exploit(), 2),
    "exec by pickle.dumps, protocol 4": pickle.dumps(_Exploit(), 4),
    "exec by pickle.dumps, protocol 5": pickle.dumps(_Exploit(), 5),
    "exec within a dict": wrapped(pickle.dumps(_Exploit(), 2)[2:-1]),
    "GLOBAL and REDUCE": wrapped(CALL + b"(" + ARGUMENTS + b"tR"),
    "GLOBAL alone": wrapped(CALL),
    "STACK_GLOBAL": wrapped(_text("builtins") + _text("exec") + b"\x93(" + ARGUMENTS + b"tR"),
    "INST": wrapped(b"(" + ARGUMENTS + b"ibuiltins\nexec\n"),
    "OBJ": wrapped(b"(" + CALL + ARGUMENTS + b"o"),
    "NEWOBJ": wrapped(b"cbuiltins\ndict\n)\x81"),
    "NEWOBJ_EX": wrapped(b"cbuiltins\ndict\n)}\x92"),
    "BUILD": wrapped(b"ccar_classifier.base.errors\nUserError\n)\x81}" + _text("x") + b"Nsb"),
    "EXT1": wrapped(b"\x82\x01"), "EXT2": wrapped(b"\x83\x01\x00"), "EXT4": wrapped(b"\x84\x01\x00\x00\x00"),
    "PERSID": wrapped(b"Pfile\n"), "BINPERSID": wrapped(_text("file") + b"Q"),
    "NEXT_BUFFER": wrapped(b"\x97"), "READONLY_BUFFER": wrapped(b"\x98"), "BYTEARRAY8": wrapped(b"\x96" + b"\xff" * 8),
    "billion laughs": _laughs(),
    "list that contains itself": b"\x80\x02]\x94h\x00a.",
    "DUP": b"\x80\x02]" + b"2a" * 40 + b".",
    "PUT far away": b"\x80\x02]r\xff\xff\xff\x7f.",
    "lists 100,000 deep": b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".",
    "dicts 50,000 deep": b"\x80\x02" + (b"}" + _text("a")) * 50_000 + b"N" + b"s" * 50_000 + b".",
    "LONG1 of 255 bytes": wrapped(b"\x8a\xff" + b"\x7f" * 255),
    "LONG4 of 200,000 bytes": wrapped(b"\x8b" + struct.pack("<i", 200_000) + b"\x7f" * 200_000),
    "LONG4 of negative length": wrapped(b"\x8b\xff\xff\xff\xff"),
    "LONG of 100,000 digits": wrapped(b"L" + b"9" * 100_000 + b"L\n"),
    "INT of 100,000 digits": wrapped(b"I" + b"9" * 100_000 + b"\n"),
    "text longer than the file": b"\x80\x02X\xff\xff\xff\xff.",
    "text of 2**63 bytes": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f.",
    "frame of 2**63 bytes": b"\x80\x04\x95" + b"\xff" * 7 + b"\x7fN.",
    "bytes of 2**63 bytes": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
    "half a surrogate pair": wrapped(b"X\x03\x00\x00\x00\xed\xa0\x80"),
    "list as a key": b"\x80\x02}]Ns.",
    "item of a list that is not there": b"\x80\x02]K\x00Ns.",
    "append to a number": b"\x80\x02K\x01Na.", "append to nothing": b"\x80\x02a.", "mark without an end": b"\x80\x02(.",
    "nothing but an end": b".", "no end": b"\x80\x02N", "two pickles": b"\x80\x02N.\x80\x02N.", "protocol 255": b"\x80\xffN.",
    "a number": b"\x80\x02K\x07.", "an empty dict": b"\x80\x02}.", "an empty list": b"\x80\x02].",
    "a text": b"\x80\x02" + _text("x") + b".",
    "no pickle": b"hello, world",
}
ATTACKS = {name: signed(pickled) for name, pickled in PICKLES.items()} | {
    "only a checksum": signed(b""), "nothing": b"", "without a checksum": PICKLES["GLOBAL and REDUCE"],
    "larger than allowed": signed(b"\x80\x02" + b"N0" * (1 << 20) + b"N."),
    "zeros": bytes(4096), "another checksum": bytes(32) + b"N.",
}
