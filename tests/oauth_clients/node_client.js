// Uses the OAuth endpoints with libraries of others: oauth4webapi, jose and express-oauth2-jwt-bearer.
// Standard input: see Input in oauth_clients_test.cc. Ends with 1 at the first answer that a library
// does not take.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import express from 'express';
import { auth, InvalidTokenError } from 'express-oauth2-jwt-bearer';

globalThis.crypto ??= webcrypto;  // node 18
const { createRemoteJWKSet, errors, jwtVerify } = await import('jose');
const oauth = await import('oauth4webapi');

const input = JSON.parse(readFileSync(0, 'utf8'));
const issuer = new URL(input.issuer);
const [client, resource] = [input.client, input.resource].map((service) => ({
  as: { client_id: service.id },
  proof: oauth.ClientSecretBasic(service.secret),
}));

async function discover(algorithm) {
  const response = await oauth.discoveryRequest(issuer, { algorithm });
  return oauth.processDiscoveryResponse(issuer, response);
}

async function refresh(server, token, proof = client.proof) {
  const response = await oauth.refreshTokenGrantRequest(server, client.as, proof, token);
  return oauth.processRefreshTokenResponse(server, client.as, response);
}

async function introspect(server, token, caller = resource) {
  const response = await oauth.introspectionRequest(server, caller.as, caller.proof, token);
  return oauth.processIntrospectionResponse(server, caller.as, response);
}

// RFC 9068, as two libraries understand it.
async function verify(server, token) {
  const request = new Request('https://api.example.com/', {
    headers: { authorization: `Bearer ${token}` },
  });
  const claims = await oauth.validateJwtAccessToken(server, request, input.audience);
  const rules = { issuer: input.issuer, audience: input.audience, typ: 'at+jwt' };
  const keys = createRemoteJWKSet(new URL(server.jwks_uri));
  const { payload } = await jwtVerify(token, keys, rules);
  assert.deepEqual({ ...payload }, { ...claims });
  const [head, body, signature] = token.split('.');
  const changed = [head, body, (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1)].join('.');
  await assert.rejects(jwtVerify(changed, keys, rules), errors.JWSSignatureVerificationFailed);
  return claims;
}

// Runs `work` with a function that asks an API for the status of a request with a token.
async function withApi(work) {
  const api = express();
  api.use(auth({ issuerBaseURL: input.issuer, audience: input.audience, tokenSigningAlg: 'ES256' }));
  api.get('/', (request, response) => response.json(request.auth.payload));
  api.use((error, request, response, next) => {
    assert.ok(error instanceof InvalidTokenError, error);
    response.status(error.status).set(error.headers).json({});
  });
  const listener = await new Promise((ready) => {
    const started = api.listen(0, '127.0.0.1', () => ready(started));
  });
  try {
    await work(async (token) => {
      const response = await fetch(`http://127.0.0.1:${listener.address().port}/`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return { status: response.status, claims: await response.json() };
    });
  } finally {
    listener.closeAllConnections?.();
    listener.close();
  }
}

const server = await discover('oauth2');
assert.equal((await discover('oidc')).issuer, input.issuer);
const subject = (await verify(server, input.accessToken)).sub;

const refreshed = await refresh(server, input.refreshToken);
assert.equal(refreshed.token_type, 'bearer');  // oauth4webapi writes it in lower case
assert.equal((await verify(server, refreshed.access_token)).sub, subject);
const wrong = oauth.ClientSecretBasic('wrong');
await assert.rejects(refresh(server, refreshed.refresh_token, wrong), (error) =>
  error instanceof oauth.WWWAuthenticateChallengeError && error.cause[0].scheme === 'basic');

const facts = await introspect(server, refreshed.access_token);
assert.equal(facts.active, true);
assert.equal(facts.sub, subject);
assert.equal(facts.client_id, input.client.id);
assert.deepEqual({ ...(await introspect(server, 'unknown')) }, { active: false });

await withApi(async (ask) => {
  const answer = await ask(refreshed.access_token);
  assert.equal(answer.status, 200);
  assert.equal(answer.claims.sub, subject);
  assert.equal((await ask(refreshed.refresh_token)).status, 401);
});

const revoked = await oauth.revocationRequest(server, client.as, client.proof,
  refreshed.refresh_token, { additionalParameters: { token_type_hint: 'refresh_token' } });
await oauth.processRevocationResponse(revoked);
assert.deepEqual({ ...(await introspect(server, refreshed.access_token)) }, { active: false });
await assert.rejects(refresh(server, refreshed.refresh_token), (error) =>
  error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant');
console.log(`done for ${subject}`);
