import { logIn, PEOPLE } from '../support/api.js';
import { connectedTo, moveApart, nodeOf } from '../support/nodes.js';
import { signIn, signOut, untilLive } from '../support/sign-in.js';
import { twoNodes } from '../support/stack.js';
import { expect, test } from '../support/test.js';
import { recordWire } from '../support/wire-record.js';

test.use({ platform: 'shared' });

const EVICTED_WITHIN_MS = 1_000;

test('a log-out on one node closes the sockets of that session on the other, and no others', async ({ stack }) => {
  const [one, two] = twoNodes(stack);
  const [session, elsewhere] = [await logIn(one.url, PEOPLE.olga), await logIn(one.url, PEOPLE.olga)];
  const client = await connectedTo(two.url, session.login.token);
  const other = await connectedTo(two.url, elsewhere.login.token);
  for (const each of [client, other]) expect(await each.next()).toMatchObject({ event: 'ready' });

  const answer = await fetch(`${one.url}/api/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session.login.token}` },
  });
  expect(answer.ok).toBe(true);
  expect(await client.next(EVICTED_WITHIN_MS)).toEqual({ event: 'evicted', message: { code: 'logged_out' } });
  await expect.poll(() => client.isConnected()).toBe(false);
  expect(other.isConnected()).toBe(true);
  client.close();
  other.close();
});

test('a second tab on another node ends when the first one logs out', async ({ stack, visit }) => {
  const first = await visit();
  await signIn(first.page, stack.url, 'Olga Petrova');
  const page = await first.page.context().newPage();
  const second = { page, wire: recordWire(page) };
  await page.goto(stack.url);
  await untilLive(page);
  await moveApart(second, nodeOf(first));
  await signOut(first.page);
  await expect.poll(() => second.wire.framesOf('evicted').length, { timeout: EVICTED_WITHIN_MS }).toBe(1);
  await expect(second.page).toHaveURL(/\/login$/);
});
