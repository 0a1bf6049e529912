import { setTimeout as delay } from 'node:timers/promises';
import type { Closers } from '@querycast/platform-server/src/closers.js';
import { type Client, Pool } from 'pg';
import type { Progress } from '../../figures/progress.js';
import { BIG_TEACHER_ID } from '../data/ids.js';
import { tokenOf } from '../reads/viewers.js';
import type { Stack } from '../stack/start-stack.js';
import { createTimedClient } from '../timed-client.js';
import { findAudience } from './audience.js';
import { createOtherWrites, type OtherWrites } from './other-writes.js';
import { createRefetcher, type Refetcher } from './refetcher.js';
import { MAX_HELD_BACK_MS, type RenameFigures, renameFigures } from './rename-figures.js';
import { type HeardFrame, openSockets } from './sockets.js';

/** What {@link measureRename} needs. */
export interface MeasureRenameOptions extends Stack {
  readonly rounds: number;
  /** How long other writes are watched before and after each rename, in seconds. */
  readonly seconds: number;
  /** Whether the pages of those concerned fetch what they are told. */
  readonly refetch: boolean;
  readonly closers: Closers;
  readonly progress: Progress;
}

/** Longest wait for the last frame, in milliseconds. */
const TOLD_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Renames the big teacher several times, while everybody concerned looks and others write. */
export async function measureRename(options: MeasureRenameOptions): Promise<RenameFigures[]> {
  const { url, authSecret, client, closers, progress } = options;
  const { concerned, bystanders } = await findAudience(client);
  const rooms: ReadonlySet<string> = new Set(concerned.map(({ room }) => room));
  const refetcher = options.refetch ? createRefetcher(url, authSecret) : undefined;
  const writes = createOtherWrites(openPool(options), bystanders);
  const frames: HeardFrame[] = [];
  const sockets = await progress.step(`connecting ${concerned.length} sockets and ${bystanders.length} others`, () =>
    openSockets([...concerned, ...bystanders], {
      url,
      tokenOf: (person) => tokenOf(person, authSecret),
      onFrame(heard) {
        writes.heard(heard);
        if (!rooms.has(heard.person.room)) return;
        frames.push(heard);
        refetcher?.heard(heard);
      },
    }),
  );
  closers.add('sockets', () => sockets.close());
  writes.start();

  const figures: RenameFigures[] = [];
  for (let round = 0; round <= options.rounds; round += 1) {
    const name = round === 0 ? 'renaming once to warm up' : `renaming, round ${round} of ${options.rounds}`;
    const measured = await progress.step(name, () => rename({ ...options, rooms, frames, writes, refetcher }));
    for (const [room, count] of Object.entries(measured.toldOtherwise)) {
      progress.say(`  ${room} was told ${count} times instead of once`);
    }
    if (round > 0) figures.push(measured);
  }
  await writes.stop();
  if (!sockets.areAllConnected()) throw new Error('sockets were cut meanwhile: what they heard is not all');
  sockets.close();
  return figures;
}

interface RenameTools extends MeasureRenameOptions {
  readonly rooms: ReadonlySet<string>;
  /** What the rooms have heard; emptied at the beginning. */
  readonly frames: HeardFrame[];
  readonly writes: OtherWrites;
  readonly refetcher: Refetcher | undefined;
}

async function rename(tools: RenameTools): Promise<RenameFigures> {
  const { client, seconds, rooms, frames, writes, refetcher } = tools;
  const startMs = performance.now();
  await delay(seconds * 1_000);
  frames.length = 0;
  const askedMs = performance.now();
  await changeName(tools);
  const committedMs = await lastCommit(client);
  const told = () => new Set(frames.map(({ person }) => person.room)).size;
  while (told() < rooms.size && performance.now() - askedMs < TOLD_WITHIN_MS) await delay(LOOK_EVERY_MS);
  const refetches = await refetcher?.finished(committedMs);
  // As long as before; frames that come twice have the same time.
  await delay(seconds * 1_000);
  const endMs = performance.now();
  // What was written at the very end gets as long as anything may take.
  await delay(MAX_HELD_BACK_MS);
  const before = writes.between(startMs, askedMs);
  return renameFigures({ rooms, frames, committedMs, before, during: writes.between(askedMs, endMs), refetches });
}

async function changeName({ url, authSecret }: Pick<Stack, 'url' | 'authSecret'>): Promise<void> {
  const http = createTimedClient(url);
  const token = await tokenOf({ id: BIG_TEACHER_ID, role: 'teacher' }, authSecret);
  const { status } = await http.patch('/api/auth/me', token, { lastName: `Renamed ${Date.now()}` });
  http.close();
  if (status !== 200) throw new Error(`the rename was answered with ${status}`);
}

/** When the last change of a person was written, by `performance.now()`: database and benchmark share a clock. */
async function lastCommit(client: Client): Promise<number> {
  const { rows } = await client.query<{ at: number }>(
    `SELECT (extract(epoch FROM created_at) * 1000)::float8 AS at FROM querycast_outbox
     WHERE source = 'users' ORDER BY id DESC LIMIT 1`,
  );
  return (rows[0]?.at ?? Number.NaN) - performance.timeOrigin;
}

/** For the other writes: one that waits must not keep the next one waiting. */
function openPool({ databaseUrl, closers }: MeasureRenameOptions): Pool {
  const pool = new Pool({ connectionString: databaseUrl, application_name: 'querycast bench writes', max: 4 });
  // What is under way rejects as well.
  pool.on('error', () => {});
  closers.add('connections of other writes', () => pool.end());
  return pool;
}
