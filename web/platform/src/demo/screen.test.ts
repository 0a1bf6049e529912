import { expect, test, vi } from 'vitest';
import { createScreen } from './screen.js';

const is = (wanted: string) => (state: string) => state === wanted;

test('a pane tells when it began to show something', () => {
  const screen = createScreen();
  screen.show('before', 100);
  expect(screen.shownAt(is('after'), 150)).toBeUndefined();
  screen.show('after', 200);
  expect(screen.shownAt(is('after'), 150)).toBe(200);
  expect(screen.current()).toBe('after');
});

test('what it showed and took away before is not what is asked for', () => {
  const screen = createScreen();
  screen.show('with Physics', 100);
  screen.show('without', 200);
  expect(screen.shownAt(is('with Physics'), 250)).toBeUndefined();
  screen.show('with Physics', 300);
  expect(screen.shownAt(is('with Physics'), 250)).toBe(300);
});

test('what it has shown all the while began before', () => {
  const screen = createScreen();
  screen.show('same', 100);
  expect(screen.shownAt(is('same'), 150)).toBe(100);
});

test('the same again is no news, and does not begin anew', () => {
  const screen = createScreen();
  const heard = vi.fn();
  screen.subscribe(heard);
  screen.show('same', 100);
  screen.show('same', 200);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(screen.shownAt(is('same'), 150)).toBe(100);
});
