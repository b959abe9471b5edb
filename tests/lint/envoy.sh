#!/bin/sh
# Checks deploy/envoy/envoy.yaml without Envoy: every name and type of it against Envoy's own protos
# (buf), and its services, routes and rules for tokens against the API (envoy/agrees.py). Each run
# proves, with broken copies, that each check can fail.
#
#   tests/lint/envoy.sh ENVOY.YAML OPENAPI.JSON OTPGATE.BINPB
#
# Needs protoc, python3 and npm. buf and the protos, those of @grpc/grpc-js-xds, are installed in
# $OTPGATE_LINT_DIR, default build/lint, by their lock file.
set -eu
. "$(dirname "$0")/npm_tools.sh"

source=$(cd "$(dirname "$0")/envoy" && pwd)
work=${OTPGATE_LINT_DIR:-$source/../../../build/lint}/envoy

[ $# -eq 3 ] || fail "usage: envoy.sh ENVOY.YAML OPENAPI.JSON OTPGATE.BINPB"
config=$(realpath "$1") openapi=$(realpath "$2") descriptors=$(realpath "$3")

buf() { BUF_CACHE_DIR=$work/cache node_modules/@bufbuild/buf-linux-*/bin/buf "$@"; }

# Writes envoy.binpb, the descriptor set of what the configuration may hold. The rules of
# validate.proto are not read here, and the package's copy of it lacks some that Envoy uses.
compile_protos() {
  deps=node_modules/@grpc/grpc-js-xds/deps
  mkdir -p validate
  python3 "$source/complete_rules.py" <"$deps/protoc-gen-validate/validate/validate.proto" \
    >validate/validate.proto
  protoc -I. -I"$source" -I"$deps/envoy-api" -I"$deps/googleapis" -I"$deps/xds" --include_imports \
    --descriptor_set_out=envoy.binpb "$source/roots.proto" 2>protoc.log ||
    { cat protoc.log >&2; fail "the protos of Envoy do not compile"; }
}

# schema FILE: whether Envoy would know every name and type; writes FILE.json.
schema() {
  buf convert envoy.binpb --type envoy.config.bootstrap.v3.Bootstrap --from "$1#format=yaml" \
    --to "$1.json#format=json"
}

agrees() { schema "$1" && python3 "$source/agrees.py" "$1.json" "$openapi" "$descriptors"; }

# must_fail CHECK EDIT: expects CHECK to refuse a copy of the configuration that EDIT (sed) changed.
must_fail() {
  sed "$2" "$config" >broken.yaml
  ! cmp -s "$config" broken.yaml || fail "self-test: '$2' changes nothing"
  [ "$1" = schema ] || schema broken.yaml || fail "self-test: '$2' is no configuration"
  ! "$1" broken.yaml >/dev/null 2>&1 || fail "self-test: $1 does not notice '$2'"
}

mkdir -p "$work"
cd "$work"
install_packages "$source"
compile_protos
must_fail schema 's/match_incoming_request_route/match_incoming_route/'
must_fail schema 's/max_request_headers_kb: 16/max_request_headers_kb: many/'
must_fail schema 's/jwt_authn.v3.JwtAuthentication/jwt_authn.v3.JwtAuth/'
must_fail schema 's/type: STRICT_DNS/type: DNS/'
must_fail agrees 's/services: \[otpgate.v1.AuthService\]/services: [otpgate.v1.Auth]/'
must_fail agrees 's|prefix: /v1/}|prefix: /v2/}|'
must_fail agrees 's|prefix: /v1/tokens}|prefix: /v1/token/}|'
must_fail agrees 's|match: {prefix: /v1/otp}|match: {prefix: /v1/}|'
must_fail agrees 's|path: "/v1/otp:verify"|path: "/v1/otp:check"|'
must_fail agrees 's/route: {cluster: otpgate,/route: {cluster: other,/'
must_fail agrees 's/requires_any:/requires_all:/'
cp "$config" envoy.yaml
agrees envoy.yaml
echo "envoy.sh: the configuration is right"
