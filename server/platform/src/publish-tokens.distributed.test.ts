import { MAX_LOG_ENTRIES, type Position, type Room } from '@querycast/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDistributedPlace } from './testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from './testing/test-platform.js';

const OLD = 'old-token-of-the-school';
const NEW = 'new-token-of-the-school';
const SHOP = 'token-of-the-shop rooms=student:';

/** Each is used for as many changes as its log holds. How many there will be is up to the machine. */
const ROOMS = Array.from({ length: 100 }, (_, index): Room => `parent:${index + 1}`);

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
let nodes: TestPlatform[];

const start = (tokens: string) => startTestPlatform({ PUBLISH_TOKEN: tokens }, {}, place);

beforeAll(async () => {
  place = await createDistributedPlace();
  nodes = await Promise.all([start(`${OLD} ${SHOP}`), start(`${OLD} ${SHOP}`)]);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await place.remove();
});

const publishAt = (node: TestPlatform, token: string, id: string, room: Room | undefined = ROOMS[0]) =>
  node.call('/v1/invalidations', { method: 'POST', token, body: { id, rooms: [room], keys: [['rotated', id]] } });

/** Restarts the nodes, one after the other, each once the one before is ready. */
async function restartAll(tokens: string): Promise<void> {
  for (const index of nodes.keys()) {
    const before = nodes[index];
    const after = await start(tokens);
    nodes[index] = after;
    // Behind a load balancer the node that goes away would be drained just so.
    await before?.close();
  }
}

/** Publishes all the time, to each node in turn, as a backend does: what got no answer is sent again with its id. */
function runPublisher() {
  const accepted: string[] = [];
  const refused: unknown[] = [];
  const listeners = new Set<() => void>();
  let token = OLD;
  let stopped = false;

  async function send(id: string, room: Room | undefined): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const node = nodes[(accepted.length + attempt) % nodes.length] as TestPlatform;
      const answer = await publishAt(node, token, id, room).catch(() => undefined);
      if (answer?.status === 202) return;
      if (answer && answer.status !== 503) {
        refused.push({ id, ...answer.body });
        return;
      }
    }
  }

  const running = (async () => {
    while (!stopped) {
      const id = `change-${accepted.length}`;
      await send(id, ROOMS[Math.floor(accepted.length / MAX_LOG_ENTRIES)]);
      accepted.push(id);
      for (const tell of listeners) tell();
    }
  })();

  return {
    accepted,
    refused,
    use(next: string) {
      token = next;
    },
    /** Resolves when so many more have been sent, to all of the nodes. */
    more: (count: number) =>
      new Promise<void>((resolve) => {
        const until = accepted.length + count;
        const look = () => {
          if (accepted.length < until) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
      }),
    async stop() {
      stopped = true;
      await running;
    },
  };
}

test(
  'a token is replaced on all nodes, as the document says, while a backend publishes and is never refused',
  async () => {
    const read = (room: Room, since?: Position) => (nodes[0] as TestPlatform).parts.broker.read(room, since);
    const before = await Promise.all(ROOMS.map(async (room) => [room, (await read(room)).position] as const));
    const publisher = runPublisher();
    await publisher.more(4);
    await restartAll(`${OLD} ${NEW} ${SHOP}`);
    await publisher.more(4);
    publisher.use(NEW);
    await publisher.more(4);
    await restartAll(`${NEW} ${SHOP}`);
    await publisher.more(4);
    await publisher.stop();
    expect(publisher.refused).toEqual([]);
    // All of them arrived, once each.
    const logs = await Promise.all(before.map(([room, position]) => read(room, position)));
    const arrived = logs.flatMap(({ keys }) => keys).filter(([root]) => root === 'rotated');
    expect(new Set(arrived.map(([, id]) => id))).toEqual(new Set(publisher.accepted));
    for (const node of nodes) expect((await publishAt(node, OLD, 'late')).status).toBe(401);
  },
  2 * START_TIMEOUT_MS,
);

test('a token for some rooms is refused others on every node', async () => {
  const [token] = SHOP.split(' ');
  for (const node of nodes) {
    expect((await publishAt(node, String(token), 'shop', 'student:3')).status).toBe(202);
    expect(await publishAt(node, String(token), 'shop-2')).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
  }
});
