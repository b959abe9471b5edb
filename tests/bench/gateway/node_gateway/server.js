// A REST gateway in front of otpgate as it is commonly written for Node.js: Fastify, @grpc/grpc-js and a
// table of routes. It is leaner than otpgate-gateway, which favours it: it checks nothing of a request
// but that its body is JSON, counts nothing, and every failure is a 502.
//
//   node server.js ADDRESS_OF_SERVER PROTO_FOLDER...
//
// Listens on a free port of 127.0.0.1 and prints it in a line of JSON.
import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import fastify from 'fastify';

const DEADLINE_MS = 10_000;
// In a route of Fastify "::" stands for a colon.
const ROUTES = [
  ['POST', '/v1/otp::request', 'RequestOtp'],
  ['POST', '/v1/otp::verify', 'VerifyOtp'],
  ['POST', '/v1/tokens::introspect', 'IntrospectToken'],
  ['GET', '/v1/users/me', 'GetCurrentUser'],
  ['GET', '/.well-known/jwks.json', 'GetJwks'],
];

const [address, ...includeDirs] = process.argv.slice(2);
const definition = loader.loadSync('otpgate/v1/auth_service.proto', {
  includeDirs,
  defaults: true,
  enums: String,
});
const { AuthService } = grpc.loadPackageDefinition(definition).otpgate.v1;
const stub = new AuthService(address, grpc.credentials.createInsecure());

function call(method, request, authorization) {
  const metadata = new grpc.Metadata();
  if (authorization) metadata.set('authorization', authorization);
  const options = { deadline: Date.now() + DEADLINE_MS };
  return new Promise((resolve, reject) => {
    stub[method](request, metadata, options, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

// Times as ProtoJSON has them.
function withTimes(reply) {
  const time = reply.user?.createTime;
  if (time) reply.user.createTime = new Date(Number(time.seconds) * 1000).toISOString();
  return reply;
}

const app = fastify();
for (const [verb, url, method] of ROUTES) {
  const fields = definition['otpgate.v1.AuthService'][method].requestType.type.field;
  const hasId = fields.some((field) => field.name === 'requestId');
  app.route({
    method: verb,
    url,
    handler: async (request, response) => {
      const message = hasId ? { requestId: randomUUID(), ...request.body } : request.body ?? {};
      response.header('cache-control', 'no-store').header('x-request-id', randomUUID());
      try {
        return withTimes(await call(method, message, request.headers.authorization));
      } catch (error) {
        return response.code(502).send({ message: error.message });
      }
    },
  });
}
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ event: 'LISTENING', port: app.server.address().port }));
