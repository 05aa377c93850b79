"""Prints what importlib.metadata reads of the distributions installed in one directory: names, versions, files."""
import json
import sys
from importlib.metadata import distributions

site = sys.argv[1]
json.dump(
    [
        {
            "path": distribution._path.name,
            "name": distribution.metadata["Name"],
            "version": distribution.version,
            "files": [
                [str(file), file.hash and [file.hash.mode, file.hash.value], file.size]
                for file in distribution.files or []
            ],
        }
        for distribution in distributions(path=[site])
    ],
    sys.stdout,
)
