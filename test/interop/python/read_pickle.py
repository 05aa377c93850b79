"""Prints as JSON what CPython's own disassembler sees in a file: opcodes, names and the end of the first pickle."""
import json
import pickletools
import sys

names, texts, count, end = [], [], 0, 0
with open(sys.argv[1], "rb") as file:
    for opcode, argument, position in pickletools.genops(file):
        count += 1
        end = position + 1
        if opcode.name in ("GLOBAL", "INST"):
            names.append(argument.replace(" ", "."))
print(json.dumps({"opcodes": count, "end": end, "names": sorted(set(names))}))
