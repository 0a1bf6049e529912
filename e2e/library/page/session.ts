let current: string | undefined;
let asking: Promise<string> | undefined;

/** The access token; another one when the one at hand is said to be over. Rejects when there is none to be had. */
export function getToken({ expired }: { expired: boolean }): Promise<string> {
  if (current !== undefined && !expired) return Promise.resolve(current);
  // The one at hand stays until there is another: it may be good for a while yet.
  asking ??= fetchToken().finally(() => {
    asking = undefined;
  });
  return asking;
}

async function fetchToken(): Promise<string> {
  const response = await fetch('/api/token', { method: 'POST' });
  if (!response.ok) throw new Error(`no token: ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  current = token;
  return token;
}
