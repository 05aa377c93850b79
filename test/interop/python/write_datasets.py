"""Writes tables with pyarrow and fastavro, and indexes with faiss, into a directory; prints what they say of them.

The types are given in the words that mlbom uses: Arrow's own, without the names of what is inside a list.
"""

import datetime
import decimal
import json
import os
import re
import sys

import faiss
import fastavro
import numpy
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.orc
import pyarrow.parquet

directory = sys.argv[1]
said = {}


def type_name(kind):
    if pa.types.is_dictionary(kind):
        return f"dictionary<values={type_name(kind.value_type)}, indices={type_name(kind.index_type)}>"
    if pa.types.is_map(kind):
        return f"map<{type_name(kind.key_type)}, {type_name(kind.item_type)}>"
    if pa.types.is_struct(kind):
        return "struct<" + ", ".join(f"{field.name}: {type_name(field.type)}" for field in kind) + ">"
    if pa.types.is_fixed_size_list(kind):
        return f"fixed_size_list<{type_name(kind.value_type)}>[{kind.list_size}]"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return ("large_list" if pa.types.is_large_list(kind) else "list") + f"<{type_name(kind.value_type)}>"
    return str(kind)


def note(name, rows, schema):
    columns = [[field.name, type_name(field.type)] for field in schema]
    said[name] = {"rows": rows, "columns": columns}


def path(name):
    return os.path.join(directory, name)


moment = datetime.datetime(2026, 1, 1)
table = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "small": pa.array([1, 2, 3], pa.uint8()),
        "text": pa.array(["a", "b", None]),
        "single": pa.array([1.0, 2.0, 3.0], pa.float32()),
        "double": pa.array([1.0, 2.0, 3.0]),
        "truth": pa.array([True, False, None]),
        "bytes": pa.array([b"a", b"b", b"c"]),
        "list": pa.array([[1], [2, 3], []], pa.list_(pa.int32())),
        "deep": pa.array([[[1]], [], None], pa.list_(pa.list_(pa.int64()))),
        "struct": pa.array(
            [{"x": 1, "y": ["q"]}] * 3, pa.struct([("x", pa.int16()), ("y", pa.list_(pa.string()))])
        ),
        "moment": pa.array([moment] * 3, pa.timestamp("us")),
        "zoned": pa.array([moment] * 3, pa.timestamp("us", "UTC")),
        "date": pa.array([datetime.date(2026, 1, 1)] * 3),
        "decimal": pa.array([decimal.Decimal("1.10")] * 3, pa.decimal128(10, 2)),
        "map": pa.array([[("k", 1)]] * 3, pa.map_(pa.string(), pa.int64())),
        "fixed": pa.array([b"abc"] * 3, pa.binary(3)),
    }
)

for name, options in {
    "groups.parquet": {"row_group_size": 2},
    "old.parquet": {"version": "2.4", "compression": "gzip"},
    "plain.parquet": {"compression": "none", "store_schema": False},
    "zstd.parquet": {"compression": "zstd"},
}.items():
    pyarrow.parquet.write_table(table, path(name), **options)
    note(name, 3, table.schema)

arrow = (
    table.append_column("dictionary", pa.array(["a", "b", "a"]).dictionary_encode())
    .append_column("vector", pa.array([[1, 2]] * 3, pa.list_(pa.float32(), 2)))
    .append_column("time", pa.array([datetime.time(1)] * 3, pa.time64("us")))
    .append_column("duration", pa.array([1] * 3, pa.duration("ns")))
    .append_column("null", pa.array([None] * 3))
    .append_column("half", pa.array([1, 2, 3], pa.float16()))
    .append_column("large", pa.array(["x"] * 3, pa.large_string()))
)
for name, new in {"file.arrow": pyarrow.ipc.new_file, "stream.arrow": pyarrow.ipc.new_stream}.items():
    with new(path(name), arrow.schema) as writer:
        for _ in range(4):
            writer.write_table(arrow)
    note(name, 12, arrow.schema)
pyarrow.feather.write_feather(table, path("second.feather"), compression="zstd")
note("second.feather", 3, table.schema)
first = table.select(["id", "text", "single", "truth", "bytes"])
pyarrow.feather.write_feather(first, path("first.feather"), version=1)
note("first.feather", 3, first.schema)

orc = table.drop_columns(["small", "fixed", "moment", "zoned"])
for compression in ["uncompressed", "zlib"]:
    pyarrow.orc.write_table(orc, path(f"{compression}.orc"), compression=compression)
    note(f"{compression}.orc", 3, orc.schema)

schema = {
    "type": "record",
    "name": "Row",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "text", "type": ["null", "string"]},
        {"name": "list", "type": {"type": "array", "items": "int"}},
    ],
}
for codec in ["null", "deflate"]:
    with open(path(f"{codec}.avro"), "wb") as file:
        fastavro.writer(file, schema, [{"id": i, "text": "a", "list": [1]} for i in range(5000)], codec=codec)
    columns = pa.schema([("id", pa.int64()), ("text", pa.string()), ("list", pa.list_(pa.int32()))])
    note(f"{codec}.avro", 5000, columns)

indexes = {}
vectors = numpy.random.default_rng(1).random((1000, 16), dtype="float32")
for name, description in {
    "flat": "Flat",
    "ivf": "IVF8,Flat",
    "ivfpq": "IVF8,PQ4x4",
    "hnsw": "HNSW16",
    "ids": "IDMap,Flat",
    "ids-hnsw": "IDMap2,HNSW16",
    "scalar": "SQ8",
}.items():
    for metric in [faiss.METRIC_L2, faiss.METRIC_INNER_PRODUCT]:
        index = faiss.index_factory(16, description, metric)
        index.train(vectors)
        index.add_with_ids(vectors, numpy.arange(1000)) if name.startswith("ids") else index.add(vectors)
        file = f"{name}-{metric}.faiss"
        faiss.write_index(index, path(file))
        indexes[file] = {
            "kind": re.sub("^Index", "", type(faiss.downcast_index(index)).__name__),
            "dimension": index.d,
            "count": index.ntotal,
            "metric": "l2" if metric == faiss.METRIC_L2 else "inner-product",
        }

print(json.dumps({"tables": said, "indexes": indexes}))
