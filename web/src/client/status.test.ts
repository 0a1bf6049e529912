import { describe, expect, it } from 'vitest';
import { isPolled, type LiveState, type LiveStateEvent, type LiveStatus, transition } from './status.js';

/** The whole table: rows are states, columns are events. */
const TABLE: Record<LiveState, Record<LiveStateEvent, LiveState>> = {
  connecting: {
    start: 'connecting',
    opened: 'connecting',
    current: 'live',
    unavailable: 'offline',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
  live: {
    start: 'live',
    opened: 'live',
    current: 'live',
    unavailable: 'offline',
    lost: 'offline',
    overdue: 'live',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
  'catching-up': {
    start: 'catching-up',
    opened: 'catching-up',
    current: 'live',
    unavailable: 'offline',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
  polling: {
    start: 'polling',
    opened: 'polling',
    current: 'live',
    unavailable: 'polling',
    lost: 'polling',
    overdue: 'polling',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
  offline: {
    start: 'connecting',
    opened: 'catching-up',
    current: 'live',
    unavailable: 'offline',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
  refused: {
    start: 'connecting',
    opened: 'refused',
    current: 'refused',
    unavailable: 'refused',
    lost: 'refused',
    overdue: 'refused',
    refused: 'refused',
    ended: 'refused',
    close: 'offline',
  },
};

describe('the state of the connection', () => {
  const rows = Object.entries(TABLE).flatMap(([state, row]) =>
    Object.entries(row).map(([event, next]) => [state, event, next] as [LiveState, LiveStateEvent, LiveState]),
  );
  it.each(rows)('%s, on %s, is %s', (state, event, next) => {
    expect(transition(state, event)).toBe(next);
  });
});

describe('mounted queries', () => {
  it.each<[LiveStatus, boolean]>([
    [{ state: 'connecting' }, false],
    [{ state: 'live' }, false],
    [{ state: 'catching-up' }, false],
    [{ state: 'offline' }, false],
    [{ state: 'polling' }, true],
    [{ state: 'refused', code: 'origin_refused' }, true],
    [{ state: 'refused', code: 'token_invalid', isSessionOver: true }, false],
  ])('of a page that is %o are polled: %s', (status, expected) => {
    expect(isPolled(status)).toBe(expected);
  });
});
