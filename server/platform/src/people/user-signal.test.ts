import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveRole, liveReads } from '../dashboards/live-reads.js';
import { type LateSignals, openLateSignals } from '../testing/late-signals.test.support.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';

const LIVE_ROLES = [...new Set(liveReads.map(({ role }) => role))];

let late: LateSignals;

beforeAll(async () => {
  late = await openLateSignals();
}, START_TIMEOUT_MS);

afterAll(() => late.close());

const rootsOf = (role: LiveRole) => liveReads.filter((read) => read.role === role).map(({ root }) => root);

test.each(LIVE_ROLES)(
  'a %s who was an administrator meanwhile is told everything: some was kept from them',
  async (role) => {
    const id = await late.rows.person({ role });
    const told = await late.rootsToldLate(`${role}:${id}`, [
      sql`UPDATE users SET role = 'admin' WHERE id = ${id}`,
      sql`UPDATE users SET role = ${role} WHERE id = ${id}`,
    ]);
    expect(told).toEqual(rootsOf(role).sort());
  },
);

test('somebody who gets another role while locked out is told nothing', async () => {
  const id = await late.rows.person({ role: 'parent', isActive: false });
  const told = await late.rootsToldLate(`tutor:${id}`, [sql`UPDATE users SET role = 'tutor' WHERE id = ${id}`]);
  expect(told).toEqual([]);
});
