import type { LoginResponse } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { ApiRequestError, ApiUnreachableError } from '../api/errors.js';
import { createAccess, type EndReason } from './access.js';

const MINUTE_MS = 60_000;

function grant(token: string, expiresAtMs: number, userId = 1): LoginResponse {
  return {
    token,
    expiresAt: new Date(expiresAtMs).toISOString(),
    user: { id: userId, name: 'Olga Petrova', role: 'parent' },
  };
}

/** An access whose API answers 200 to `accepted` tokens only, and whose refreshes are settled by the test. */
function setUp(options: { nowMs?: number } = {}) {
  const refreshes: PromiseWithResolvers<LoginResponse>[] = [];
  const sent: string[] = [];
  const ends: EndReason[] = [];
  const accepted = new Set(['first']);
  let nowMs = options.nowMs ?? 0;
  const access = createAccess({
    granted: grant('first', 15 * MINUTE_MS),
    requestGrant: () => {
      const refresh = withResolvers<LoginResponse>();
      refreshes.push(refresh);
      return refresh.promise;
    },
    send: async (_path, init) => {
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
      sent.push(token);
      return new Response(null, { status: accepted.has(token) ? 200 : 401 });
    },
    onEnd: (reason) => ends.push(reason),
    now: () => nowMs,
  });
  return {
    access,
    refreshes,
    sent,
    ends,
    accepted,
    passTo: (ms: number) => {
      nowMs = ms;
    },
  };
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

test('a token that is valid for long is used as it is', async () => {
  const { access, refreshes } = setUp({ nowMs: 13 * MINUTE_MS });
  expect(await access.token()).toBe('first');
  expect(refreshes).toHaveLength(0);
});

test('a token about to expire is renewed once for all who ask meanwhile', async () => {
  const { access, refreshes, passTo } = setUp();
  passTo(14 * MINUTE_MS + 1);
  const asked = [access.token(), access.token(), access.renew()];
  expect(refreshes).toHaveLength(1);
  refreshes[0]?.resolve(grant('second', 30 * MINUTE_MS));
  expect(await Promise.all(asked)).toEqual(['second', 'second', 'second']);
  expect(await access.token()).toBe('second');
});

test('requests refused at the same time share one renewal and are sent once more', async () => {
  const { access, refreshes, sent, accepted } = setUp();
  accepted.clear();
  accepted.add('second');
  const responses = [access.send('/a'), access.send('/b')];
  await expect.poll(() => refreshes.length).toBe(1);
  refreshes[0]?.resolve(grant('second', 30 * MINUTE_MS));
  expect((await Promise.all(responses)).map((response) => response.status)).toEqual([200, 200]);
  expect(sent).toEqual(['first', 'first', 'second', 'second']);
  expect(refreshes).toHaveLength(1);
});

test('a request refused again after the renewal is answered as refused, not repeated for ever', async () => {
  const { access, refreshes, sent, accepted } = setUp();
  accepted.clear();
  const response = access.send('/a');
  await expect.poll(() => refreshes.length).toBe(1);
  refreshes[0]?.resolve(grant('second', 30 * MINUTE_MS));
  expect((await response).status).toBe(401);
  expect(sent).toEqual(['first', 'second']);
});

test('a renewal that answers as another person ends the session and hands out nothing', async () => {
  const { access, refreshes, ends, sent } = setUp();
  const renewed = access.renew();
  refreshes[0]?.resolve(grant('of-ivan', 30 * MINUTE_MS, 2));
  await expect(renewed).rejects.toMatchObject({ code: 'session_ended', reason: 'replaced' });
  await expect(access.send('/a')).rejects.toMatchObject({ code: 'session_ended' });
  expect(sent).toEqual([]);
  expect(ends).toEqual(['replaced']);
});

test('a refused renewal ends the session', async () => {
  const { access, refreshes, ends } = setUp();
  const renewed = access.renew();
  refreshes[0]?.reject(new ApiRequestError(401, 'unauthorized', 'no session'));
  await expect(renewed).rejects.toMatchObject({ reason: 'expired' });
  expect(ends).toEqual(['expired']);
});

test('a renewal without an answer keeps the session and is tried again by the next who asks', async () => {
  const { access, refreshes, ends } = setUp({ nowMs: 15 * MINUTE_MS });
  const renewed = access.token();
  refreshes[0]?.reject(new ApiUnreachableError(new TypeError('no network')));
  await expect(renewed).rejects.toMatchObject({ code: 'api_unreachable' });
  const again = access.token();
  refreshes[1]?.resolve(grant('second', 30 * MINUTE_MS));
  expect(await again).toBe('second');
  expect(ends).toEqual([]);
});

test('a renewal that arrives after closing is not handed out', async () => {
  const { access, refreshes, ends } = setUp();
  const renewed = access.renew();
  access.close();
  refreshes[0]?.resolve(grant('second', 30 * MINUTE_MS));
  await expect(renewed).rejects.toMatchObject({ reason: 'closed' });
  expect(ends).toEqual([]);
});
