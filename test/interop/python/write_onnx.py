"""Writes ONNX models into a directory, with the library's own writer: inline, typed, and with external data."""
import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

directory = Path(sys.argv[1])
random = numpy.random.default_rng(7)


def weights(name, shape, dtype="float32"):
    return numpy_helper.from_array(random.integers(0, 100, shape).astype(dtype), name)


def tensor_info(name, shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def model_of(graph, **options):
    model = helper.make_model(
        graph,
        producer_name="interop",
        producer_version="1.2",
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("com.example", 3)],
        ir_version=10,
        **options,
    )
    helper.set_model_props(model, {"license": "MIT", "größe": "模型 🦙"})
    return model


then_body = helper.make_graph(
    [helper.make_node("Identity", ["inner"], ["then_out"])], "then", [], [tensor_info("then_out", [2])], [weights("inner", 2)]
)
else_body = helper.make_graph(
    [helper.make_node("Constant", [], ["else_out"], value=weights("constant", 2))], "else", [], [tensor_info("else_out", [2])]
)
function = helper.make_function(
    "com.example", "Twice", ["x"], ["y"], [helper.make_node("Add", ["x", "x"], ["y"])], [helper.make_opsetid("", 21)]
)
graph = helper.make_graph(
    [
        helper.make_node("MatMul", ["input", "raw"], ["product"]),
        helper.make_node("Twice", ["product"], ["doubled"], domain="com.example"),
        helper.make_node("If", ["condition"], ["chosen"], then_branch=then_body, else_branch=else_body),
    ],
    "inline",
    [tensor_info("input", ["batch", None, 8]), tensor_info("condition", [], TensorProto.BOOL)],
    [tensor_info("doubled", ["batch", None, 4]), tensor_info("chosen", [2])],
    [
        weights("raw", (8, 4)),
        weights("scalar", (), "float64"),
        helper.make_tensor("float_data", TensorProto.FLOAT, [2, 2], [1.5, 2, 3, 4]),
        helper.make_tensor("int64_data", TensorProto.INT64, [3], [-1, 0, 2**40]),
        helper.make_tensor("string_data", TensorProto.STRING, [2], [b"a", b"b"]),
        helper.make_tensor("int4", TensorProto.INT4, [5], [1, -2, 3, -4, 5]),
        helper.make_tensor("float8", TensorProto.FLOAT8E4M3FN, [4], bytes(range(4)), raw=True),
        helper.make_tensor("bfloat16", TensorProto.BFLOAT16, [2, 2], bytes(range(8)), raw=True),
        *[weights(dtype, (2, 3), dtype) for dtype in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "uint64", "float16", "bool")],
    ],
    sparse_initializer=[helper.make_sparse_tensor(weights("sparse", 3), weights("indices", 3, "int64"), [100])],
)
onnx.save(model_of(graph, functions=[function], model_version=7), directory / "inline.onnx")

for name, options in (
    ("one-file", {"location": "weights.bin"}),
    ("file-each", {"all_tensors_to_one_file": False}),
):
    (directory / name).mkdir()
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["input", "a"], ["output"])],
        name,
        [tensor_info("input", [None, 64])],
        [tensor_info("output", [None, 32])],
        [weights("a", (64, 32)), weights("b", (7, 3), "float16"), weights("small", (1,))],
    )
    onnx.save(model_of(graph), directory / name / "model.onnx", save_as_external_data=True, size_threshold=16, **options)
