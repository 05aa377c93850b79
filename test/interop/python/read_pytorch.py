"""Prints what PyTorch loads from a file: each tensor with the SHA-256 of its elements in row-major order."""
import hashlib
import inspect
import json
import sys

import torch

names = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "uint8": "U8", "bool": "BOOL", "complex64": "C64",
}


def flat(value, prefix=""):
    if isinstance(value, torch.Tensor):
        yield prefix, value.detach()
    elif isinstance(value, torch.nn.Module):
        yield from flat(value.state_dict(), prefix)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from flat(item, f"{prefix}.{index}" if prefix else str(index))


def digest(tensor):
    stored = tensor.contiguous().untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.contiguous().storage().untyped()
    size = tensor.numel() * tensor.element_size()
    begin = tensor.storage_offset() * tensor.element_size() if tensor.is_contiguous() else 0
    return hashlib.sha256(bytes(stored)[begin : begin + size]).hexdigest()


path = sys.argv[1]
if path.endswith("script.pt"):
    loaded = torch.jit.load(path).state_dict()
else:
    options = {"weights_only": False} if "weights_only" in inspect.signature(torch.load).parameters else {}
    loaded = torch.load(path, map_location="cpu", **options)
    loaded = loaded["state_dict"] if isinstance(loaded, dict) and "state_dict" in loaded else loaded
json.dump(
    [
        {
            "name": name,
            "dtype": names[str(tensor.dtype).removeprefix("torch.")],
            "shape": list(tensor.shape),
            "sha256": digest(tensor),
        }
        for name, tensor in flat(loaded)
    ],
    sys.stdout,
)
