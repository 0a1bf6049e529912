import { expect, test, vi } from 'vitest';
import { createClosers } from './closers.js';

test('what was started last ends first, and once', async () => {
  const ended: string[] = [];
  const closers = createClosers(() => {});
  for (const name of ['database', 'server']) closers.add(name, () => ended.push(name));
  await Promise.all([closers.close(), closers.close()]);
  expect(ended).toEqual(['server', 'database']);
});

test('a step that fails is reported and the others still run', async () => {
  const failures: string[] = [];
  const closers = createClosers((name) => failures.push(name));
  const release = vi.fn();
  closers.add('lock', release);
  closers.add('rejects', () => Promise.reject(new Error('no')));
  closers.add('throws', () => {
    throw new Error('no');
  });
  await closers.close();
  expect(failures).toEqual(['throws', 'rejects']);
  expect(release).toHaveBeenCalledOnce();
});

test('steps that hang are left behind when the time of all is up, reported, and the others still run', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const failures: [string, unknown][] = [];
  const release = vi.fn();
  const closers = createClosers((name, error) => failures.push([name, error]), 4_000);
  closers.add('lock', release);
  for (const name of ['pool', 'relay']) closers.add(name, () => new Promise(() => {}));
  closers.add('draining', () => new Promise((resolve) => setTimeout(resolve, 1_000)));
  const closed = closers.close();
  await vi.advanceTimersByTimeAsync(3_999);
  expect(failures).toEqual([]);
  await vi.advanceTimersByTimeAsync(101);
  await closed;
  vi.useRealTimers();
  expect(failures).toEqual(['relay', 'pool'].map((name) => [name, expect.objectContaining({ code: 'close_timeout' })]));
  expect(release).toHaveBeenCalledOnce();
});
