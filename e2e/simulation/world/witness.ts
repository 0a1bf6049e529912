import type { LiveWarning } from '../../../web/src/client/live-client.js';
import type { LiveEvent } from '../../../web/src/client/live-event.js';
import type { BehindReport } from '../../../web/src/query/bind-query-client.js';
import type { Database } from '../model/database.js';
import type { ModelTools } from '../model/redis-server.js';
import type { Users } from '../product/users.js';

/** Sees everything that pages receive and ask for, and says what must never be. */
export interface Witness {
  /** What was wrong, in the order of happening. */
  readonly violations: string[];
  /** How often pages were told that everything is stale, first rows aside. */
  resyncs(): number;
  report(what: string): void;
  page(user: string): PageWitness;
}

/** What one page does. */
export interface PageWitness {
  message(event: string, payload: unknown): void;
  event(event: LiveEvent): void;
  behind(report: BehindReport): void;
  warning(warning: LiveWarning): void;
  /** A request begins; answers what to call at its end. */
  request(url: string): () => void;
}

/** Creates a witness that has seen nothing. */
export function createWitness({
  tools,
  database,
  users,
}: {
  readonly tools: ModelTools;
  readonly database: Database;
  readonly users: Users;
}): Witness {
  const violations: string[] = [];
  let resyncs = 0;

  function report(what: string): void {
    violations.push(what);
    tools.trace('WITNESS', () => what);
  }

  function inspect(user: string, told: Told): void {
    const { room, keys = [] } = told;
    if (room === undefined) return;
    if (!users.mayRead(user).some((granted) => granted === room))
      report(`${user} is told of ${room}, which is not granted`);
    for (const [key, of] of keys) {
      const item = { room, key: String(key) };
      if (of !== room || database.version(item) === 0) report(`${user} is told of ${room}/${key} before its commit`);
    }
  }

  return {
    violations,
    resyncs: () => resyncs,
    report,
    page(user) {
      const running = new Map<string, number>();
      return {
        message(_event, payload) {
          const told = payload as Told;
          for (const each of [told, ...(told.rooms ?? [])]) inspect(user, each);
        },
        event(event) {
          if (event.type === 'resync' || (event.type === 'row' && !event.first && event.status !== 'recovered'))
            resyncs += 1;
        },
        behind: ({ queryKey, attempts }) => {
          tools.trace(`page-${user}`, () => `stays behind: ${JSON.stringify(queryKey)} after ${attempts} fetches`);
        },
        warning({ code, message }) {
          tools.trace(`page-${user}`, () => `warns: ${code} ${message}`);
          if (code === 'malformed_message' || code === 'listener_failed')
            report(`${user} warns of ${code}: ${message}`);
        },
        request(url) {
          const count = (running.get(url) ?? 0) + 1;
          running.set(url, count);
          if (count > 1) report(`${user} runs ${count} fetches of ${url} at once`);
          let isOver = false;
          return () => {
            if (!isOver) running.set(url, (running.get(url) ?? 1) - 1);
            isOver = true;
          };
        },
      };
    },
  };
}

/** What a message may tell of. */
interface Told {
  readonly room?: `${string}:${string}`;
  readonly keys?: readonly (readonly unknown[])[];
  readonly rooms?: readonly Told[];
}
