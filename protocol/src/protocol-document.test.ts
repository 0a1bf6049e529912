import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ACK_CODES, CONNECT_CODES, EVICTED_CODES, RESYNC_REASONS } from './codes.js';
import type { ClientToServerEvents, ServerToClientEvents } from './events.js';
import * as limits from './limits.js';
import { POSITION_HEADER, parsePositionHeader } from './position-header.js';
import * as schemas from './schemas.js';

const text = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

const positions = z.record(schemas.roomSchema, schemas.positionSchema);
const problem = z.strictObject({ path: z.string(), message: z.string() });

/** What each tag behind an opening fence must hold. Strict where the schema drops unknown fields: an example has none. */
const TAGS: Readonly<Record<string, z.ZodType>> = {
  'query-key': schemas.queryKeySchema,
  envelope: schemas.envelopeSchema,
  invalidation: schemas.invalidationSchema,
  published: z.strictObject({ positions }),
  'publish-error': z.strictObject({
    error: z.strictObject({ code: z.string(), message: z.string(), problems: z.array(problem) }),
  }),
  handshake: schemas.handshakeSchema.strict(),
  'connect-refusal': schemas.connectRefusalSchema.strict(),
  row: schemas.rowSchema.strict(),
  ready: schemas.readySchema.extend({ rooms: z.array(schemas.rowSchema.strict()) }).strict(),
  invalidate: schemas.invalidateSchema.strict(),
  resync: schemas.resyncSchema.strict(),
  status: schemas.statusSchema.strict(),
  joined: schemas.joinedSchema.extend({ rooms: z.array(schemas.rowSchema.strict()) }).strict(),
  left: schemas.leftSchema.strict(),
  evicted: schemas.evictedSchema.strict(),
  drain: schemas.drainSchema.strict(),
  expiring: schemas.expiringSchema.strict(),
  refusal: schemas.refusalSchema.strict(),
  subscribe: schemas.subscribeSchema,
  'subscribe-ack': schemas.rowSchema.extend({ ok: z.literal(true) }).strict(),
  unsubscribe: schemas.unsubscribeSchema,
  renew: schemas.renewSchema,
  'plain-ack': z.strictObject({ ok: z.literal(true) }),
};

/** Every event of the maps; the type makes a new event without a line here a compile error. */
const EVENTS: Readonly<Record<keyof (ServerToClientEvents & ClientToServerEvents), true>> = {
  ready: true,
  invalidate: true,
  resync: true,
  status: true,
  joined: true,
  left: true,
  evicted: true,
  drain: true,
  expiring: true,
  subscribe: true,
  unsubscribe: true,
  renew: true,
};

const examples = [...text.matchAll(/^```json *(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, tag = '', body = '']) => [tag, body] as const,
);

/** All table rows of the document, as cells. */
const tableRows = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** The rows that begin with a code; a code may stand in several tables. */
function rowsOf(code: string): string[][] {
  return tableRows.filter(([first]) => first === `\`${code}\``);
}

describe('the examples of PROTOCOL.md', () => {
  test('are all tagged with what they show, and everything is shown', () => {
    expect([...new Set(examples.map(([tag]) => tag))].sort()).toEqual(Object.keys(TAGS).sort());
    expect(text.match(/```json/g)).toHaveLength(examples.length);
    expect(Object.keys(EVENTS).filter((event) => !(event in TAGS))).toEqual([]);
  });

  test.each(examples)('%s is what the schema says it is', (tag, body) => {
    const result = TAGS[tag]?.safeParse(JSON.parse(body));
    expect(result?.error?.issues ?? []).toEqual([]);
    // Nothing was dropped on the way: the example says exactly what would be understood.
    expect(result?.data).toEqual(JSON.parse(body));
  });

  test('name the position header as it is read', () => {
    const header = new RegExp(`^${POSITION_HEADER}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    expect(Object.keys(parsePositionHeader(header))).toEqual(['parent:42', 'class:7b']);
  });
});

describe('PROTOCOL.md', () => {
  test.each(Object.entries(limits))('states %s with its value %d', (name, value) => {
    const row = tableRows.find((cells) => cells.at(-1) === `\`${name}\``);
    expect(row).toContain(value.toLocaleString('en-US'));
  });

  test.each(Object.entries(CONNECT_CODES))('states that a connection refused with %s is %s', (code, kind) => {
    expect(rowsOf(code).map(([, cell]) => cell)).toContain(kind);
  });

  test.each([...ACK_CODES, ...RESYNC_REASONS, ...schemas.rowStatusSchema.options])('explains %s', (code) => {
    expect(rowsOf(code)).not.toEqual([]);
  });

  test.each(EVICTED_CODES)('explains why one is evicted with %s', (code) => {
    expect(text).toMatch(new RegExp(`\`${code}\` \\(`));
  });

  test('writes the pattern of a room as the code does', () => {
    const pattern = /A room matches `([^`]+)`/.exec(text)?.[1] ?? '';
    expect(pattern).toBe('^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9_.-]{1,64}$');
    for (const room of ['parent:42', `k:${'1'.repeat(65)}`, 'Parent:1', `${'k'.repeat(32)}:1`, `${'k'.repeat(33)}:1`]) {
      expect(new RegExp(pattern).test(room)).toBe(schemas.roomSchema.safeParse(room).success);
    }
  });

  test.each(['fresh', 'unmatched'])('says plainly that %s is reserved', (name) => {
    const sentences = text.replaceAll('\n', ' ').split(/(?<=\.)\s/);
    expect(sentences.some((one) => one.includes(name) && /reserved in this version/i.test(one))).toBe(true);
  });
});
