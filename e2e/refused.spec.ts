import { counter, logIn, PEOPLE, publish } from './support/api.js';
import { connectedTo } from './support/nodes.js';
import { connectRaw } from './support/raw-client.js';
import { card, chooseAccount, liveIndicator, signIn, signOut, subjectOf, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';
import { claimsOf, signToken } from './support/token.js';

test.use({ platform: 'shared' });

test('a connection without a token, or with a bad or expired one, is refused with its code and logged without it', async ({
  stack,
}) => {
  const { token } = (await logIn(stack.url, PEOPLE.olga)).login;
  const claims = claimsOf(token);
  const expired = signToken({ ...claims, iat: 1_000_000, exp: 1_000_900 });
  const forged = `${token.slice(0, -6)}AAAAAA`;
  const refused: [auth: Record<string, unknown>, code: string][] = [
    [{ protocol: 1 }, 'token_invalid'],
    [{ protocol: 1, token: forged }, 'token_invalid'],
    [{ protocol: 1, token: 'not-a-token-at-all' }, 'token_invalid'],
    [{ protocol: 1, token: expired }, 'token_expired'],
    [{ protocol: 99, token }, 'protocol_unsupported'],
  ];
  for (const [auth, code] of refused) {
    const before = await counter(stack, 'connections_refused_total', { code });
    expect(await connectRaw(stack.url, auth)).toMatchObject({ refusal: { code } });
    expect(await counter(stack, 'connections_refused_total', { code })).toBe(before + 1);
  }

  const text = stack.log();
  expect(text).toContain('token_expired');
  for (const secret of [token, expired, forged, 'not-a-token-at-all']) expect(text).not.toContain(secret);
});

test("a parent who asks for another parent's room is refused, and hears nothing of it", async ({ stack }) => {
  const [olga, ivan] = [await logIn(stack.url, PEOPLE.olga), await logIn(stack.url, PEOPLE.ivan)];
  const client = await connectedTo(stack.url, olga.login.token);
  const own = `parent:${olga.login.user.id}` as const;
  expect(await client.next()).toMatchObject({ event: 'ready', message: { rooms: [{ room: own, status: 'fresh' }] } });

  expect(await client.subscribe(`parent:${ivan.login.user.id}`)).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await client.subscribe('class:7')).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await client.subscribe(own)).toMatchObject({ ok: true, room: own });

  // What Ivan hears first, Olga would have heard first as well.
  await publish(stack.url, { rooms: [`parent:${ivan.login.user.id}`, 'class:7'], keys: [['secret']] });
  await publish(stack.url, { rooms: [own], keys: [['marker']] });
  expect(await client.next()).toMatchObject({ event: 'invalidate', message: { room: own, keys: [['marker']] } });
  client.close();
});

test('the page says with which code its live connection was refused, and keeps showing data', async ({
  stack,
  visit,
}) => {
  const claims = claimsOf((await logIn(stack.url, PEOPLE.olga)).login.token);
  const expired = signToken({ ...claims, iat: 1_000_000, exp: 1_000_900 });
  const refused: [token: string, label: string, code: string][] = [
    ['forged', 'Refused: token_invalid', 'token_invalid'],
    ['', 'Refused: token_invalid', 'token_invalid'],
    // Worth another try, so the page is not refused but offline.
    [expired, 'Offline', 'token_expired'],
  ];
  for (const [token, label, code] of refused) {
    const olga = await visit();
    await olga.page.routeWebSocket(/\/socket.io\//, (route) => {
      const server = route.connectToServer();
      route.onMessage((message) => server.send(String(message).replace(/"token":"[^"]*"/, `"token":"${token}"`)));
    });
    await olga.page.goto(`${stack.url}/login`);
    await olga.page.getByRole('button', { name: 'Olga Petrova' }).click();
    await expect(liveIndicator(olga.page)).toHaveText(label);
    // By the mouse: the page tries once more by itself, the button is narrower meanwhile and leaves the pointer.
    await liveIndicator(olga.page).getByRole('button').hover();
    await expect(olga.page.getByText(`Code: ${code}`)).toBeVisible();
    await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  }
});

test('nothing of one person is shown to the next one who logs in, not even for a moment', async ({ stack, visit }) => {
  const { page } = await visit();
  await signIn(page, stack.url, 'Olga Petrova');
  await expect(subjectOf(page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await signOut(page);

  // Every state of the document from here on, seen before it is painted. The login page itself names the demo people.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenOfOlga: seen });
    new MutationObserver(() => {
      if (location.pathname === '/login') return;
      for (const name of ['Anna', 'Misha', 'Olga']) {
        if (document.body.textContent?.includes(name)) seen.push(`${name} at ${location.pathname}`);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await chooseAccount(page, 'Ivan Sokolov');
  await untilLive(page);
  await expect(subjectOf(page, 'Lev Sokolov', 'English')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { seenOfOlga: string[] }).seenOfOlga)).toEqual([]);

  await page.goBack();
  await page.goto(`${stack.url}/`);
  await expect(card(page, 'Lev Sokolov')).toBeVisible();
  await expect(card(page, 'Anna Petrova')).toHaveCount(0);
});
