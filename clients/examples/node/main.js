// node main.js SHARE ADDRESS E-MAIL [ISSUER]: signs a user in, checks the access token without a call,
// and exchanges the refresh token. Works against a development server, which tells the code.
import { connect, newVerifier, Refusal } from './otpgate.js';

const [share, address, email, issuer] = process.argv.slice(2);
if (!email) {
  console.error('usage: node main.js SHARE ADDRESS E-MAIL [ISSUER]');
  process.exit(2);
}

const call = connect(share, address);
const verify = newVerifier(call, { issuer });

try {
  const asked = await call('RequestOtp', { identifier: { email } });
  console.log('sent to', asked.masked_destination);

  const code = asked.development_code; // in production the user types it
  const signedIn = await call('VerifyOtp', { handle: asked.handle, code });

  // No call: the published keys are fetched once and kept.
  const claims = await verify(signedIn.access_token);
  console.log('signed in as', claims.sub);

  const refreshed = await call('RefreshToken', { refresh_token: signedIn.refresh_token });
  await verify(refreshed.access_token);
  console.log('refreshed session', refreshed.session_id);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`${error.reason ?? error.code}: ${error.message}`);
  process.exitCode = 1;
}
