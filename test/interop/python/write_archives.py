"""Writes archives of the same members with Python's zipfile and tarfile into a directory, in each of their variants."""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

MEMBERS = {
    "a.txt": b"a",
    "empty": b"",
    "dir" + "e" * 60 + "/long" + "g" * 60 + ".bin": bytes(range(256)) * 40,
    "dir/größe.txt": "größe ".encode() * 500,
}


class Pipe(io.RawIOBase):
    """A file that cannot seek, so that sizes follow the data."""

    def __init__(self, target):
        self.target = target

    def writable(self):
        return True

    def write(self, data):
        return self.target.write(data)


def main(directory):
    for name, method in {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}.items():
        with zipfile.ZipFile(directory / f"{name}.zip", "w", method) as archive:
            archive.writestr("dir/", b"")
            for member, content in MEMBERS.items():
                archive.writestr(member, content)
            archive.comment = b"written by zipfile"
    with open(directory / "piped.zip", "wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in MEMBERS.items():
            archive.writestr(member, content)
    with zipfile.ZipFile(directory / "zip64.zip", "w") as archive:
        for member, content in MEMBERS.items():
            with archive.open(member, "w", force_zip64=True) as file:
                file.write(content)
    executable = b"#!/usr/bin/env python3\n"
    (directory / "prefixed.zip").write_bytes(executable + (directory / "deflated.zip").read_bytes())
    for name, form in {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}.items():
        with tarfile.open(directory / f"{name}.tar", "w", format=form) as archive:
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "a.txt"
            archive.addfile(link)
            for member, content in MEMBERS.items():
                info = tarfile.TarInfo(member)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))


main(Path(sys.argv[1]))
