import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { sessions } from '../db/schema.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';

const CHANNEL = 'querycast_rights';

let place: TestPlace;
let database: DatabaseHandle;
let rows: SampleRows;
let hints: (string | undefined)[] = [];

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase(place.database);
  rows = createSampleRows(database.db);
  await database.listen(CHANNEL, (hint) => hints.push(hint));
}, START_TIMEOUT_MS);

afterAll(async () => {
  await database?.close();
  await place?.remove();
});

// What the test before was told may still be on its way.
beforeEach(async () => {
  await told();
});

const run = (statement: ReturnType<typeof sql>) => database.db.execute(statement);

async function logIn(userId: number, expiresAt = new Date(Date.now() + 60_000)): Promise<string> {
  const id = randomUUID();
  await database.db.insert(sessions).values({ id, userId, expiresAt });
  return id;
}

async function openSessions(userId: number): Promise<string[]> {
  const { rows: found } = await database.pool.query(
    'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at',
    [userId],
  );
  return (found as { id: string }[]).map(({ id }) => id);
}

/** What was told by now: whatever was notified before a mark arrives before it. */
async function told(): Promise<unknown[]> {
  const mark = `mark ${randomUUID()}`;
  await database.pool.query('SELECT pg_notify($1, $2)', [CHANNEL, mark]);
  await vi.waitUntil(() => hints.includes(mark));
  const before = hints.slice(0, hints.indexOf(mark));
  hints = [];
  return before.map((hint) => (hint?.startsWith('{') ? JSON.parse(hint) : hint));
}

const ofPeople = (...users: number[]) => ({ users: users.sort((one, other) => one - other), sessions: [] });
const ofSessions = (...ids: string[]) => ({ users: [], sessions: ids });

test.each([
  ['another password', (id: number) => sql`UPDATE users SET password_hash = 'another' WHERE id = ${id}`],
  ['another role', (id: number) => sql`UPDATE users SET role = 'teacher' WHERE id = ${id}`],
  ['deactivation', (id: number) => sql`UPDATE users SET is_active = false WHERE id = ${id}`],
  ['deletion', (id: number) => sql`DELETE FROM users WHERE id = ${id}`],
])('%s ends the sessions of this person in the same statement, and tells it', async (_what, statement) => {
  const [olga, ivan] = [await rows.person({ role: 'parent' }), await rows.person({ role: 'parent' })];
  const [hers, his] = [await logIn(olga), await logIn(ivan)];
  await run(statement(olga));
  expect([await openSessions(olga), await openSessions(ivan)]).toEqual([[], [his]]);
  expect(await told()).toEqual([ofSessions(hers)]);
});

test.each([
  ['a name', (id: number) => sql`UPDATE users SET first_name = 'Olya' WHERE id = ${id}`],
  [
    'the same values',
    (id: number) => sql`UPDATE users SET role = role, password_hash = password_hash WHERE id = ${id}`,
  ],
])('%s ends no session', async (_what, statement) => {
  const olga = await rows.person({ role: 'parent' });
  const hers = await logIn(olga);
  await run(statement(olga));
  expect(await openSessions(olga)).toEqual([hers]);
  expect(await told()).toEqual([]);
});

test('a session that is revoked, shortened, given away or deleted is told once', async () => {
  const [olga, ivan] = [await rows.person({ role: 'parent' }), await rows.person({ role: 'parent' })];
  const hers = [await logIn(olga), await logIn(olga), await logIn(olga), await logIn(olga)];
  const [first = '', second = '', third = '', fourth = ''] = hers;
  await run(sql`UPDATE sessions SET revoked_at = now() WHERE id = ${first}`);
  await run(sql`UPDATE sessions SET revoked_at = now() WHERE id = ${first}`);
  await run(sql`DELETE FROM sessions WHERE id = ${first}`);
  await run(sql`UPDATE sessions SET expires_at = now() WHERE id = ${second}`);
  await run(sql`UPDATE sessions SET user_id = ${ivan} WHERE id = ${third}`);
  await run(sql`DELETE FROM sessions WHERE id = ${fourth}`);
  expect(await told()).toEqual([first, second, third, fourth].map((id) => ofSessions(id)));
});

test('whoever is activated again must log in again, even with a session that nobody ended', async () => {
  const olga = await rows.person({ role: 'parent', isActive: false });
  await logIn(olga);
  await run(sql`UPDATE users SET is_active = true WHERE id = ${olga}`);
  expect(await openSessions(olga)).toEqual([]);
});

test('what has ended by itself is told to nobody', async () => {
  const olga = await rows.person({ role: 'parent' });
  const over = await logIn(olga, new Date(Date.now() - 1_000));
  await run(sql`DELETE FROM sessions WHERE id = ${over}`);
  expect(await told()).toEqual([]);
});

test('of a student with other guardians the old and the new ones are told', async () => {
  const person = (role: 'parent' | 'tutor') => rows.person({ role });
  const [olga, ivan, marina, boris] = [
    await person('parent'),
    await person('parent'),
    await person('tutor'),
    await person('tutor'),
  ];
  const anna = await rows.student({ parentId: olga, tutorId: marina });
  expect(await told()).toEqual([ofPeople(olga, marina)]);
  await run(sql`UPDATE student_profiles SET parent_id = ${ivan}, goal = 'Another goal' WHERE user_id = ${anna}`);
  expect(await told()).toEqual([ofPeople(olga, ivan)]);
  await run(sql`UPDATE student_profiles SET tutor_id = ${boris} WHERE user_id = ${anna}`);
  expect(await told()).toEqual([ofPeople(marina, boris)]);
  await run(sql`UPDATE student_profiles SET goal = 'A third goal', tutor_id = ${boris} WHERE user_id = ${anna}`);
  expect(await told()).toEqual([]);
  await run(sql`DELETE FROM users WHERE id = ${boris}`);
  expect(await told()).toEqual([ofPeople(boris)]);
  await run(sql`DELETE FROM users WHERE id = ${anna}`);
  expect(await told()).toEqual([ofPeople(ivan)]);
});

test('a rollback tells nobody and ends nothing', async () => {
  const olga = await rows.person({ role: 'parent' });
  const hers = await logIn(olga);
  const rolledBack = database.db.transaction(async (tx) => {
    await tx.execute(sql`UPDATE users SET is_active = false WHERE id = ${olga}`);
    throw new Error('not after all');
  });
  await expect(rolledBack).rejects.toThrow('not after all');
  expect(await openSessions(olga)).toEqual([hers]);
  expect(await told()).toEqual([]);
});

test('a statement about several is one hint, about many a few, and about very many one that names nobody', async () => {
  const olga = await rows.person({ role: 'parent' });
  const hers = [await logIn(olga), await logIn(olga), await logIn(olga)];
  await run(sql`UPDATE sessions SET revoked_at = now() WHERE user_id = ${olga}`);
  const [hint, ...others] = (await told()) as { sessions: string[] }[];
  expect(others).toEqual([]);
  expect(hint?.sessions.toSorted()).toEqual(hers.toSorted());

  const add = (count: number) =>
    run(sql`INSERT INTO sessions (id, user_id, expires_at)
      SELECT gen_random_uuid(), ${olga}, now() + interval '1 day' FROM generate_series(1, ${count}::int)`);
  hints = [];
  await add(1_000);
  const many = await openSessions(olga);
  await run(sql`UPDATE users SET password_hash = 'one more' WHERE id = ${olga}`);
  const few = (await told()) as { sessions: string[] }[];
  expect(few).toHaveLength(7);
  expect(few.flatMap(({ sessions }) => sessions).toSorted()).toEqual(many.toSorted());

  hints = [];
  await add(5_000);
  await run(sql`UPDATE users SET password_hash = 'another' WHERE id = ${olga}`);
  expect(await openSessions(olga)).toEqual([]);
  expect(await told()).toEqual(['all']);
});

test('sessions that are all gone at once are told as well', async () => {
  await run(sql`TRUNCATE sessions CASCADE`);
  expect(await told()).toEqual(['all']);
});

test('whoever may write to users and nothing else ends sessions by it, and cannot do so by a table of their own', async () => {
  const olga = await rows.person({ role: 'parent' });
  const hers = await logIn(olga);
  // Other tests may use the same server.
  const clerk = sql.identifier(`clerk_${randomUUID()}`);
  await run(sql`CREATE ROLE ${clerk}`);
  await run(sql`GRANT SELECT, UPDATE ON users TO ${clerk}`);
  try {
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL ROLE ${clerk}`);
      // Where a name is looked up first must not matter either.
      await tx.execute(sql`CREATE TEMPORARY TABLE sessions (user_id integer, revoked_at timestamptz) ON COMMIT DROP`);
      await tx.execute(sql`SET LOCAL search_path = pg_temp, public`);
      await tx.execute(sql`UPDATE public.users SET password_hash = 'another' WHERE id = ${olga}`);
    });
    expect(await openSessions(olga)).toEqual([]);
    expect(await told()).toEqual([ofSessions(hers)]);
    const stolen = database.db.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL ROLE ${clerk}`);
      await tx.execute(sql`CREATE TEMPORARY TABLE own (id integer, password_hash text, role text, is_active boolean)`);
      await tx.execute(sql`CREATE TRIGGER own AFTER UPDATE ON own REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION public.rights_of_users()`);
    });
    await expect(stolen).rejects.toMatchObject({ cause: { code: '42501' } });
  } finally {
    await run(sql`DROP OWNED BY ${clerk}`);
    await run(sql`DROP ROLE ${clerk}`);
  }
});

test('a restore, which writes as a replica does, marks and tells nothing', async () => {
  const olga = await rows.person({ role: 'parent' });
  const hers = await logIn(olga);
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`SET LOCAL session_replication_role = replica`);
    await tx.execute(sql`UPDATE users SET password_hash = 'another' WHERE id = ${olga}`);
  });
  expect(await openSessions(olga)).toEqual([hers]);
  expect(await told()).toEqual([]);
});
