import {
  BrokerUnavailableError,
  type Cache,
  createCache,
  type Logger,
  type Metrics,
  memoryStore,
} from '@querycast/server';
import type { Push } from '@querycast/server/postgres';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadDemoData } from '../db/demo-data.js';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { studentProfiles, users } from '../db/schema.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { noCache } from './no-cache.js';
import { createWarming, type Warming, type WarmingOptions } from './warming.js';

const DASHBOARD: Push = { room: 'parent:1', keys: [['parent-dashboard']] };
const ENTRY = { owner: 'parent_dashboard_data:1', key: 'parent_dashboard_data:1:dashboard', ttlMs: 60_000 };

let place: TestPlace;
let database: DatabaseHandle;
let statements: string[] = [];

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase({
    ...place.database,
    fill: async (db) => void (await loadDemoData(db)),
    onStatement: (statement) => statements.push(statement),
  });
}, 60_000);

afterAll(async () => {
  await database.close();
  await place.remove();
});

let open: Set<string>;
let counts: string[];
let lines: string[];
let warming: Warming | undefined;

beforeEach(() => {
  [open, counts, lines, statements] = [new Set(['parent:1', 'parent:2', 'teacher:6']), [], [], []];
});

afterEach(() => warming?.close());

const openRooms: WarmingOptions['openRooms'] = {
  openRooms: async (rooms) => new Set(rooms.filter((room) => open.has(room))),
};

function start(options: Partial<WarmingOptions> = {}): { readonly warming: Warming; readonly cache: Cache } {
  const line = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const metrics: Metrics = {
    count(name, labels = {}) {
      if (name === 'cache_warmups_total') counts.push(Object.values(labels).join(' '));
    },
    gauge() {},
    observe() {},
  };
  const { cache = createCache({ store: memoryStore() }) } = options;
  warming = createWarming({ db: database.db, cache, openRooms, logger, metrics, ...options });
  return { warming, cache };
}

/** A cache in which computations stand still until they are let go, by key of their entry. */
function heldCache() {
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const letGo = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const real = createCache({ store: memoryStore() });
  const cache: Cache = {
    ...real,
    getOrComputeJson: (read) =>
      real.getOrComputeJson({
        ...read,
        async compute() {
          begun.push(read.key);
          await new Promise<void>((resolve) => waiting.push(resolve));
          return read.compute();
        },
      }),
  };
  return { cache, begun, letGo };
}

function come(...expected: string[]): Promise<void> {
  return vi.waitFor(() => expect([...counts].sort()).toEqual([...expected].sort()));
}

test('what was pushed to an open room is in the cache before anybody asks', async () => {
  const { cache } = start();
  warming?.warm([DASHBOARD, { room: 'teacher:6', keys: [['teacher-students'], ['student-reports', 3]] }]);
  await come('parent_dashboard_data warmed', 'teacher_students warmed', 'teacher_dashboard_data warmed');
  const compute = vi.fn();
  expect(await cache.getOrCompute({ ...ENTRY, compute })).toMatchObject({ parent: { id: 1, name: 'Olga Petrova' } });
  expect(compute).not.toHaveBeenCalled();
});

test('a refetch that comes meanwhile joins the computation', async () => {
  const { cache, begun, letGo } = heldCache();
  start({ cache });
  warming?.warm([DASHBOARD]);
  await vi.waitUntil(() => begun.length === 1);
  const compute = vi.fn();
  const refetch = cache.getOrComputeJson({ ...ENTRY, compute });
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  expect(JSON.parse(String(await refetch))).toMatchObject({ parent: { id: 1 } });
  expect(compute).not.toHaveBeenCalled();
});

test('nothing is computed for a room that nobody has open', async () => {
  open.clear();
  const asked = vi.fn(openRooms.openRooms);
  start({ openRooms: { openRooms: asked } });
  warming?.warm([DASHBOARD, { room: 'parent:1', keys: [['parent-children']] }]);
  await warming?.close();
  expect(asked.mock.calls).toEqual([[['parent:1']]]);
  expect(counts).toEqual([]);
  expect(statements).toEqual([]);
});

test('nobody is asked anything about pushes that name no entry, and the next ones are not forgotten over it', async () => {
  const asked = vi.fn(openRooms.openRooms);
  start({ openRooms: { openRooms: asked } });
  warming?.warm([{ room: 'parent:1', keys: [['student-progress']] }]);
  warming?.warm([]);
  expect(asked).not.toHaveBeenCalled();
  warming?.warm([DASHBOARD]);
  await come('parent_dashboard_data warmed');
  expect(asked).toHaveBeenCalledTimes(1);
});

test('what is about a student is computed only for who may still have it', async () => {
  start();
  warming?.warm([
    { room: 'parent:1', keys: [['parent-child-subjects', 3]] },
    { room: 'parent:2', keys: [['parent-child-subjects', 3]] },
    { room: 'teacher:6', keys: [['student-reports', 5]] },
  ]);
  await come('parent_dashboard_data warmed', 'parent_dashboard_data refused', 'teacher_dashboard_data refused');
  expect(lines).toEqual([]);
});

test('the right is asked when the turn comes, and so is the name', async () => {
  const { db } = database;
  const { cache, begun, letGo } = heldCache();
  start({ cache });
  warming?.warm([{ room: 'teacher:6', keys: [['teacher-students']] }, DASHBOARD]);
  warming?.warm([{ room: 'parent:2', keys: [['student-progress', 5]] }]);
  await vi.waitUntil(() => begun.length === 1);
  await db.update(users).set({ lastName: 'Ivanova' }).where(eq(users.id, 1));
  await db.update(studentProfiles).set({ parentId: 1 }).where(eq(studentProfiles.userId, 5));
  letGo();
  await vi.waitUntil(() => begun.length === 2);
  letGo();
  await come('teacher_students warmed', 'parent_dashboard_data warmed', 'parent_child_progress refused');
  expect(await cache.getOrCompute({ ...ENTRY, compute: () => undefined })).toMatchObject({
    parent: { name: 'Olga Ivanova' },
  });
  await db.update(users).set({ lastName: 'Petrova' }).where(eq(users.id, 1));
  await db.update(studentProfiles).set({ parentId: 2 }).where(eq(studentProfiles.userId, 5));
});

test('as many as allowed are computed at a time, an entry waits once, and what finds no place is dropped', async () => {
  const { cache, begun, letGo } = heldCache();
  start({ cache, concurrency: 2, maxQueued: 2 });
  warming?.warm([{ room: 'parent:1', keys: [['parent-dashboard'], ['parent-children']] }]);
  await vi.waitUntil(() => begun.length === 2);
  const more: Push = { room: 'teacher:6', keys: [['teacher-dashboard'], ['teacher-students'], ['teacher-materials']] };
  warming?.warm([more]);
  await come('teacher_materials dropped');
  warming?.warm([{ room: 'teacher:6', keys: [['teacher-students']] }]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toHaveLength(2);
  letGo();
  await vi.waitUntil(() => begun.length === 4);
  letGo();
  await come(
    'teacher_materials dropped',
    'parent_dashboard_data warmed',
    'parent_children warmed',
    'teacher_dashboard_data warmed',
    'teacher_students warmed',
  );
});

test('an entry pushed again while it is computed is computed again afterwards', async () => {
  const { cache, begun, letGo } = heldCache();
  start({ cache, concurrency: 2 });
  warming?.warm([DASHBOARD]);
  await vi.waitUntil(() => begun.length === 1);
  await cache.evict([ENTRY.owner]);
  warming?.warm([DASHBOARD]);
  await vi.waitUntil(() => begun.length === 2);
  letGo();
  await come('parent_dashboard_data warmed', 'parent_dashboard_data warmed');
});

test('while it is asked which rooms are open, what comes meanwhile is asked about together', async () => {
  const answers: (() => void)[] = [];
  const asked = vi.fn(async (rooms: Parameters<typeof openRooms.openRooms>[0]) => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return openRooms.openRooms(rooms);
  });
  start({ openRooms: { openRooms: asked } });
  warming?.warm([DASHBOARD]);
  for (let pass = 0; pass < 10; pass += 1) warming?.warm([{ room: 'teacher:6', keys: [['teacher-students']] }]);
  warming?.warm([{ room: 'parent:2', keys: [['parent-children']] }]);
  answers[0]?.();
  await vi.waitUntil(() => answers.length === 2);
  answers[1]?.();
  await come('parent_dashboard_data warmed', 'teacher_students warmed', 'parent_children warmed');
  expect(asked.mock.calls).toEqual([[['parent:1']], [['teacher:6', 'parent:2']]]);
});

test('a broker that is away costs the warm-up and nothing else', async () => {
  let away = true;
  start({
    openRooms: {
      openRooms: (rooms) => (away ? Promise.reject(new BrokerUnavailableError()) : openRooms.openRooms(rooms)),
    },
  });
  warming?.warm([DASHBOARD]);
  await come('parent_dashboard_data failed');
  expect(lines).toEqual(['debug cache warm-up failed']);
  away = false;
  warming?.warm([DASHBOARD]);
  await come('parent_dashboard_data failed', 'parent_dashboard_data warmed');
});

test('a computation that fails costs the warm-up and nothing else', async () => {
  const cache: Cache = { ...noCache, getOrComputeJson: () => Promise.reject(new Error('connection refused')) };
  start({ cache });
  warming?.warm([DASHBOARD, { room: 'teacher:6', keys: [['teacher-students']] }]);
  await come('parent_dashboard_data failed', 'teacher_students failed');
  expect(lines).toEqual(Array(2).fill('debug cache warm-up failed'));
});

test('where nothing is cached nothing is warmed', async () => {
  const asked = vi.fn(openRooms.openRooms);
  start({ cache: noCache, openRooms: { openRooms: asked } });
  warming?.warm([DASHBOARD]);
  await warming?.close();
  expect(asked).not.toHaveBeenCalled();
  expect(statements).toEqual([]);
});

test('closing finishes what is being computed and leaves the rest', async () => {
  const { cache, begun, letGo } = heldCache();
  start({ cache });
  warming?.warm([DASHBOARD, { room: 'teacher:6', keys: [['teacher-students']] }]);
  await vi.waitUntil(() => begun.length === 1);
  const closing = Promise.all([warming?.close(), warming?.close()]);
  warming?.warm([{ room: 'parent:2', keys: [['parent-children']] }]);
  letGo();
  await closing;
  expect(begun).toHaveLength(1);
  expect(counts).toEqual(['parent_dashboard_data warmed']);
});
