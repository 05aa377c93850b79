"""Prints where the running interpreter's environment lies, and where its packages do."""
import json
import sys
import sysconfig

json.dump({"prefix": sys.prefix, "site": sysconfig.get_path("purelib")}, sys.stdout)
