// The design that otpgate replaces: one-time codes in Redis with a TTL, behind Express. It is leaner than
// such programs usually are: it sends no message, keeps no account and no audit, and signs with HMAC.
//
//   node server.js REDIS_SOCKET
//
//   POST /api/auth/otp/request   {phoneNumber}        -> {success, otp}
//   POST /api/auth/otp/verify    {phoneNumber, otp}   -> {verified, access_token, refresh_token}
//
// Listens on a free port of 127.0.0.1 and prints it in a line of JSON.
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import express from 'express';
import { createClient } from 'redis';

const CODE_SECONDS = 300;
const WINDOW_SECONDS = 15 * 60;
const SENDS_PER_WINDOW = 3;
const ACCESS_SECONDS = 15 * 60;
const REFRESH_SECONDS = 30 * 24 * 3600;

const secret = randomBytes(32);
const redis = createClient({ socket: { path: process.argv[2] } });
// Connections are refused until Redis listens; the Redis client tries again.
redis.on('error', () => {});
await redis.connect();

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

function accessToken(phone) {
  const now = Math.floor(Date.now() / 1000);
  const body = `${HEADER}.${encode({ sub: phone, iat: now, exp: now + ACCESS_SECONDS })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

async function requestCode(request, response) {
  const phone = request.body.phoneNumber;
  if (typeof phone !== 'string') return response.status(400).json({ success: false });
  const sends = await redis.incr(`sends:${phone}`);
  if (sends === 1) await redis.expire(`sends:${phone}`, WINDOW_SECONDS);
  if (sends > SENDS_PER_WINDOW) return response.status(429).json({ success: false });
  const otp = String(randomInt(1_000_000)).padStart(6, '0');
  await redis.setEx(`otp:phone:${phone}`, CODE_SECONDS, otp);
  return response.json({ success: true, otp });
}

async function verifyCode(request, response) {
  const { phoneNumber: phone, otp } = request.body;
  if (typeof phone !== 'string') return response.status(400).json({ verified: false });
  const expected = await redis.get(`otp:phone:${phone}`);
  if (expected === null || expected !== otp) return response.status(400).json({ verified: false });
  await redis.del(`otp:phone:${phone}`);
  const refresh = randomBytes(32).toString('base64url');
  await redis.setEx(`refresh:${refresh}`, REFRESH_SECONDS, phone);
  return response.json({ verified: true, access_token: accessToken(phone), refresh_token: refresh });
}

const app = express();
app.use(express.json());
app.post('/api/auth/otp/request', requestCode);
app.post('/api/auth/otp/verify', verifyCode);
const server = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ event: 'LISTENING', port: server.address().port }));
});
