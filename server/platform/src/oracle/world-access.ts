import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../db/database.js';
import type { TestPlatform } from '../testing/test-platform.js';
import type { Tokens } from './world.js';

/** What a write of the oracle works on. */
export interface Scene {
  readonly platform: TestPlatform;
  readonly db: Database;
  readonly tokens: Tokens;
  /** Whether the relay can look at the database while a transaction is open. */
  readonly hasManyConnections: boolean;
}

/** Numbers that decide which of the possible writes of a kind it becomes. */
export interface Dice {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * A kind of write. Answers whether it wrote: where nothing of the kind is possible, nothing happens. Throws when what it
 * holds to be valid is refused.
 */
export type Write = (scene: Scene, dice: Dice) => Promise<boolean>;

/** One of a list; `undefined` of an empty one. */
export function pick<Item>(list: readonly Item[], die: number): Item | undefined {
  return list[die % list.length];
}

/** Sends a request as somebody. Throws unless it is answered with one of these, or with a 2xx. */
export async function send(
  { platform, tokens }: Scene,
  actorId: number,
  endpoint: string,
  body?: object,
  allowed: readonly number[] = [],
): Promise<number> {
  const [method = '', path = ''] = endpoint.split(' ');
  const answer = await platform.call(path, { method, token: tokens.get(actorId), body });
  if (answer.status < 300 || allowed.includes(answer.status)) return answer.status;
  throw new Error(
    `${endpoint} as ${actorId} with ${JSON.stringify(body)} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
  );
}

const resultSchema = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

/** Rows of integers, such as ids; booleans are 0 and 1. */
export async function rowsOf<const Name extends string>(
  db: Database,
  statement: SQL,
  ..._names: readonly Name[]
): Promise<Record<Name, number>[]> {
  const { rows } = resultSchema.parse(await db.execute(statement));
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
  ) as Record<Name, number>[];
}

/** Active people of the world of a role, who have a token. */
export async function actors({ db, tokens }: Scene, role: string): Promise<number[]> {
  const rows = await rowsOf(db, sql`SELECT id FROM users WHERE is_active AND role = ${role} ORDER BY id`, 'id');
  return rows.map(({ id }) => id).filter((id) => tokens.has(id));
}
