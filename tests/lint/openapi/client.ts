// A client with the types of the OpenAPI document; it is compiled, not run. Each @ts-expect-error
// fails to compile if the types allow what the gateway refuses.
import createClient from "openapi-fetch";
import type { components, paths } from "./types";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8080" });

export async function signIn(email: string, code: string): Promise<string> {
  const sent = await client.POST("/v1/otp:request", {
    params: { header: { "Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324" } },
    body: { identifier: { email }, userType: "USER_TYPE_DEMO" },
  });
  if (sent.error) throw new Error(reasonOf(sent.error));
  const seconds: number = sent.data.expiresIn;
  console.log(`the code for ${sent.data.maskedDestination} expires in ${seconds} s`);

  const verified = await client.POST("/v1/otp:verify", {
    body: { handle: sent.data.handle, code },
  });
  if (verified.error) throw new Error(reasonOf(verified.error));
  const since: string | undefined = verified.data.user?.createTime;
  console.log(`an account since ${since}`);
  return verified.data.accessToken;
}

export async function signOutElsewhere(token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const listed = await client.GET("/v1/sessions", { headers });
  for (const session of listed.data?.sessions ?? []) {
    if (session.current) continue;
    await client.DELETE("/v1/sessions/{sessionId}", {
      headers,
      params: { path: { sessionId: session.id } },
    });
  }
}

export async function keyIds(): Promise<string[]> {
  const { data } = await client.GET("/.well-known/jwks.json");
  return data?.keys.map((key) => key.kid) ?? [];
}

function reasonOf(error: components["schemas"]["Status"] | components["schemas"]["Problem"]): string {
  for (const detail of error.details) {
    if (detail.reason) return detail.reason;
  }
  return "";
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error: no such path
  await client.GET("/v1/otp:request");
  // @ts-expect-error: a required field is missing
  await client.POST("/v1/otp:verify", { body: { handle: "" } });
  // @ts-expect-error: no such field
  const body: components["schemas"]["RevokeTokenRequest"] = { token: "", reason: "" };
  await client.POST("/v1/tokens:revoke", { body });
  // @ts-expect-error: no such value
  await client.POST("/v1/otp:request", { body: { identifier: {}, purpose: "LOGIN" } });
  // @ts-expect-error: the path needs its parameter
  await client.DELETE("/v1/sessions/{sessionId}", {});
  const { data } = await client.GET("/v1/users/me");
  // @ts-expect-error: answers leave out messages that are not set
  data?.user.id;
}
