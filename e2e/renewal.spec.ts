import { logIn, PEOPLE, publish } from './support/api.js';
import { connectedTo } from './support/nodes.js';
import { expect, test } from './support/test.js';
import { claimsOf, signToken } from './support/token.js';

test.use({ platform: 'shared' });

/** Of a token, in seconds: long enough for a slow machine, and no longer than a test should take. */
const SHORT_LIFE_S = 10;

test('a session goes on with a newer token, past the end of the old one, without a new connection', async ({
  stack,
}) => {
  const [olga, ivan] = [await logIn(stack.url, PEOPLE.olga), await logIn(stack.url, PEOPLE.ivan)];
  const nowS = Math.floor(Date.now() / 1_000);
  const short = signToken({ ...claimsOf(olga.login.token), iat: nowS, exp: nowS + SHORT_LIFE_S });
  const [client, other] = [await connectedTo(stack.url, short), await connectedTo(stack.url, short)];
  for (const each of [client, other]) {
    expect(await each.next()).toMatchObject({ event: 'ready' });
    expect(await each.next()).toMatchObject({ event: 'expiring' });
  }

  expect(await client.renew('forged')).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await client.renew(ivan.login.token)).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await client.renew(olga.login.token)).toEqual({ ok: true });

  // Who does not renew is cut at the end of the old token: by then it has passed.
  await expect.poll(() => other.isConnected()).toBe(false);
  const room = `parent:${olga.login.user.id}` as const;
  await publish(stack.url, { rooms: [room], keys: [['marker']] });
  expect(await client.next()).toMatchObject({ event: 'invalidate', message: { room, keys: [['marker']] } });

  const text = stack.log();
  for (const secret of [short, olga.login.token, ivan.login.token]) expect(text).not.toContain(secret);

  const answer = await fetch(`${stack.url}/api/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${olga.login.token}` },
  });
  expect(answer.ok).toBe(true);
  expect(await client.next()).toEqual({ event: 'evicted', message: { code: 'logged_out' } });
  client.close();
  other.close();
});
