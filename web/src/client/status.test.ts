import { describe, expect, it } from 'vitest';
import { type LiveState, type LiveStateEvent, transition } from './status.js';

/** The whole table: rows are states, columns are events. */
const TABLE: Record<LiveState, Record<LiveStateEvent, LiveState>> = {
  connecting: {
    start: 'connecting',
    opened: 'connecting',
    current: 'live',
    unavailable: 'catching-up',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
    close: 'offline',
  },
  live: {
    start: 'live',
    opened: 'live',
    current: 'live',
    unavailable: 'catching-up',
    lost: 'offline',
    overdue: 'live',
    refused: 'refused',
    close: 'offline',
  },
  'catching-up': {
    start: 'catching-up',
    opened: 'catching-up',
    current: 'live',
    unavailable: 'catching-up',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
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
    close: 'offline',
  },
  offline: {
    start: 'connecting',
    opened: 'catching-up',
    current: 'live',
    unavailable: 'catching-up',
    lost: 'offline',
    overdue: 'polling',
    refused: 'refused',
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
