#!/usr/bin/env bash
# Signs in over REST: rest_demo.sh URL-OF-THE-GATEWAY. For a server that reveals codes. Ends with 1
# when an answer is not as it should be.
set -euo pipefail
. "$(dirname "$0")/common.sh"
API=$1/v1
TOKEN=

# field NAME: the text of this member of the JSON on standard input.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# call METHOD PATH [BODY]: prints the answer; fails unless it is a success. Secrets go by standard
# input, because other users of the machine see the arguments of processes.
call() {
  {
    printf 'header = "Content-Type: application/json"\n'
    [ -z "$TOKEN" ] || printf 'header = "Authorization: Bearer %s"\n' "$TOKEN"
    [ $# -lt 3 ] || printf 'data = "%s"\n' "$(sed 's/["\\]/\\&/g' <<<"$3")"
  } | curl --silent --show-error --fail-with-body --max-time 20 --request "$1" --config - "$API/$2"
}

say
say "rest@example.com over REST"
asked=$(call POST otp:request '{"identifier": {"email": "rest@example.com"}}')
say "  POST /v1/otp:request    a code is on its way to $(field maskedDestination <<<"$asked")"
handle=$(field handle <<<"$asked") code=$(field developmentCode <<<"$asked")
signed_in=$(call POST otp:verify "{\"handle\": \"$handle\", \"code\": \"$code\"}")
TOKEN=$(field accessToken <<<"$signed_in")
say "  POST /v1/otp:verify     signed in, session $(field sessionId <<<"$signed_in")"
call POST otp:verify "{\"handle\": \"$handle\", \"code\": \"$code\"}" >/dev/null 2>&1 && die "a code worked twice"
say "  POST /v1/otp:verify     the code does not work again"
call GET users/me | grep -q rest@example.com || die "this is somebody else"
say "  GET  /v1/users/me       the account of the token"
refresh=$(field refreshToken <<<"$signed_in")
TOKEN=$(call POST tokens:refresh "{\"refreshToken\": \"$refresh\"}" | field accessToken)
say "  POST /v1/tokens:refresh the next pair of tokens"
call POST sessions:revokeAll '{}' >/dev/null
call GET users/me >/dev/null 2>&1 && die "a token outlived its session"
say "  POST /v1/sessions:revokeAll  signed out everywhere"
say
say "All answers were as they should be."
