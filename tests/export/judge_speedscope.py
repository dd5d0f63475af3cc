# SPDX-License-Identifier: Apache-2.0
"""judge_speedscope.py FILE SCHEMA: checks a profile against speedscope's own JSON schema."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as profile, open(sys.argv[2], encoding="utf-8") as schema:
    jsonschema.validate(json.load(profile), json.load(schema))
