"""Prints what h5py reads from a file: attributes of the root, and each dataset with the SHA-256 of its bytes."""
import hashlib
import json
import sys

import h5py
import numpy


def value_of(value):
    if isinstance(value, bytes):
        return value.decode().rstrip()
    if isinstance(value, numpy.ndarray):
        return [value_of(item) for item in value.tolist()]
    return value.item() if isinstance(value, numpy.generic) and not isinstance(value, numpy.bytes_) else value


datasets = []


def add(path, item):
    if not isinstance(item, h5py.Dataset):
        return
    outside = item.is_virtual or item.external is not None
    offset = item.id.get_offset()
    datasets.append(
        {
            "path": path,
            "dtype": item.dtype.str,
            "shape": None if item.shape is None else [int(size) for size in item.shape],
            "offset": None if outside or offset is None else int(offset),
            "bytes": int(item.size * item.dtype.itemsize) if item.size else 0,
            "sha256": None if outside or offset is None else hashlib.sha256(item[()].tobytes()).hexdigest(),
        }
    )


with h5py.File(sys.argv[1]) as file:
    file.visititems(add)
    json.dump({"attributes": {name: value_of(value) for name, value in file.attrs.items()}, "datasets": datasets}, sys.stdout)
