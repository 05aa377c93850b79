"""Prints what the safetensors library reads from a file: metadata, and each tensor with the SHA-256 of its bytes."""
import hashlib
import json
import sys

from safetensors import deserialize, safe_open

path = sys.argv[1]
with safe_open(path, framework="numpy") as file:
    metadata = file.metadata() or {}
with open(path, "rb") as file:
    tensors = deserialize(file.read())
json.dump(
    {
        "metadata": metadata,
        "tensors": [
            {
                "name": name,
                "dtype": tensor["dtype"],
                "shape": tensor["shape"],
                "sha256": hashlib.sha256(tensor["data"]).hexdigest(),
            }
            for name, tensor in tensors
        ],
    },
    sys.stdout,
)
