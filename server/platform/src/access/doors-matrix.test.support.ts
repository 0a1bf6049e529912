import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendedAfter, contentsOfTables, lastInOutbox } from '../testing/table-contents.test.support.js';
import type { TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform } from '../testing/test-platform.js';
import { createAttempts, type Outcomes } from './doors-attempts.test.support.js';
import { type Doors, type DoorsPeople, gatherPeople } from './doors-people.test.support.js';
import { type DoorsRequest, requestsOf } from './doors-requests.test.support.js';
import {
  type Cell,
  DOORS,
  DOORS_TABLE,
  type Door,
  EVERYBODY_AT_THE_DOORS,
  type Who,
} from './doors-table.test.support.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { AUTH_SECRET, PUBLISH_TOKEN, PUBLISH_TOKEN_ELSEWHERE } from './forged-tokens.test.support.js';
import { listenToAll, PEOPLE } from './viewers.test.support.js';

/** Starts a node whose tokens the tests can forge. */
export function startDoor(place?: TestPlace) {
  const PUBLISH_TOKENS = `${PUBLISH_TOKEN} ${PUBLISH_TOKEN_ELSEWHERE} rooms=shop:`;
  return startTestPlatform({ AUTH_SECRET, PUBLISH_TOKEN: PUBLISH_TOKENS }, {}, place);
}

const CELLS = EVERYBODY_AT_THE_DOORS.flatMap((who) =>
  DOORS.map((door) => ({ who, door, cell: DOORS_TABLE[who][door] })),
);
type Attempts = ReturnType<typeof createAttempts>;

const isRest = (door: Door): door is 'REST read' | 'REST write' => door.startsWith('REST');
const expectedOf = (cell: Cell) => ('works' in cell ? 'works' : cell.refused);
const nameOf = (who: Who, door: Door) => `${who}: ${door}`;

/**
 * Tries every cell of the table: first all that is refused, at once, between two looks at every table and every room, then
 * what works. `start` runs once.
 */
export function describeDoors(start: () => Promise<Doors>): void {
  let doors: Doors;
  const outcomes = new Map<string, Outcomes>();
  let contents: Record<'before' | 'after', Record<string, string>>;
  let strange: string[];
  let told: Record<string, string[]>;
  let appended: string[];
  let tokensEnded: boolean;

  async function tryRefused(attempts: Attempts, people: DoorsPeople): Promise<void> {
    const requests = new Map<string, readonly DoorsRequest[]>();
    const made = new Map<Endpoint, readonly number[]>();
    const refused = CELLS.filter(({ cell }) => 'refused' in cell);
    for (const { who, door } of refused) {
      if (isRest(door)) requests.set(nameOf(who, door), await requestsOf(people, who, door, made));
    }
    const { db } = doors.made.parts;
    const live = await listenToAll(doors.used, await tokensOfPeople());
    await doors.made.parts.relay.settled();
    await live.untilMark();
    const lastId = await lastInOutbox(db);
    const before = await contentsOfTables(db);
    for (const { who, door } of refused) {
      const name = nameOf(who, door);
      if (isRest(door)) outcomes.set(name, await attempts.send(requests.get(name) ?? []));
      else if (door !== 'renew') outcomes.set(name, await attempts.at(who, door));
    }
    // Whoever got in may have ended the very sessions that listen.
    if (deviates()) return;
    contents = { before, after: await contentsOfTables(db) };
    strange = strangeRooms();
    await doors.made.parts.relay.settled();
    told = await live.untilMark();
    appended = await appendedAfter(db, lastId);
  }

  async function tryGranted(attempts: Attempts, people: DoorsPeople, who: Who, door: Door): Promise<Outcomes> {
    if (!isRest(door)) return attempts.at(who, door);
    const requests = await requestsOf(people, who, door);
    return door === 'REST read' ? attempts.send(requests) : attempts.write(requests);
  }

  beforeAll(async () => {
    doors = await start();
    const people = await gatherPeople(doors);
    const attempts = createAttempts(doors, people);
    // First, and all at once: the tokens of their sessions end while the rest goes on.
    const renewed = EVERYBODY_AT_THE_DOORS.map(async (who) => {
      outcomes.set(nameOf(who, 'renew'), await attempts.at(who, 'renew'));
    });
    await Promise.all(renewed);
    await tryRefused(attempts, people);
    if (deviates()) return;
    for (const { who, door } of CELLS.filter(({ cell, door: each }) => 'works' in cell && each !== 'renew')) {
      outcomes.set(nameOf(who, door), await tryGranted(attempts, people, who, door));
    }
    tokensEnded = await attempts.untilTokensEnd();
  }, 5 * START_TIMEOUT_MS);

  afterAll(() => doors.remove());

  describe.each(EVERYBODY_AT_THE_DOORS)('%s', (who) => {
    test.each(DOORS)('%s', (door) => {
      const expected = expectedOf(DOORS_TABLE[who][door]);
      const tried = outcomes.get(nameOf(who, door)) ?? {};
      expect(Object.keys(tried)).not.toEqual([]);
      expect(tried).toEqual(Object.fromEntries(Object.keys(tried).map((what) => [what, expected])));
    });
  });

  test('what was refused wrote nothing', () => {
    expect(contents.after).toEqual(contents.before);
    expect(appended).toEqual([]);
  });

  test('what was refused told nobody anything, and joined no room', () => {
    expect(told).toEqual({});
    expect(strange).toEqual([]);
  });

  test('a session whose renewal was refused ends with the token it has, and one that was renewed goes on', () => {
    expect(tokensEnded).toBe(true);
  });

  test('every endpoint that needs a token is tried, to read or to write', () => {
    const names = [...(outcomes.values() ?? [])].flatMap((each) => Object.keys(each).map((what) => what.split(',')[0]));
    const needy = (Object.keys(ENDPOINTS) as Endpoint[]).filter((endpoint) => ENDPOINTS[endpoint].roles);
    expect(needy.filter((endpoint) => !names.includes(endpoint))).toEqual([]);
  });

  /** Whether something that was tried has gone otherwise than the table says: nothing is worth waiting for then. */
  function deviates(): boolean {
    return CELLS.some(({ who, door, cell }) =>
      Object.values(outcomes.get(nameOf(who, door)) ?? {}).some((outcome) => outcome !== expectedOf(cell)),
    );
  }

  /** Rooms of sessions that are not those of their people. */
  function strangeRooms(): string[] {
    return doors.used.parts.gateway
      .sessions()
      .flatMap(({ user, rooms }) =>
        rooms.filter((room) => !room.endsWith(`:${user}`)).map((room) => `${user}: ${room}`),
      );
  }

  async function tokensOfPeople(): Promise<ReadonlyMap<string, string>> {
    const tokens = new Map<string, string>();
    for (const { name, email } of PEOPLE) tokens.set(name, (await doors.made.logIn(email)).token);
    return tokens;
  }
}
