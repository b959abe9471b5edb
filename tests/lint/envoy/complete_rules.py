"""Adds the field ignore_empty to the messages of validate.proto that lack it.

Standard input and output: the file. Envoy's protos set it for all types, but the copy that
@grpc/grpc-js-xds has is older.
"""

import re
import sys


def completed(message):
    text = message.group(0)
    if "ignore_empty" in text:
        return text
    return text[:-1].rstrip() + "\n    optional bool ignore_empty = 9999;\n}"


RULES = re.compile(r"^message (?!FieldRules)\w+Rules \{.*?^\}", re.DOTALL | re.MULTILINE)
sys.stdout.write(RULES.sub(completed, sys.stdin.read()))
