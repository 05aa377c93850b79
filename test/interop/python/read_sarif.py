"""Prints what sarif-pydantic reads from a log, having held it to its model of SARIF 2.1.0."""
import json
import sys

from sarif_pydantic import Sarif

with open(sys.argv[1], encoding="utf-8") as file:
    log = Sarif.model_validate(json.load(file))
run = log.runs[0]
rules = run.tool.driver.rules
json.dump(
    {
        "version": log.version,
        "rules": [rule.id for rule in rules],
        "results": [
            {
                "rule": result.rule_id,
                "described": rules[result.rule_index].id,
                "level": getattr(result.level, "value", result.level),
                "uri": result.locations[0].physical_location.artifact_location.uri,
            }
            for result in run.results
        ],
    },
    sys.stdout,
)
