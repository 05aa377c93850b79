"""Writes safetensors files into a directory, with the library's own writer."""
import sys
from pathlib import Path

import ml_dtypes
import numpy
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

directory = Path(sys.argv[1])
random = numpy.random.default_rng(7)

save_file(
    {
        "bool": random.random((3, 5)) < 0.5,
        "scalar": numpy.array(7.5, "float64"),
        "empty": numpy.zeros((0, 4), "float32"),
        "größe 模型 🦙": random.random(3).astype("float16"),
        "complex": random.random((2, 2)).astype("complex64"),
        **{
            dtype: random.integers(0, 100, (2, 3, 4)).astype(dtype)
            for dtype in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32")
        },
        "bfloat16": random.random((4, 4)).astype(ml_dtypes.bfloat16),
    },
    directory / "numpy.safetensors",
    metadata={"format": "np", "quote": 'a "b" \\ \n é', "__proto__": "x"},
)
data = numpy.arange(12, dtype="uint8")


def spec(dtype, shape):
    return TensorSpec(dtype=dtype, shape=shape, data_ptr=data.ctypes.data, data_len=data.nbytes)


serialize_file(
    {
        "fp8": spec("float8_e4m3fn", [3, 4]),
        "fp8 scales": spec("float8_e8m0fnu", [12]),
        "fp4": spec("float4_e2m1fn_x2", [3, 4]),
    },
    directory / "small-floats.safetensors",
)
save_file({}, directory / "no-tensors.safetensors")
