// Signs and verifies access tokens with another implementation of JWT.
//
//   node jose_oracle.js sign NOW              {"jwks": ..., "good": token, "bad": {why: token}}
//   node jose_oracle.js verify NOW            the claims, or the code of jose's error
//
// NOW is in Unix seconds; `verify` reads {"jwks": ..., "token": ...} from its standard input.
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT }
  from 'jose';

const [mode, time] = process.argv.slice(2);
const now = Number(time);

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), use: 'sig', alg: 'ES256' };
  jwk.kid = await calculateJwkThumbprint(jwk);
  return { jwk, privateKey };
}

async function sign() {
  const { jwk, privateKey } = await newKey();
  const other = await newKey();
  const claims = {
    iss: 'otpgate', sub: 'user', aud: 'otpgate', iat: now, nbf: now, exp: now + 900, jti: 'jti',
    sid: 'session', ver: 3, amr: ['otp', 'sms'], auth_time: now, client_id: 'shop', user_type: 'live',
  };
  const token = (change, { header = {}, key = privateKey } = {}) =>
    new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid, ...header })
      .sign(key);
  const secret = new TextEncoder().encode(JSON.stringify(jwk));
  const bad = {
    expired: await token({ iat: now - 1800, nbf: now - 1800, exp: now - 900 }),
    notYet: await token({ nbf: now + 600 }),
    audience: await token({ aud: 'other' }),
    issuer: await token({ iss: 'other' }),
    demo: await token({ user_type: 'demo' }),
    noSession: await token({ sid: undefined }),
    type: await token({}, { header: { typ: 'JWT' } }),
    algorithm: await token({}, { header: { alg: 'HS256' }, key: secret }),
    otherKey: await token({}, { key: other.privateKey }),
    unknownKey: await token({}, { header: { kid: other.jwk.kid }, key: other.privateKey }),
  };
  return { jwks: { keys: [jwk] }, good: await token({}), bad };
}

async function verify() {
  const { jwks, token } = JSON.parse(readFileSync(0, 'utf8'));
  const rules = { algorithms: ['ES256'], typ: 'at+jwt', issuer: 'otpgate', audience: 'otpgate' };
  const currentDate = new Date(now * 1000);
  try {
    return (await jwtVerify(token, createLocalJWKSet(jwks), { ...rules, currentDate })).payload;
  } catch (error) {
    return { refused: error.code };
  }
}

console.log(JSON.stringify(await { sign, verify }[mode]()));
