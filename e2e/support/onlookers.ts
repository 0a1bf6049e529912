import { expect } from 'playwright/test';
import { publish } from './api.js';
import type { Person } from './person.js';

/** Requests by `GET /api/…/3` or `POST /api/…/:id`, with how often: of what was written just now nobody knows the id. */
type Requests = Readonly<Record<string, number>>;

/** People whose requests are counted from change to change. */
export interface Onlookers<Name extends string> {
  /**
   * Does something and waits for what it shows on screens, then holds the requests since the last time against those
   * expected of each; who is not named makes none. A request too many that comes late fails the next call.
   */
  see(act: () => Promise<unknown>, expected: Partial<Record<Name, Requests>>): Promise<void>;
  /** Counts somebody's requests from now on. */
  forget(name: Name): void;
}

/** Looks often: it is mostly there already. */
const SOON = { intervals: [10, 20, 50, 100] };

/** A key that no page asks for. */
const MARKER = ['end-of-the-change'];

/** Counts the requests of these people from now on. */
export function onlookers<Name extends string>(url: string, people: Readonly<Record<Name, Person>>): Onlookers<Name> {
  const all = Object.entries<Person>(people);
  const from = new Map(all.map(([name, { wire }]) => [name, wire.requests.length]));

  /** A room's frames arrive in order, and a fetch begins with its frame or a moment later. */
  async function untilMarked({ user, wire }: Person): Promise<void> {
    const before = wire.frames.length;
    await publish(url, { rooms: [`${user.role}:${user.id}`], keys: [MARKER] });
    const keys = () => JSON.stringify(wire.framesOf('invalidate', before).map(({ message }) => message['keys']));
    await expect.poll(keys, SOON).toContain(JSON.stringify(MARKER));
  }

  return {
    forget: (name) => from.set(name, people[name].wire.requests.length),
    async see(act, expected) {
      await act();
      await Promise.all(
        all.map(async ([name, person]) => {
          await untilMarked(person);
          const requests: Requests = expected[name as Name] ?? {};
          const made = () => named(person.wire.counts(from.get(name)));
          await expect.poll(made, { message: `requests of ${name}`, ...SOON }).toEqual(requests);
          from.set(name, person.wire.requests.length);
        }),
      );
    },
  };
}

function named(counts: Requests): Requests {
  return Object.fromEntries(
    Object.entries(counts).map(([request, count]) => [
      request.startsWith('GET ') ? request : request.replaceAll(/\/\d+/g, '/:id'),
      count,
    ]),
  );
}
