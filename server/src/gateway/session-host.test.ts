import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { createSessionHost, type SessionSocket } from './session-host.js';
import { systemTimers } from './timers.js';

let host: ReturnType<typeof createSessionHost>;
let gone: string[];

beforeEach(() => {
  gone = [];
  host = createSessionHost({
    rooms: { join() {}, release() {}, hold() {}, leave() {} },
    hello: () => ({ protocol: 1, node: 'n', live: true, heartbeatMs: 15_000 }),
    timers: { ...systemTimers, now: () => 100 },
    logger: silentLogger,
    metrics: noMetrics,
  });
});

function socketOf(id: string): SessionSocket {
  return { id, send() {}, enter() {}, exit() {}, cut() {}, disconnect: () => void gone.push(id) };
}

function accept(id: string, user: string, session?: string, checkedAt = 0) {
  const principal = { id: user, claims: {}, ...(session === undefined ? {} : { session }) };
  return host.accept(socketOf(id), principal, checkedAt);
}

describe('an eviction', () => {
  it('ends the sessions it means and no others, a log-in named like a user included', () => {
    accept('a', '1', 'x');
    accept('b', '1', 'y');
    accept('c', '2', '1');
    accept('d', '3');
    expect(host.evict({ user: '1' }, 'deactivated')).toBe(2);
    expect(gone).toEqual(['a', 'b']);
    expect(host.evict({ session: '1' }, 'logged_out')).toBe(1);
    expect(host.evict({ user: '4' }, 'logged_out')).toBe(0);
    expect(host.list()).toMatchObject([{ user: '3' }]);
  });

  it('spares the sessions whose tokens were checked since', () => {
    accept('a', '1', 'x', 40);
    accept('b', '1', 'x', 60);
    expect(host.evict({ user: '1' }, 'logged_out', 50)).toBe(1);
    expect(gone).toEqual(['a']);
  });

  describe('that is heard of late', () => {
    const renewed = (login: string) => {
      const session = accept('a', '1', 'x', 40);
      session?.open([], {});
      session?.beginRenewal(
        () => {},
        () => {},
      );
      const principal = { id: '1', claims: {}, session: login };
      session?.renewed({ principal, checkedAt: 60, own: new Set(), extra: new Set() });
    };

    it('ends a session that it was meant for, although its token was renewed since', () => {
      renewed('x');
      expect(host.evict({ session: 'x' }, 'logged_out', 50)).toBe(1);
      expect(gone).toEqual(['a']);
    });

    it('spares a session that is of another log-in since', () => {
      renewed('y');
      expect(host.evict({ session: 'x' }, 'logged_out', 50)).toBe(0);
      expect(host.evict({ session: 'y' }, 'logged_out', 50)).toBe(0);
      expect(gone).toEqual([]);
    });
  });

  it('finds no session that has ended by itself', () => {
    const session = accept('a', '1', 'x');
    session?.close();
    expect(host.evict({ user: '1' }, 'logged_out')).toBe(0);
    expect(host.evict({ session: 'x' }, 'logged_out')).toBe(0);
  });

  it('looks at nobody it does not mean: a thousand of them while thousands are connected cost next to nothing', () => {
    let looks = 0;
    for (let n = 0; n < 2_000; n += 1) {
      const principal = {
        get id() {
          looks += 1;
          return `user-${n}`;
        },
        claims: {},
      };
      host.accept(socketOf(String(n)), principal, 0);
    }
    looks = 0;
    for (let n = 0; n < 1_000; n += 1) host.evict({ user: `other-${n}` }, 'logged_out', n);
    expect(looks).toBe(0);
  });
});
