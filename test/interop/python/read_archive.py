"""Prints the files of a zip or a tar as Python's standard library reads them: name, size, SHA-256."""

import hashlib
import json
import sys
import tarfile
import zipfile


def members(path):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, archive.read(info)
    else:
        with tarfile.open(path) as archive:
            for info in archive:
                if info.isreg():
                    yield info.name, archive.extractfile(info).read()


print(json.dumps([[name, len(data), hashlib.sha256(data).hexdigest()] for name, data in members(sys.argv[1])]))
