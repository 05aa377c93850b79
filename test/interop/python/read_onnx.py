"""Prints what the onnx library reads from a model; external data is looked up for its SHA-256 alone."""
import hashlib
import json
import sys

import onnx
from onnx import TensorProto
from onnx.external_data_helper import load_external_data_for_model


def facts_of(tensor):
    return {
        "name": tensor.name,
        "dtype": TensorProto.DataType.Name(tensor.data_type),
        "shape": list(tensor.dims),
        "external": {entry.key: entry.value for entry in tensor.external_data},
    }


def stored_tensors(graph):
    """Initializers, and what the nodes carry, in graphs inside nodes too."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield sparse.values
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("g"):
                yield from stored_tensors(attribute.g)


def value_of(value):
    tensor = value.type.tensor_type
    return {
        "name": value.name,
        "dtype": TensorProto.DataType.Name(tensor.elem_type),
        "shape": [d.dim_value if d.HasField("dim_value") else d.dim_param or None for d in tensor.shape.dim],
    }


def elements_of(tensor):
    count = 1
    for dimension in tensor.dims:
        count *= dimension
    return count


path = sys.argv[1]
model = onnx.load(path, load_external_data=False)
facts = {
    "ir_version": model.ir_version,
    "producer": [model.producer_name, model.producer_version],
    "model_version": model.model_version,
    "opsets": sorted([opset.domain, opset.version] for opset in model.opset_import),
    "metadata": {entry.key: entry.value for entry in model.metadata_props},
    "graph": model.graph.name,
    "initializers": [facts_of(tensor) for tensor in model.graph.initializer],
    "stored": [[TensorProto.DataType.Name(tensor.data_type), elements_of(tensor)] for tensor in stored_tensors(model.graph)],
    "inputs": [value_of(value) for value in model.graph.input],
    "outputs": [value_of(value) for value in model.graph.output],
    "functions": [[function.domain, function.name] for function in model.functions],
}
load_external_data_for_model(model, path.rpartition("/")[0])
facts["raw"] = {
    tensor.name: hashlib.sha256(tensor.raw_data).hexdigest() for tensor in model.graph.initializer if tensor.raw_data
}
json.dump(facts, sys.stdout)
