import { expect, test } from 'vitest';
import { type Followed, followChange } from './follow-change.js';
import { createScreen } from './screen.js';
import type { ArrivedTravel } from './trail.js';
import { createTruthWatch } from './truth-watch.js';

const CHANGED = { source: 'study_plans', row: { id: 7 } };

/** A stage whose server is the test; the change was begun at 1,000 and captured at 1,010. */
async function setUp() {
  let state = 'before';
  const truth = createTruthWatch(async () => state);
  await truth.refresh();
  const screens = { querycast: createScreen(), handWritten: createScreen() };
  for (const screen of Object.values(screens)) screen.show('before', 100);
  const listeners = new Set<() => void>();
  const arrived: ArrivedTravel[] = [];
  const trail = {
    arrived: () => arrived,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => undefined,
  };
  const heard: Followed[] = [];
  return {
    screens,
    heard,
    last: () => heard.at(-1)?.tookMs,
    become(next: string) {
      state = next;
    },
    refresh: () => truth.refresh(),
    follow: () =>
      followChange({
        stage: { truth, trail, screens },
        changed: CHANGED,
        begunAtMs: 1_000,
        onNews: (followed) => heard.push(followed),
      }),
    tell(arrivedAtMs = 1_020) {
      const changes = [{ ...CHANGED, operation: 'insert' as const }];
      arrived.push({ changes, rooms: [], publishedAfterMs: 8, ageMs: 10, arrivedAtMs });
      for (const listener of listeners) listener();
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('each pane’s time counts from the capture until it shows the truth of after the change', async () => {
  const { become, follow, tell, screens, last } = await setUp();
  become('after');
  follow();
  tell();
  await settle();
  expect(last()).toEqual({});
  screens.querycast.show('after', 1_050);
  expect(last()).toEqual({ querycast: 40 });
  screens.handWritten.show('after', 1_090);
  expect(last()).toEqual({ querycast: 40, handWritten: 80 });
});

test('a pane that is faster than the questions about it is timed all the same', async () => {
  const { become, follow, tell, screens, last } = await setUp();
  become('after');
  follow();
  screens.querycast.show('after', 1_030);
  await settle();
  tell();
  expect(last()).toEqual({ querycast: 20 });
});

test('a pane that shows it before the late news of its capture did not show it all the while', async () => {
  const { become, follow, tell, screens, last } = await setUp();
  become('after');
  follow();
  screens.querycast.show('after', 1_030);
  await settle();
  tell(1_200);
  expect(last()).toEqual({ querycast: 1 });
});

test('a pane that shows all the while what is true after the change took no time', async () => {
  const { follow, tell, last } = await setUp();
  follow();
  await settle();
  tell();
  expect(last()).toEqual({ querycast: 0, handWritten: 0 });
});

test('a pane that skips the change shows it with the next one', async () => {
  const { become, follow, tell, screens, last, refresh } = await setUp();
  become('after');
  follow();
  tell();
  await settle();
  become('later');
  await refresh();
  screens.querycast.show('later', 1_500);
  expect(last()).toEqual({ querycast: 490 });
});

test('nothing is told once nobody follows it any more', async () => {
  const { become, follow, tell, screens, heard } = await setUp();
  become('after');
  const stop = follow();
  tell();
  await settle();
  stop();
  screens.querycast.show('after', 1_050);
  expect(heard).toHaveLength(1);
});
