"""Prints as JSON pickles that are changed at random, the names that CPython asks for, and whether it came to the end.

Nothing is imported: every name gives a class that takes everything.
"""
import collections
import datetime
import io
import json
import pickle
import pickletools
import random
import resource
import sys


# A changed memo index makes CPython allocate a table of gigabytes.
resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))


class Anything:
    def __new__(cls, *args, **named):
        return object.__new__(cls)

    def __init__(self, *args, **named):
        pass

    def __call__(self, *args, **named):
        return Anything()

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass


def names_in(data):
    names = []

    class Watching(pickle.Unpickler):
        def find_class(self, module, name):
            names.append([module, name])
            return Anything

        def persistent_load(self, identifier):
            return Anything()

    try:
        Watching(io.BytesIO(data)).load()
    except Exception:
        return names, False
    return names, True


randomly = random.Random(int(sys.argv[1]))
value = [
    {"a": [1, 2**70, 1.5, None, True]},
    {1, 2},
    frozenset([3]),
    collections.OrderedDict(a=(1, 2, 3, 4)),
    datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
    b"bytes" * 9,
    "größe",
    bytearray(b"abc"),
]
value.append(value)
seeds = [pickle.dumps(value, protocol) for protocol in range(6)]
opcodes = [opcode.code.encode("latin-1") for opcode in pickletools.opcodes]
pieces = [b"(", b"0", b"1", b"2", b"N", b"]", b")", b"}", b"\x8f", b"l", b"t", b"d", b"a", b"e", b"s", b"u", b"\x90"]
pieces += [b"\x91", b"\x85", b"\x86", b"\x87", b"\x94", b"R", b"b", b"o", b"\x81", b"\x92", b"Q", b"\x88", b"K\x01"]
pieces += [b"cm\nn\n", b"\x93", b"\x8c\x02os", b"\x8c\x02ab", b"q\x01", b"h\x01", b"p2\n", b"g2\n", b"ix\ny\n", b"Pz\n"]
pieces += [b"I01\n", b"S'os'\n", b"Vab\n", b"L5L\n", b"F1\n", b"\x95\x05\0\0\0\0\0\0\0"]


def changed():
    data = bytearray(randomly.choice(seeds))
    for _ in range(randomly.randint(1, 4)):
        at = randomly.randrange(len(data))
        kind = randomly.random()
        if kind < 0.5:
            data[at] = randomly.randrange(256)
        elif kind < 0.8:
            data[at:at] = randomly.choice(opcodes)
        else:
            del data[at]
    return bytes(data)


def composed():
    head = b"\x80" + bytes([randomly.randint(0, 5)])
    return head + b"".join(randomly.choice(pieces) for _ in range(randomly.randint(3, 40))) + b"."


results = []
for _ in range(4000):
    data = randomly.choice([changed, composed])()
    names, whole = names_in(data)
    results.append({"data": data.hex(), "names": names, "whole": whole})
print(json.dumps(results))
