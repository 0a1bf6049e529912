import { expect, test } from 'vitest';
import { caughtUpText, freshnessText, liveText } from './live-text.js';

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

test('a refused page that goes on asking says so, and one whose session is over that it does not', () => {
  expect(liveText({ state: 'refused', code: 'origin_refused' }).explanation).toContain('asks for changes now and then');
  const over = liveText({ state: 'refused', code: 'logged_out', isSessionOver: true });
  expect(over.label).toBe('Refused: logged_out');
  expect(over.explanation).toContain('no longer asks for changes');
});

test('how long the last change took to show is said in tenths of a second, once there was one', () => {
  expect(freshnessText({ state: 'live' })).toBeUndefined();
  expect(freshnessText({ state: 'live', lastFreshnessMs: 40 })).toBe('less than 0.1 s');
  expect(freshnessText({ state: 'live', lastFreshnessMs: 1_234 })).toBe('1.2 s');
});
