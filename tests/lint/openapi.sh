#!/bin/sh
# Checks the OpenAPI document that the build makes: the rules of Spectral, without a warning, and a
# TypeScript client (openapi/client.ts) against the types that openapi-typescript makes of it. Each
# run proves, with broken copies, that each check can fail.
#
#   tests/lint/openapi.sh OPENAPI.json
#
# Needs node 18.18 or later and npm. The tools are installed in $OTPGATE_LINT_DIR, default
# build/lint, by their lock file.
set -eu
. "$(dirname "$0")/npm_tools.sh"

document=$1
source=$(cd "$(dirname "$0")/openapi" && pwd)
work=${OTPGATE_LINT_DIR:-$source/../../../build/lint}/openapi

# The checks, of a document.
lint() { node_modules/.bin/spectral lint "$1" --ruleset ruleset.yaml --fail-severity hint --quiet; }

compile() {
  node_modules/.bin/openapi-typescript "$1" --output types.d.ts >types.log 2>&1 || {
    cat types.log
    return 1
  }
  node_modules/.bin/tsc --project tsconfig.json
}

# must_fail CHECK EDIT: expects CHECK to refuse a copy of the document that EDIT (sed) changed.
must_fail() {
  sed "$2" "$document" >broken.json
  ! cmp -s "$document" broken.json || fail "self-test: '$2' changes nothing"
  ! "$1" broken.json >/dev/null 2>&1 || fail "self-test: $1 does not notice '$2'"
}

mkdir -p "$work"
document=$(realpath "$document")
cd "$work"
install_packages "$source"
cp "$source/ruleset.yaml" "$source/tsconfig.json" "$source/client.ts" .
must_fail lint 's|schemas/Jwk"|schemas/Jws"|'
must_fail lint 's|"operationId": "ResendOtp"|"operationId": "RequestOtp"|'
must_fail lint 's|"/v1/sessions/{sessionId}"|"/v1/sessions/{id}"|'
must_fail compile 's|"handle"|"ticket"|'
must_fail compile 's|"additionalProperties": false|"additionalProperties": true|'
lint "$document"
compile "$document"
