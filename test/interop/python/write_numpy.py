"""Writes NumPy files into a directory and prints the header of each array as NumPy has it."""
import json
import sys
from pathlib import Path

import numpy

directory = Path(sys.argv[1])
record = numpy.zeros(3, [("id", "<i8"), ("größe", "<f4", (2, 3)), ("inner", [("x", "|u1"), ("name", "<U7")])])
arrays = {
    "plain": numpy.arange(12.0).reshape(3, 4),
    "fortran": numpy.asfortranarray(numpy.arange(12, dtype=">i2").reshape(3, 4)),
    "scalar": numpy.array(7),
    "empty": numpy.zeros((0, 4), "float16"),
    "bool": numpy.array([True, False]),
    "text": numpy.array(["a", "größe"]),
    "bytes": numpy.array([b"a", b"bcd"]),
    "time": numpy.array(["2026-01-01"], "datetime64[ns]"),
    "complex": numpy.zeros(2, "complex64"),
    "record": record,
    "many": numpy.zeros(1, [(f"column_{i}", "<f8") for i in range(3000)]),
    "objects": numpy.array([{"a": 1}, None], object),
}
for name, array in arrays.items():
    numpy.save(directory / f"{name}.npy", array, allow_pickle=True)
numpy.savez(directory / "plain.npz", **{name: arrays[name] for name in ("plain", "scalar", "record")})
numpy.savez_compressed(directory / "packed.npz", **{name: arrays[name] for name in ("plain", "scalar", "record")})
json.dump(
    {
        name: {
            "shape": list(array.shape),
            "bytes": None if array.dtype.hasobject else array.dtype.itemsize,
            "order": "C" if array.flags.c_contiguous else "Fortran",
            "total": None if array.dtype.hasobject else array.nbytes,
        }
        for name, array in arrays.items()
    },
    sys.stdout,
)
