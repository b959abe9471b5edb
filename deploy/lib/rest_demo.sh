#!/usr/bin/env bash
# Signs in over REST, refreshes over OAuth and signs in over a route of an older design:
# rest_demo.sh URL-OF-THE-GATEWAY. For a server that reveals codes. Ends with 1
# when an answer is not as it should be.
set -euo pipefail
. "$(dirname "$0")/common.sh"
URL=$1
TOKEN=
TYPE=application/json

# field NAME: the text of this member of the JSON on standard input.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# call METHOD PATH [BODY]: prints the answer; fails unless it is a success. Secrets go by standard
# input, because other users of the machine see the arguments of processes.
call() {
  {
    printf 'header = "Content-Type: %s"\n' "$TYPE"
    [ -z "$TOKEN" ] || printf 'header = "Authorization: Bearer %s"\n' "$TOKEN"
    [ $# -lt 3 ] || printf 'data = "%s"\n' "$(sed 's/["\\]/\\&/g' <<<"$3")"
  } | curl --silent --show-error --fail-with-body --max-time 20 --request "$1" --config - "$URL/$2"
}

say
say "rest@example.com over REST"
asked=$(call POST v1/otp:request '{"identifier": {"email": "rest@example.com"}}')
say "  POST /v1/otp:request    a code is on its way to $(field maskedDestination <<<"$asked")"
handle=$(field handle <<<"$asked") code=$(field developmentCode <<<"$asked")
signed_in=$(call POST v1/otp:verify "{\"handle\": \"$handle\", \"code\": \"$code\"}")
TOKEN=$(field accessToken <<<"$signed_in")
say "  POST /v1/otp:verify     signed in, session $(field sessionId <<<"$signed_in")"
call POST v1/otp:verify "{\"handle\": \"$handle\", \"code\": \"$code\"}" >/dev/null 2>&1 && die "a code worked twice"
say "  POST /v1/otp:verify     the code does not work again"
call GET v1/users/me | grep -q rest@example.com || die "this is somebody else"
say "  GET  /v1/users/me       the account of the token"
refresh=$(field refreshToken <<<"$signed_in")
pair=$(call POST v1/tokens:refresh "{\"refreshToken\": \"$refresh\"}")
say "  POST /v1/tokens:refresh the next pair of tokens"
refresh=$(field refreshToken <<<"$pair") TOKEN=
pair=$(TYPE=application/x-www-form-urlencoded call POST oauth2/token \
  "grant_type=refresh_token&refresh_token=$refresh")
TOKEN=$(field access_token <<<"$pair")
say "  POST /oauth2/token      the next pair, as OAuth 2.0 has it"
call POST v1/sessions:revokeAll '{}' >/dev/null
call GET v1/users/me >/dev/null 2>&1 && die "a token outlived its session"
say "  POST /v1/sessions:revokeAll  signed out everywhere"
TOKEN=
asked=$(call POST api/auth/otp/request '{"phoneNumber": "+14155550177"}')
say "  POST /api/auth/otp/request   a code by the route of an older design"
code=$(field otp <<<"$asked")
TOKEN=$(call POST api/auth/otp/verify "{\"phoneNumber\": \"+14155550177\", \"otp\": \"$code\"}" |
  field token)
call GET v1/users/me | grep -q +14155550177 || die "this is somebody else"
say "  POST /api/auth/otp/verify    signed in, with a token for 30 days"
say
say "All answers were as they should be."
