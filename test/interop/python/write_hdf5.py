"""Writes HDF5 files into a directory, with h5py: what Keras writes, and every structure that the library has for it."""
import json
import sys
import zipfile
from pathlib import Path

import h5py
import numpy

directory = Path(sys.argv[1])
random = numpy.random.default_rng(7)


def add_everything(file, dense):
    file.attrs["text"] = "größe 模型"
    file.attrs["bytes"] = b"abc"
    file.attrs["fixed"] = numpy.bytes_("fixed")
    file.attrs["integer"] = -3
    file.attrs["float"] = 0.5
    file.attrs["texts"] = ["a", "", "ü"]
    file.attrs["numbers"] = numpy.arange(3)
    for name in ("int8", "uint16", "int32", "uint64", "float16", "float32", "float64", ">i2", ">f8"):
        file.create_dataset(f"types/{name}", data=random.integers(0, 100, (2, 3)).astype(name))
    file.create_dataset("types/bool", data=numpy.array([True, False]))
    file.create_dataset("types/text", data=["x", "yy"])
    file.create_dataset("scalar", data=numpy.float32(1))
    file.create_dataset("late", (1000,), "f8")
    file.create_dataset("empty", data=h5py.Empty("f4"))
    file.create_dataset("chunked", data=random.random((8, 8)), chunks=(4, 4), compression="gzip", shuffle=True)
    for index in range(200):
        file.create_dataset(f"many/layer_with_a_name_{index}/vars/0", data=numpy.float32(index))
    if dense:
        for index in range(300):
            file.attrs[f"attribute_{index}"] = "x" * (10 * index)


for name, libver, dense in (("earliest", "earliest", False), ("latest", "latest", False), ("v108", "v108", True)):
    with h5py.File(directory / f"{name}.h5", "w", libver=libver) as file:
        add_everything(file, dense)

with h5py.File(directory / "userblock.h5", "w", userblock_size=2048) as file:
    file["a"] = random.random((3,))

for libver in ("earliest", "latest"):
    with h5py.File(directory / f"outside-{libver}.h5", "w", libver=libver) as file:
        file.create_dataset("external", (4,), "f4", external=[("/etc/passwd", 0, 16)])
        file["link"] = h5py.ExternalLink("other.h5", "/x")
        file["soft"] = h5py.SoftLink("/external")
        layout = h5py.VirtualLayout((4,), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "d", (4,))
        file.create_virtual_dataset("virtual", layout)

# The structures of keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py.
dense = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "units": 4}, "registered_name": None}
config = {"class_name": "Sequential", "config": {"name": "support", "layers": [dense]}}
kernel = random.random((3, 4), "float32")
bias = random.random((4,), "float32")
with h5py.File(directory / "keras.h5", "w") as file:
    file.attrs["keras_version"] = b"2.15.0"
    file.attrs["backend"] = b"tensorflow"
    # Longer than an object header can hold by itself.
    file.attrs["model_config"] = json.dumps(config).encode("utf8") + b" " * 200_000
    group = file.create_group("model_weights/dense/dense")
    group.create_dataset("kernel:0", data=kernel)
    group.create_dataset("bias:0", data=bias)
with h5py.File(directory / "model.weights.h5", "w") as file:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", data=kernel)
    group.create_dataset("1", data=bias)
with zipfile.ZipFile(directory / "keras.keras", "w") as archive:
    archive.writestr("metadata.json", json.dumps({"keras_version": "3.8.0", "date_saved": "2026-01-01@12:00:00"}))
    archive.writestr("config.json", json.dumps(config))
    archive.write(directory / "model.weights.h5", "model.weights.h5")
(directory / "model.weights.h5").unlink()
