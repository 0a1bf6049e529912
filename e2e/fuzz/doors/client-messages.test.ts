import { ACK_CODES } from '@querycast/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { startFuzzedGateway, TOKEN } from '../run/fuzzed-gateway.js';
import { hasOnly, isGoodPosition, isGoodRoom } from '../run/judge.js';
import { parsedJson } from '../run/parsed-json.js';
import { position, ROOMS } from '../values/messages.js';
import { broken, mutated } from '../values/mutated.js';
import { nastyJson, nastyText, TREACHEROUS_NAMES, write } from '../values/nasty.js';

/** More than any session has open, so that the limit is met. */
const OPEN_ROOMS = Array.from({ length: 100 }, (_, at) => `open:${at}`);

const MAX_EXTRA_ROOMS = 64;

/** Renewals that a session may have in {@link RENEWALS_WITHIN_MS}. */
const MAX_RENEWALS = 5;

const RENEWALS_WITHIN_MS = 10_000;

/** Longest frame of a client, in bytes. */
const MAX_FRAME = 16_384;

const room = fc.constantFrom(...ROOMS, ...OPEN_ROOMS);
const subscribe = fc.record({ room, position }, { requiredKeys: ['room'] }).map((message) => ['subscribe', message]);
const unsubscribe = fc.record({ room }).map((message) => ['unsubscribe', message]);
const renew = fc.constantFrom(TOKEN, 'bad').map((token) => ['renew', { token }]);

const event = fc.oneof(
  { weight: 12, arbitrary: mutated(fc.oneof({ weight: 6, arbitrary: subscribe }, unsubscribe, renew)) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.oneof(nastyText, fc.constantFrom(...TREACHEROUS_NAMES, 'disconnect', 'error', 'fresh')),
      nastyJson,
    ),
  },
);

/** An event with an id for its acknowledgement, of which the first argument may be of any shape. */
const asked = fc.record({
  kind: fc.constant('asked' as const),
  text: event.map(write).filter((text) => Buffer.byteLength(text) < 16_000),
});

const payload = event.map(write);
const numbers = fc.constantFrom('', '0', '1', '9007199254740993', '99999999999999999999', '-1', '1e3', '0x1');

/** Whole packets of Engine.IO as text: most of them are no packets. */
const packet = fc.oneof(
  fc.tuple(fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', 'b', ''), nastyText).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('40', '41', '42', '43', '44', '45', '46', '47'), numbers, payload)
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('/admin,', '/,', '/%2f,', '//', '/\u0000,', '/?a=b,', '/__proto__,'), payload)
    .map(([nsp, text]) => `42${nsp}${text}`),
  fc
    .tuple(fc.constantFrom('45', '46'), numbers, fc.constantFrom('-', ''), numbers, placeholders())
    .map((parts) => parts.join('')),
  broken(payload.map((text) => `421${text}`)),
  fc
    .constantFrom(MAX_FRAME - 20, MAX_FRAME - 3, MAX_FRAME - 2, MAX_FRAME + 1)
    .map((length) => `42${'['.repeat(length)}`),
  fc.constantFrom(100, 8_000).map((levels) => `421["subscribe",${'['.repeat(levels)}${']'.repeat(levels)}]`),
);

/** Events that announce attachments, some of them where no attachment can be. */
function placeholders() {
  const place = fc.record({ _placeholder: fc.constant(true), num: fc.constantFrom(0, 1, -1, 7, 0.5, '0', null, 1e9) });
  return fc.tuple(fc.constantFrom('subscribe', 'renew', 'x'), place).map((parts) => write(parts));
}

const raw = fc.record({
  kind: fc.constant('raw' as const),
  frames: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: packet },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map(Buffer.from) },
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});

test(
  'a client may ask for what it may have, within the limits, is told its code otherwise, and harms nobody but itself',
  async () => {
    const gateway = await startFuzzedGateway();
    const client = await gateway.connected();
    const bystander = await gateway.connected();
    const extra = new Set<string>();
    /** Whoever renews: one after the other, each until it was over the limit. */
    let renewer = await gateway.connected();
    let renewedAt: number[] = [];
    // None of those that raw packets have.
    let id = 1_000;

    /** Its acknowledgement, `none` if a later packet is answered without one before. */
    async function ask(text: string, asker = client): Promise<string> {
      id += 2;
      asker.send(`42${id}${text}`);
      // Joining takes a while, which whoever comes later does not wait for: what must be answered is waited for alone.
      const mustAnswer = isKnown(parsedJson(text));
      if (!mustAnswer) asker.send(`42${id + 1}["unsubscribe",0]`);
      const first = await asker.until('43');
      if (first === undefined) throw new Error('cut for an event');
      expect(first.startsWith(`43${mustAnswer ? id : id + 1}[`), `whose answer is ${first.slice(0, 40)}`).toBe(true);
      return mustAnswer ? first.slice(`43${id}`.length) : 'none';
    }

    async function judgeRenewal(text: string, token: string): Promise<string> {
      const sentAt = performance.now();
      const [ack] = parsedJson(await ask(text, renewer)) as [Ack];
      const isTooOften = renewedAt.length === MAX_RENEWALS;
      const [first = sentAt] = renewedAt;
      if (!isTooOften) expectAck(ack, [token === TOKEN ? 'ok' : 'forbidden']);
      // On a machine that takes longer for six, the first may count no longer.
      else if (performance.now() - first < RENEWALS_WITHIN_MS) expectAck(ack, ['rate_limited']);
      renewedAt.push(sentAt);
      if (isTooOften) {
        renewer.close();
        renewer = await gateway.connected();
        renewedAt = [];
      }
      return `renew ${ack.ok ? 'ok' : ack.code}`;
    }

    async function judgeAsked(text: string): Promise<string> {
      if (!isEvent(parsedJson(text))) return await judgeRaw([`421${text}`]);
      const token = tokenIn(parsedJson(text));
      if (token !== undefined) return await judgeRenewal(text, token);
      const answer = await ask(text);
      if (answer === 'none') return 'unknown event';
      const [name, message] = parsedJson(text) as [string, unknown];
      const [ack] = parsedJson(answer) as [Ack];
      expectAck(ack, expectedCode(name, message, extra));
      if (ack.ok && isGoodRequest(message)) {
        if (name === 'subscribe') extra.add(message.room);
        else extra.delete(message.room);
        extra.delete('parent:1');
      }
      return `${name} ${ack.ok ? 'ok' : ack.code}`;
    }

    /** What may end a connection has one of its own. */
    async function judgeRaw(frames: readonly (string | Buffer)[]): Promise<string> {
      const hostile = await gateway.connected();
      for (const frame of frames) hostile.send(frame);
      id += 2;
      // Half a binary event is finished by this, if by anything.
      hostile.send(`42${id}["unsubscribe",0]`);
      const answer = await hostile.until(`43${id}[`);
      hostile.close();
      return answer === undefined ? 'raw, cut' : 'raw, ignored';
    }

    const outcomes = await fuzz({
      door: 'client messages',
      seed: 106,
      input: fc.oneof({ weight: 9, arbitrary: asked }, { weight: 1, arbitrary: raw }),
      judge: (input) => (input.kind === 'asked' ? judgeAsked(input.text) : judgeRaw(input.frames)),
      async afterwards() {
        await gateway.broker.append({ room: 'parent:1', keys: [['to all']] });
        expect(await bystander.until('42'), 'nobody was told anything').toContain('[["to all"]]');
        client.close();
        renewer.close();
        await gateway.expectGoodService();
        await expect.poll(() => gateway.gateway.sessions().length).toBe(1);
      },
    });
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(['subscribe ok', 'subscribe bad_request', 'subscribe forbidden']),
    );
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(['subscribe too_many_rooms', 'raw, cut', 'raw, ignored']),
    );
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(['renew ok', 'renew forbidden', 'renew rate_limited', 'renew bad_request']),
    );
    bystander.close();
    await gateway.close();
  },
  TIMEOUT_MS,
);

/** How the gateway answers. */
interface Ack {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
}

function expectAck({ ok, code, message }: Ack, expected: readonly string[]): void {
  expect(ok ? 'ok' : code).toSatisfy((each) => expected.includes(String(each)), expected.join(' or '));
  if (ok) return;
  expect(ACK_CODES).toContain(code);
  expect(message).not.toBe('');
}

/** The token of an event that is a renewal with one; `undefined` for every other. */
function tokenIn(event: unknown): string | undefined {
  if (!isKnown(event)) return undefined;
  const [name, message] = event as [string, unknown];
  if (name !== 'renew' || !hasOnly(message, ['token'])) return undefined;
  return typeof message['token'] === 'string' && message['token'] !== '' ? message['token'] : undefined;
}

/** Whether a value is an event of the protocol, which has one argument besides its acknowledgement. */
function isKnown(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    ['subscribe', 'unsubscribe', 'renew'].some((name) => value[0] === name)
  );
}

/** Whether Socket.IO takes a value for an event: its own names are not for clients. */
function isEvent(value: unknown): boolean {
  const isOwn = (name: unknown) =>
    ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].includes(String(name));
  if (!Array.isArray(value)) return false;
  return typeof value[0] === 'number' || (typeof value[0] === 'string' && !isOwn(value[0]));
}

function isGoodRequest(message: unknown): message is { room: string } {
  return hasOnly(message, ['room'], ['position']) && isGoodRoom(message['room']);
}

/** How the text of the protocol has a message answered. */
function expectedCode(name: string, message: unknown, extra: ReadonlySet<string>): string[] {
  // One with a token is another matter.
  if (name === 'renew') return ['bad_request'];
  if (!isGoodRequest(message)) return ['bad_request'];
  const { room, position } = message as { room: string; position?: unknown };
  if (name === 'unsubscribe') return hasOnly(message, ['room']) ? ['ok', 'bad_request', 'forbidden'] : ['bad_request'];
  if (Object.hasOwn(message, 'position') && !isGoodPosition(position)) return ['bad_request'];
  if (room === 'parent:1' || extra.has(room)) return ['ok'];
  if (!room.startsWith('open:')) return ['forbidden'];
  return extra.size >= MAX_EXTRA_ROOMS ? ['too_many_rooms'] : ['ok'];
}
