import type { Envelope, Invalidation, Room } from '@querycast/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createRecorder } from '../broker/conformance/harness.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { InvalidInvalidationError, PublishIncompleteError } from './publish-errors.js';
import { createPublisher } from './publisher.js';
import { recordObservability } from './recorded-observability.js';

/** The broker answers, except for the named rooms. */
function awayFor(broker: Broker, rooms: readonly Room[]): Broker {
  return {
    ...broker,
    append: (append) =>
      rooms.includes(append.room) ? Promise.reject(new BrokerUnavailableError()) : broker.append(append),
  };
}

function createSetup(wrap: (broker: Broker) => Broker = (broker) => broker) {
  const broker = createMemoryBroker();
  const observability = recordObservability();
  return { broker, ...observability, publisher: createPublisher({ broker: wrap(broker), ...observability }) };
}

async function problemsOf(value: unknown) {
  const { publisher } = createSetup();
  const error = await publisher.invalidate(value as Invalidation).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InvalidInvalidationError)) throw new Error('an InvalidInvalidationError was expected');
  return error.problems;
}

describe('a publish', () => {
  it('reaches the subscribers of every room and answers with their positions', async () => {
    const { broker, publisher } = createSetup();
    const recorder = createRecorder();
    await broker.subscribe('parent:1', recorder.deliver);
    const published = await publisher.invalidate({
      rooms: ['parent:1', 'parent:2'],
      keys: [['dashboard']],
      id: 'change-1',
      reason: 'test',
      spreadMs: 20,
    });
    const [one, two] = [await broker.read('parent:1'), await broker.read('parent:2')];
    expect(published).toEqual({
      positions: { 'parent:1': one.position, 'parent:2': two.position },
      incarnations: { 'parent:1': one.incarnation, 'parent:2': two.incarnation },
    });
    expect((await recorder.heard(1))[0]).toMatchObject({
      position: one.position,
      keys: [['dashboard']],
      id: 'change-1',
      reason: 'test',
      spreadMs: 20,
    });
  });

  it('appends once to a room that is named twice', async () => {
    const { broker, publisher } = createSetup();
    const { positions } = await publisher.invalidate({ rooms: ['parent:1', 'parent:1'], keys: [['a']] });
    expect(Object.keys(positions)).toEqual(['parent:1']);
    expect((await broker.read('parent:1')).position).toMatch(/:1$/);
  });

  it('leaves out keys that a shorter key covers, and repetitions', async () => {
    const { broker, publisher } = createSetup();
    const recorder = createRecorder();
    await broker.subscribe('parent:1', recorder.deliver);
    const keys: Envelope['keys'] = [['list', 1], ['list'], ['item', { a: 1, b: 2 }], ['item', { b: 2, a: 1 }]];
    await publisher.invalidate({ rooms: ['parent:1'], keys });
    const [envelope] = await recorder.heard(1);
    expect(envelope?.keys).toHaveLength(2);
    expect(envelope?.keys).toEqual(expect.arrayContaining([['list'], ['item', { b: 2, a: 1 }]]));
  });

  it('does not wait for one room before it appends to the next', async () => {
    const under: Room[] = [];
    let answer = () => {};
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { publisher } = createSetup((broker) => ({
      ...broker,
      async append(append) {
        under.push(append.room);
        await gate;
        return broker.append(append);
      },
    }));
    const publishing = publisher.invalidate({ rooms: ['parent:1', 'parent:2', 'parent:3'], keys: [['a']] });
    expect(under).toEqual(['parent:1', 'parent:2', 'parent:3']);
    answer();
    await publishing;
  });

  it('is counted by its door once accepted', async () => {
    const { publisher, counts, lines } = createSetup();
    await publisher.invalidate({ rooms: ['parent:1'], keys: [['a']] });
    await publisher.invalidate({ rooms: ['parent:1'], keys: [['a']] }, { door: 'outbox' });
    expect(counts).toEqual([
      { name: 'publishes_total', labels: { door: 'typescript' } },
      { name: 'publishes_total', labels: { door: 'outbox' } },
    ]);
    expect(lines).toEqual([]);
  });
});

describe('a publish that the broker answers only in part', () => {
  const incomplete = () => createSetup((broker) => awayFor(broker, ['parent:2']));
  const invalidation: Invalidation = { rooms: ['parent:1', 'parent:2', 'parent:3'], keys: [['a']], id: 'change-1' };

  it('is no warning for each when the relay asked, which tells of the outage itself', async () => {
    const { publisher, counts, lines } = incomplete();
    await expect(publisher.invalidate(invalidation, { door: 'outbox' })).rejects.toThrow();
    expect(counts).toContainEqual({
      name: 'publish_refused_total',
      labels: { door: 'outbox', code: 'publish_incomplete' },
    });
    expect(lines).toMatchObject([{ level: 'debug', message: 'publish refused' }]);
  });

  it('rejects with what was accepted, what failed and why', async () => {
    const { broker, publisher } = incomplete();
    const error = await publisher.invalidate(invalidation).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PublishIncompleteError);
    expect(error).toMatchObject({
      code: 'publish_incomplete',
      positions: {
        'parent:1': (await broker.read('parent:1')).position,
        'parent:3': (await broker.read('parent:3')).position,
      },
      failedRooms: ['parent:2'],
      cause: { code: 'broker_unavailable' },
    });
  });

  it('can be sent again with its id: the rooms that accepted are not told twice', async () => {
    const { broker, publisher } = incomplete();
    await publisher.invalidate(invalidation).catch(() => undefined);
    await createPublisher({ broker }).invalidate(invalidation);
    const offsets = await Promise.all(invalidation.rooms.map(async (room) => (await broker.read(room)).position));
    expect(offsets.map((position) => position.split(':')[1])).toEqual(['1', '1', '1']);
  });

  it('is logged and counted as refused, not as published', async () => {
    const { publisher, counts, lines } = incomplete();
    await publisher.invalidate(invalidation, { door: 'http' }).catch(() => undefined);
    expect(counts).toEqual([{ name: 'publish_refused_total', labels: { door: 'http', code: 'publish_incomplete' } }]);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: 'publish refused',
        fields: { door: 'http', code: 'publish_incomplete', accepted: 2, failed: 1 },
      },
    ]);
  });
});

describe('the id of what the outbox publishes', () => {
  const ofOutbox: Invalidation = { rooms: ['parent:1'], keys: [['told']], id: 'outbox:what-row-7-means' };

  it.each([undefined, 'typescript', 'redis', 'http'] as const)(
    'can be used up by nobody who comes through another door, however well it is guessed: %s',
    async (door) => {
      const { broker, publisher } = createSetup();
      const guessed: Invalidation = { ...ofOutbox, keys: [['nothing']] };
      await expect(publisher.invalidate(guessed, door && { door })).rejects.toMatchObject({
        code: 'invalid_invalidation',
        problems: [{ path: 'id', message: 'must not begin with outbox: as the ids of the outbox do' }],
      });
      const { position } = await broker.read('parent:1');
      await publisher.invalidate(ofOutbox, { door: 'outbox' });
      expect((await broker.read('parent:1', position)).keys).toEqual([['told']]);
    },
  );
});

describe('a malformed invalidation', () => {
  const good = { rooms: ['parent:1'], keys: [['a']] };

  it.each([
    ['nothing', undefined, [{ path: '', message: 'must be an object, got nothing' }]],
    ['an array', [], [{ path: '', message: 'must be an object, got an array' }]],
    ['no rooms', { keys: [['a']] }, [{ path: 'rooms', message: 'must be an array, got nothing' }]],
    ['an empty list of rooms', { ...good, rooms: [] }, [{ path: 'rooms', message: 'must have at least 1 elements' }]],
    [
      'an empty key',
      { ...good, keys: [['a'], []] },
      [{ path: 'keys[1]', message: expect.stringMatching(/must not be empty/) }],
    ],
    [
      'an unsafe integer',
      { ...good, keys: [['a', 2 ** 53]] },
      [{ path: 'keys[0]', message: expect.stringMatching(/2\^53-1/) }],
    ],
    [
      'a fraction',
      { ...good, spreadMs: 1.5 },
      [{ path: 'spreadMs', message: 'must be an integer, got another number' }],
    ],
    ['too long a spread', { ...good, spreadMs: 2 ** 60 }, [{ path: 'spreadMs', message: 'must be at most 300000' }]],
    ['too long an id', { ...good, id: 'x'.repeat(65) }, [{ path: 'id', message: 'must have at most 64 characters' }]],
  ])('is refused with one sentence per bad field: %s', async (_name, value, problems) => {
    expect(await problemsOf(value)).toEqual(problems);
  });

  it('is told every rule it breaks, with the place and never the value', async () => {
    const secret = 'S3CRET';
    const problems = await problemsOf({
      rooms: ['parent:1', secret],
      keys: [[secret, Number.NaN], secret],
      reason: secret,
      id: secret.repeat(20),
      spreadMs: secret,
      [secret]: secret,
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '',
      'id',
      'keys[0]',
      'keys[1]',
      'reason',
      'rooms[1]',
      'spreadMs',
    ]);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  it('is answered briefly, however many fields are bad', async () => {
    const problems = await problemsOf({ ...good, rooms: Array.from({ length: 9_000 }, () => 'x') });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toEqual({ path: '', message: '8980 more problems are not listed' });
  });

  it('changes nothing, and is logged and counted', async () => {
    const { broker, publisher, counts, lines } = createSetup();
    const { position } = await broker.read('parent:1');
    const bad: Invalidation = { rooms: ['parent:1'], keys: [['']] };
    await expect(publisher.invalidate(bad, { door: 'http' })).rejects.toMatchObject({ code: 'invalid_invalidation' });
    expect((await broker.read('parent:1')).position).toBe(position);
    expect(counts).toEqual([{ name: 'publish_refused_total', labels: { door: 'http', code: 'invalid_invalidation' } }]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { door: 'http', code: 'invalid_invalidation' } }]);
  });

  it('never ends in another error, whatever was sent', async () => {
    const fields = fc.record(
      { rooms: fc.anything(), keys: fc.anything(), id: fc.anything(), reason: fc.anything(), spreadMs: fc.anything() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fields), async (value) => {
        const problems = await problemsOf(value);
        expect(problems.length).toBeGreaterThan(0);
        for (const { message } of problems) expect(message).toMatch(/^(must|a |an |the first|\d+ more)/);
      }),
      { numRuns: 300 },
    );
  });
});
