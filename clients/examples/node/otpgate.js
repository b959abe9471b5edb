// A client of otpgate for Node: calls with retries, errors with their reason, and a local check of
// access tokens. `share` is the folder share/otpgate of an installed otpgate.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { createLocalJWKSet, errors, jwtVerify } from 'jose';

const load = (share) =>
  loader.loadSync(
    ['otpgate/v1/auth_service.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
    { includeDirs: [`${share}/proto`], keepCase: true, defaults: true, enums: String },
  );

// Returns call(method, request, headers): a promise of the reply, rejected with a Refusal. Requests
// that may carry a `request_id` get one, so that the retries of the channel have one effect.
export function connect(share, address, { credentials = plaintext(address), seconds = 10 } = {}) {
  const definition = load(share);
  const service = definition['otpgate.v1.AuthService'];
  const { AuthService } = grpc.loadPackageDefinition(definition).otpgate.v1;
  const stub = new AuthService(address, credentials, {
    'grpc.service_config': readFileSync(`${share}/service_config.json`, 'utf8'),
    'grpc.service_config_disable_resolution': 1,
  });
  const hasId = (method) => service[method].requestType.type.field.some((f) => f.name === 'request_id');
  return async (method, request = {}, headers = {}) => {
    const message = hasId(method) ? { request_id: randomUUID(), ...request } : request;
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const deadline = Date.now() + seconds * 1000;
    try {
      return await promisify(stub[method].bind(stub))(message, metadata, { deadline });
    } catch (error) {
      throw new Refusal(error, definition);
    }
  };
}

// Codes and tokens are sent unencrypted on this machine only.
function plaintext(address) {
  if (!/^(127\.[0-9.]+|localhost|\[::1\]):\d+$/.test(address)) {
    throw new Error('plaintext to another machine; give credentials');
  }
  return grpc.credentials.createInsecure();
}

// The error of a call. `reason` is a name of ErrorReason (otpgate/v1/errors.proto), or undefined if
// the service was not reached. Then, or when you do not know it, `code` decides.
export class Refusal extends Error {
  constructor({ code, details, metadata }, definition) {
    super(details);
    this.code = code;
    const [status] = metadata?.get('grpc-status-details-bin') ?? [];
    if (!status) return;
    for (const { type_url, value } of definition['google.rpc.Status'].deserialize(status).details) {
      const type = type_url.split('/').pop();
      const detail = definition[type]?.deserialize(value);
      if (type === 'google.rpc.ErrorInfo' && detail.domain === 'otpgate') this.reason = detail.reason;
      if (type === 'google.rpc.RetryInfo') this.retryAfter = Number(detail.retry_delay.seconds);
      if (type === 'google.rpc.BadRequest') this.violations = detail.field_violations;
    }
  }
}

// Returns verify(token): a promise of the claims, rejected for an invalid token. Tokens of demo
// accounts have another audience.
export function newVerifier(call, { issuer = 'otpgate', audience = 'otpgate' } = {}) {
  const keys = cachedKeys(call, { maxAge: 600_000, coolDown: 30_000 });
  const rules = { algorithms: ['ES256'], typ: 'at+jwt', issuer, audience, clockTolerance: 10 };
  return async (token) => (await jwtVerify(token, keys, rules)).payload;
}

// The published keys. They are fetched again when they are old, or for an unknown key, but then at
// most once per `coolDown`. While a fetch fails, the old keys stay valid.
function cachedKeys(call, { maxAge, coolDown }) {
  let keys, fetching;
  let triedAt = -Infinity;
  let fetchedAt = -Infinity;
  const fetchAnew = async () => {
    const startedAt = (triedAt = performance.now());
    try {
      keys = createLocalJWKSet(await call('GetJwks'));
      fetchedAt = startedAt;
    } catch (error) {
      if (!keys) throw error;
    } finally {
      fetching = undefined;
    }
  };
  const since = (time) => performance.now() - time;
  const renew = async () => {
    if (!keys || since(triedAt) >= coolDown) await (fetching ??= fetchAnew());
  };
  return async (...token) => {
    if (since(fetchedAt) >= maxAge) await renew();
    try {
      return await keys(...token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await renew();
      return keys(...token);
    }
  };
}
