import { fileURLToPath } from 'node:url';
import type { LoginResponse } from '@querycast/platform-protocol';
import type { QueryKey, Room } from '@querycast/protocol';
import { type Config, readConfig } from '../config.js';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { type Platform, type Surroundings, startPlatform } from '../start-platform.js';
import { connectLive, type LiveSocket } from './live-socket.js';
import { createTestPlace, type TestPlace } from './test-place.js';

/** What a request carries. */
export interface Call {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back; `body` is the parsed JSON, or the text when it is none. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
}

/** Somebody who has logged in. */
export interface LoggedIn extends LoginResponse {
  /** The refresh cookie as a browser would send it back. */
  readonly cookie: string;
}

/** Pages that are there whether or not the real ones were built. */
const PAGES_FOLDER = fileURLToPath(new URL('pages/', import.meta.url));

/** How long starting one may take on a busy machine, in milliseconds. */
export const START_TIMEOUT_MS = 60_000;

/** A real platform on a free port. */
export interface TestPlatform extends Platform {
  /** Where its data is: start another one there to find it again. */
  readonly place: TestPlace;
  call(path: string, call?: Call): Promise<Answer>;
  logIn(email: string): Promise<LoggedIn>;
  connect(token: string, origin?: string): Promise<LiveSocket>;
  /** Publishes a key that nothing else uses: what arrives before it was sent before it. */
  mark(room: Room): Promise<QueryKey>;
  /** Stops it and removes its place. */
  remove(): Promise<void>;
}

/**
 * Starts a platform for a test, embedded or on PostgreSQL and Redis as the run demands; further variables as in the
 * environment. Without a place it gets one of its own. What was written before it was there, as demo data are, has been told
 * by then where it can be: whoever connects hears of what a test does, and of nothing else.
 */
export async function startTestPlatform(
  environment: Readonly<Record<string, string>> = {},
  surroundings: Surroundings = {},
  givenPlace?: TestPlace,
): Promise<TestPlatform> {
  const place = givenPlace ?? (await createTestPlace());
  const config: Config = readConfig({ PORT: '0', ...place.variables, ...environment });
  const platform = await startPlatform(config, { pagesFolder: PAGES_FOLDER, ...surroundings });
  await platform.parts.relay.settled();
  const sockets: LiveSocket[] = [];
  let marks = 0;

  async function call(path: string, { method = 'GET', token, cookie, body, headers }: Call = {}): Promise<Answer> {
    const response = await fetch(platform.url + path, {
      method,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { Cookie: cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  return {
    ...platform,
    place,
    call,
    async logIn(email) {
      const body = { email, password: DEMO_PASSWORD };
      const answer = await call('/api/auth/login', { method: 'POST', body });
      if (answer.status !== 200) throw new Error(`log-in of ${email} answered ${answer.status}`);
      return { ...answer.body, cookie: cookieOf(answer) };
    },
    async connect(token, origin) {
      const socket = await connectLive(platform.url, token, origin);
      sockets.push(socket);
      return socket;
    },
    async mark(room) {
      marks += 1;
      const key: QueryKey = ['mark', marks];
      await platform.parts.publisher.invalidate({ rooms: [room], keys: [key] });
      return key;
    },
    async remove() {
      for (const socket of sockets) socket.close();
      await platform.close();
      await place.remove();
    },
  };
}

/** The cookie a response sets, as `name=value`. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
