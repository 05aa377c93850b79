"""Prints what gguf-py reads from a file: every metadata value, and each tensor with the SHA-256 of its bytes."""
import hashlib
import json
import sys

from gguf import GGUFReader, GGUFValueType

LARGEST_EXACT_INTEGER = 2**53 - 1


def json_value(value):
    """Integers that JSON readers round are given as text."""
    if isinstance(value, list):
        return [json_value(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_EXACT_INTEGER:
        return str(value)
    return value


reader = GGUFReader(sys.argv[1])
file = open(sys.argv[1], "rb").read()
json.dump(
    {
        "version": int(reader.fields["GGUF.version"].parts[-1][0]),
        "big_endian": reader.endianess.name == "BIG",
        "alignment": int(reader.alignment),
        "data_offset": int(reader.data_offset),
        "metadata": {
            name: {
                "type": "array" if field.types[0] == GGUFValueType.ARRAY else "scalar",
                "element": field.types[-1].name.lower(),
                "value": json_value(field.contents()),
            }
            for name, field in reader.fields.items()
            if not name.startswith("GGUF.")
        },
        "tensors": [
            {
                "name": tensor.name,
                "dtype": tensor.tensor_type.name,
                "shape": [int(dimension) for dimension in tensor.shape],
                "offset": int(tensor.data_offset),
                "length": int(tensor.n_bytes),
                "elements": int(tensor.n_elements),
                "sha256": hashlib.sha256(file[tensor.data_offset :][: tensor.n_bytes]).hexdigest(),
            }
            for tensor in reader.tensors
        ],
    },
    sys.stdout,
)
