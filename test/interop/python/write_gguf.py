"""Writes GGUF files into a directory, with gguf-py's own writer."""
import sys
from pathlib import Path

import numpy
from gguf import GGMLQuantizationType, GGUFEndian, GGUFValueType, GGUFWriter, quants

directory = Path(sys.argv[1])
random = numpy.random.default_rng(7)


def add_metadata(writer):
    writer.add_name("Tiny")
    writer.add_context_length(512)
    writer.add_embedding_length(256)
    writer.add_block_count(1)
    writer.add_license("apache-2.0")
    writer.add_file_type(7)
    writer.add_languages(["en", "größe"])


def add_all_value_types(writer):
    writer.add_uint8("t.uint8", 255)
    writer.add_int8("t.int8", -128)
    writer.add_uint16("t.uint16", 65535)
    writer.add_int16("t.int16", -32768)
    writer.add_uint32("t.uint32", 2**32 - 1)
    writer.add_int32("t.int32", -(2**31))
    writer.add_float32("t.float32", 0.1)
    writer.add_float64("t.float64", 0.1)
    writer.add_uint64("t.uint64", 2**64 - 1)
    writer.add_int64("t.int64", -(2**63))
    writer.add_bool("t.true", True)
    writer.add_bool("t.false", False)
    writer.add_string("t.string", "größe 模型 🦙\n")
    writer.add_array("t.strings", ["a", "", "ü"])
    writer.add_array("t.int32s", [-1, 0, 1])
    writer.add_array("t.float32s", [0.1, 1e30])
    writer.add_array("t.bools", [True, False])
    writer.add_key_value("t.uint64s", [2**63, 1], GGUFValueType.ARRAY, sub_type=GGUFValueType.UINT64)


def add_tensors(writer):
    for name, shape in (("token_embd.weight", (64, 256)), ("blk.0.ffn_down.weight", (2, 8, 256)), ("output_norm.weight", (256,))):
        writer.add_tensor(name, random.random(shape, "float32"))
    writer.add_tensor("half", random.random((3, 5)).astype("float16"))
    writer.add_tensor("double", random.random((3, 5)))
    for dtype in ("int8", "int16", "int32", "int64"):
        writer.add_tensor(dtype, random.integers(0, 100, (2, 3)).astype(dtype))


def write(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


writer = GGUFWriter(directory / "values.gguf", "llama")
add_metadata(writer)
add_all_value_types(writer)
add_tensors(writer)
write(writer)

writer = GGUFWriter(directory / "quantized.gguf", "llama")
writer.add_custom_alignment(64)
add_metadata(writer)
for kind in ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "BF16", "TQ1_0", "TQ2_0"):
    quantization = GGMLQuantizationType[kind]
    weights = quants.quantize(random.random((4, 256), "float32"), quantization)
    writer.add_tensor(f"{kind}.weight", weights, raw_dtype=quantization)
write(writer)

writer = GGUFWriter(directory / "big-endian.gguf", "llama", endianess=GGUFEndian.BIG)
add_metadata(writer)
add_all_value_types(writer)
add_tensors(writer)
write(writer)

writer = GGUFWriter(directory / "split.gguf", "llama", split_max_tensors=4)
add_metadata(writer)
add_tensors(writer)
write(writer)
