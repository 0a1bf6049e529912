import { expect, test } from 'vitest';
import { caughtUpText, liveText } from './live-text.js';

test('a refusal shows its code', () => {
  expect(liveText({ state: 'refused', code: 'token_invalid' }).label).toBe('Refused: token_invalid');
});

test('a state without trouble is called live', () => {
  expect(liveText({ state: 'live' })).toMatchObject({ label: 'Live', tone: 'good' });
});

test('nothing is said about catching up before there was anything to catch up with', () => {
  expect(caughtUpText({ state: 'live' })).toBeUndefined();
});

test('what a reconnection brought is counted in keys', () => {
  expect(caughtUpText({ state: 'live', caughtUp: { keys: 1, at: 0, resync: false } })).toBe('caught up: 1 key');
  expect(caughtUpText({ state: 'live', caughtUp: { keys: 3, at: 0, resync: false } })).toBe('caught up: 3 keys');
});

test('a reconnection without proof of continuity refreshed everything and says so', () => {
  expect(caughtUpText({ state: 'live', caughtUp: { keys: 0, at: 0, resync: true } })).toBe('caught up: everything');
});
