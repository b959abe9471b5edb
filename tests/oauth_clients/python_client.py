"""Uses the OAuth endpoints with Debian's PyJWT and Authlib.

Standard input: see Input in oauth_clients_test.cc. Ends with 1 at the first answer that a library
does not take.
"""

import json
import sys

import jwt
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url

given = json.load(sys.stdin)


def expect(true, what):
    if not true:
        sys.exit(f"not so: {what}")


def discover():
    url = get_well_known_url(given["issuer"], external=True)
    metadata = AuthorizationServerMetadata(requests.get(url, timeout=20).json())
    metadata.validate_issuer()
    metadata.validate_jwks_uri()
    metadata.validate_grant_types_supported()
    metadata.validate_token_endpoint_auth_methods_supported()
    metadata.validate_revocation_endpoint()
    metadata.validate_introspection_endpoint()
    expect(metadata["issuer"] == given["issuer"], "the issuer of the metadata")
    return metadata


def session_of(service, secret=None):
    return OAuth2Session(service["id"], secret or service["secret"])


def verify(metadata, token):
    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
    required = ["exp", "iat", "iss", "aud", "sub", "jti", "client_id"]
    return jwt.decode(
        token,
        key.key,
        algorithms=["ES256"],
        audience=given["audience"],
        issuer=given["issuer"],
        options={"require": required},
    )


def refused(call, error):
    try:
        call()
    except OAuthError as refusal:
        expect(refusal.error == error, f"{refusal.error} is {error}")
    else:
        sys.exit(f"not refused with {error}")


def main():
    metadata = discover()
    client, resource = session_of(given["client"]), session_of(given["resource"])
    subject = verify(metadata, given["accessToken"])["sub"]

    tokens = client.refresh_token(metadata["token_endpoint"], refresh_token=given["refreshToken"])
    expect(verify(metadata, tokens["access_token"])["sub"] == subject, "the subject stays")
    try:
        verify(metadata, tokens["refresh_token"])
        sys.exit("a refresh token was taken for an access token")
    except jwt.PyJWTError:
        pass

    def introspect(token):
        answer = resource.introspect_token(metadata["introspection_endpoint"], token=token)
        expect(answer.status_code == 200, "introspection answers")
        return answer.json()

    facts = introspect(tokens["access_token"])
    expect(facts["active"] and facts["sub"] == subject, "the token is active")
    answer = client.revoke_token(
        metadata["revocation_endpoint"],
        token=tokens["refresh_token"],
        token_type_hint="refresh_token",
    )
    expect(answer.status_code == 200, "revocation answers")
    expect(introspect(tokens["access_token"]) == {"active": False}, "the token is revoked")

    def refresh(by):
        by.refresh_token(metadata["token_endpoint"], refresh_token=tokens["refresh_token"])

    refused(lambda: refresh(client), "invalid_grant")
    refused(lambda: refresh(session_of(given["client"], "wrong")), "invalid_client")
    print(f"done for {subject}")


main()
