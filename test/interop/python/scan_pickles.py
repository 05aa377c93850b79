"""Prints as JSON what picklescan and modelscan say of each file of a directory, with their versions."""
import importlib.metadata
import json
import logging
import pathlib
import sys

from modelscan.modelscan import ModelScan
from picklescan.scanner import SafetyLevel, scan_file_path

logging.disable(logging.CRITICAL)


def by_picklescan(path):
    try:
        result = scan_file_path(str(path))
    except Exception:
        return "error"
    levels = {item.safety for item in result.globals}
    if SafetyLevel.Dangerous in levels:
        return "dangerous"
    if result.scan_err:
        return "error"
    return "suspicious" if SafetyLevel.Suspicious in levels else "-"


def by_modelscan(path):
    try:
        result = ModelScan().scan(str(path))
    except Exception:
        return "error"
    severities = [issue["severity"].lower() for issue in result["issues"]]
    if severities:
        return next(level for level in ("critical", "high", "medium", "low") if level in severities)
    if result["errors"]:
        return "error"
    return "skipped" if result["summary"]["skipped"]["total_skipped"] else "-"


files = sorted(pathlib.Path(sys.argv[1]).iterdir())
print(
    json.dumps(
        {
            "versions": {name: importlib.metadata.version(name) for name in ("picklescan", "modelscan")},
            "files": {path.name: {"picklescan": by_picklescan(path), "modelscan": by_modelscan(path)} for path in files},
        }
    )
)
