/** The nine demo people, each with a page open: what an action tells whom. */
import type { Role } from '@querycast/platform-protocol';
import type { StaleKey } from '../audience/told.js';
import { envelopesOf, type LiveSocket, sorted } from './live-socket.js';
import type { Answer, TestPlatform } from './test-platform.js';

/** Parent of Anna and Misha. */
export const OLGA = 'parent:1';
/** Parent of Lev. */
export const IVAN = 'parent:2';
/** Learns Mathematics with Elena. */
export const ANNA = 'student:3';
/** Learns English with Pavel. */
export const MISHA = 'student:4';
/** Learns English with Pavel. */
export const LEV = 'student:5';
/** Teaches Mathematics and Physics. */
export const ELENA = 'teacher:6';
/** Teaches English. */
export const PAVEL = 'teacher:7';
/** Tutor of all three students. */
export const MARINA = 'tutor:8';
/** The administrator. */
export const NINA = 'admin:9';

const EMAILS = {
  [OLGA]: 'parent@demo.test',
  [IVAN]: 'parent2@demo.test',
  [ANNA]: 'student@demo.test',
  [MISHA]: 'student2@demo.test',
  [LEV]: 'student3@demo.test',
  [ELENA]: 'teacher@demo.test',
  [PAVEL]: 'teacher2@demo.test',
  [MARINA]: 'tutor@demo.test',
  [NINA]: 'admin@demo.test',
} as const satisfies Record<`${Role}:${number}`, string>;

/** The room of one of the demo people. */
export type DemoRoom = keyof typeof EMAILS;

/** All nine. */
export const DEMO_ROOMS = Object.keys(EMAILS) as readonly DemoRoom[];

/** One frame: its keys, and for how many invalidations it stands. */
export interface HeardFrame {
  readonly keys: readonly string[];
  readonly envelopes: number;
}

/** Every frame that each of the nine rooms got, in order. */
export type Heard = Readonly<Record<DemoRoom, readonly HeardFrame[]>>;

/** What is heard when nobody is told anything. */
export const nothing = Object.fromEntries(DEMO_ROOMS.map((room) => [room, []])) as unknown as Heard;

/** What an action was answered, and what it told whom. */
export interface Happened<T> {
  readonly answer: T;
  readonly heard: Heard;
}

/** Everybody, logged in and connected. */
export interface Everybody {
  /** The access token of one of them. */
  token(room: DemoRoom): string;
  /** Their socket. */
  live(room: DemoRoom): LiveSocket;
  /** Sends a request as one of them. */
  ask(room: DemoRoom, endpoint: `${string} /${string}`, body?: unknown): Promise<Answer>;
  /** What one of them reads there, once the relay has dealt with all writes. Rejects unless it is answered with 200. */
  read(room: DemoRoom, path: `/${string}`): Promise<Answer['body']>;
  /**
   * Runs an action and waits until all that it made stale has been told. What was told before is not counted. `deaf` are
   * rooms whose socket the action ends, or an earlier one has ended: they have nothing to listen with.
   */
  hear<T>(action: () => T | Promise<T>, deaf?: readonly DemoRoom[]): Promise<Happened<T>>;
}

/** Logs everybody in and connects them. */
export async function connectEverybody(platform: TestPlatform): Promise<Everybody> {
  const people = new Map<string, { token: string; live: LiveSocket }>();
  for (const room of DEMO_ROOMS) {
    const { token } = await platform.logIn(EMAILS[room]);
    people.set(room, { token, live: await platform.connect(token) });
  }

  function person(room: DemoRoom) {
    const found = people.get(room);
    if (!found) throw new Error(`nobody is connected in ${room}`);
    return found;
  }

  const ask: Everybody['ask'] = (room, endpoint, body) => {
    const [method = '', path = ''] = endpoint.split(' ');
    return platform.call(path, { method, token: person(room).token, body });
  };

  async function untilMark(room: DemoRoom): Promise<HeardFrame[]> {
    const mark = JSON.stringify(await platform.mark(room));
    const frames: HeardFrame[] = [];
    for (;;) {
      const frame = await person(room).live.nextFrame();
      const keys = sorted(frame.keys);
      const isLast = keys.includes(mark);
      // The gateway may have merged the mark with what came just before it.
      const envelopes = envelopesOf(frame) - (isLast ? 1 : 0);
      if (envelopes !== 0) frames.push({ keys: keys.filter((key) => key !== mark), envelopes });
      if (isLast) return frames;
    }
  }

  async function listen(deaf: readonly DemoRoom[]): Promise<Heard> {
    await platform.parts.relay.settled();
    const rooms = DEMO_ROOMS.filter((room) => !deaf.includes(room));
    const frames = await Promise.all(rooms.map(async (room) => [room, await untilMark(room)] as const));
    return { ...nothing, ...Object.fromEntries(frames) };
  }

  return {
    token: (room) => person(room).token,
    live: (room) => person(room).live,
    ask,
    async read(room, path) {
      // What was written before may not have been evicted yet: reading it too early is no fault of the product.
      await platform.parts.relay.settled();
      const { status, body } = await ask(room, `GET ${path}`);
      if (status !== 200) throw new Error(`GET ${path} answered ${room} with ${status}`);
      return body;
    },
    async hear(action, deaf = []) {
      await listen(deaf);
      const answer = await action();
      return { answer, heard: await listen(deaf) };
    },
  };
}

/** What is heard when each of these rooms is told once, in one frame for one invalidation, and no other anything. */
export function once(told: Readonly<Partial<Record<DemoRoom, readonly StaleKey[]>>>): Heard {
  const frames = Object.entries(told).map(([room, keys]) => [room, [{ keys: sorted(keys), envelopes: 1 }]]);
  return { ...nothing, ...Object.fromEntries(frames) };
}
