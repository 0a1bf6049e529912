import { isDeepStrictEqual } from 'node:util';
import { personRoom } from '@querycast/platform-protocol';
import type { Room } from '@querycast/protocol';
import { expect } from 'vitest';
import { contentsOfTables } from '../testing/table-contents.test.support.js';
import type { Answer } from '../testing/test-platform.js';
import { askBehindRefusal, connectAt, type DoorsClient, REFUSAL } from './doors-client.test.support.js';
import { type Doors, type DoorsPeople, LOST_CHILD, LOST_PARENT, ROLES } from './doors-people.test.support.js';
import type { DoorsRequest } from './doors-requests.test.support.js';
import { DOORS_TABLE, type Door, type Who } from './doors-table.test.support.js';
import { EXAMPLES } from './examples.test.support.js';
import { addTwin, LANGS, PETROVS } from './families.test.support.js';
import { signLike } from './forged-tokens.test.support.js';
import { pathOf } from './requests.test.support.js';

/** What came of the attempts at one cell, by what was tried: `works`, or what it was refused with. */
export type Outcomes = Readonly<Record<string, string>>;

/** The doors that are endpoints of the API. */
type RestDoor = 'REST read' | 'REST write';

/** How long the token of a session lasts that is to be renewed, in seconds. */
const SESSION_SECONDS = 8;

const FIRST_ROOM = personRoom('parent', PETROVS.parent);
const CHILD_ROOM = personRoom('student', PETROVS.student);

/** A session that somebody tried to renew. */
interface Renewal {
  readonly client: DoorsClient;
  readonly own: Room;
  readonly outcome: string;
}

/** Tries what the table is about, and answers `works` only once the effect was seen. */
export function createAttempts({ made, used }: Doors, people: DoorsPeople) {
  const renewals: Renewal[] = [];
  let published = 0;
  let end: number | undefined;

  /** When the tokens of all sessions end that are to be renewed, in seconds since 1970. */
  function sessionsEnd(): number {
    end ??= Math.ceil(Date.now() / 1_000) + SESSION_SECONDS;
    return end;
  }

  /** Who a row connects as, when it does. */
  function personOf(who: Who): { readonly own: Room; readonly rooms: readonly Room[] } {
    if (who === "another person's token") {
      return { own: personRoom('parent', LANGS.parent), rooms: [CHILD_ROOM, FIRST_ROOM] };
    }
    if (who === 'a token of a parent who lost the child') {
      return { own: personRoom('parent', LOST_PARENT), rooms: [personRoom('student', LOST_CHILD)] };
    }
    return { own: FIRST_ROOM, rooms: [CHILD_ROOM] };
  }

  async function connect(who: Who, token: string | undefined): Promise<string> {
    const client = await connectAt(used.url, token).catch(String);
    if (typeof client === 'string') return client;
    const { own } = personOf(who);
    expect(client.ready.rooms.map(({ room }) => room)).toEqual([own]);
    await client.framesUntil(await used.mark(own));
    client.close();
    return 'works';
  }

  async function subscribe(who: Who, token: string | undefined, room: Room): Promise<string> {
    if ('refused' in DOORS_TABLE[who].connect) {
      const received = await askBehindRefusal(used.url, token, 'subscribe', { room });
      return received.length === 1 && received[0]?.startsWith(REFUSAL) ? 'cut' : received.join();
    }
    const { own } = personOf(who);
    const client = await connectAt(used.url, token);
    const outcome = await client.ask('subscribe', { room });
    const rooms = used.parts.gateway.sessions().find(({ id }) => id === client.ready.session)?.rooms;
    expect(rooms).toEqual(outcome === 'works' ? [own, room] : [own]);
    if (outcome === 'works') await client.framesUntil(await used.mark(room));
    client.close();
    return outcome;
  }

  async function renew(who: Who, token: string | undefined): Promise<string> {
    const message = token === undefined ? {} : { token };
    const [evicted] = people.deactivated;
    if (who === 'a token of somebody who was deactivated' && evicted) return evicted.ask('renew', message);
    const owner = who === 'a token of a parent who lost the child' ? who : 'a good token';
    const [good = ''] = Object.values(people.tokens(owner, 'parent'));
    // Those that go on would have ended before the others.
    const exp = sessionsEnd() - ('works' in DOORS_TABLE[who].renew ? 1 : 0);
    const client = await connectAt(used.url, await signLike(good, { exp }));
    const outcome = await client.ask('renew', message);
    renewals.push({ client, own: personOf(owner).own, outcome });
    return outcome;
  }

  async function request({ endpoint, ids, body, token }: DoorsRequest): Promise<string> {
    const [method = ''] = endpoint.split(' ');
    return outcomeOf(await used.call(pathOf(endpoint, ids), { method, token, body }));
  }

  /** Whoever is logged out by a request is somebody who came for it. */
  async function asSpent(each: DoorsRequest): Promise<DoorsRequest> {
    if (!EXAMPLES[each.endpoint].endsSession) return each;
    return { ...each, token: (await made.logIn(await addTwin(people.rows, each.role))).token };
  }

  async function publish(who: Who, token: string | undefined): Promise<string> {
    published += 1;
    const key = ['published', published];
    const send = () =>
      used.call('/v1/invalidations', { method: 'POST', token, body: { rooms: [FIRST_ROOM], keys: [key] } });
    if ('refused' in DOORS_TABLE[who].publish) return outcomeOf(await send());
    const [good] = Object.values(people.tokens('a good token', 'parent'));
    const listener = await connectAt(used.url, good);
    const answer = await send();
    if (answer.status === 202) await listener.framesUntil(key);
    listener.close();
    return outcomeOf(answer);
  }

  type Attempt = readonly [what: string, act: () => Promise<string>];

  /** All attempts at a door that is no endpoint of the API. */
  function attemptsAt(who: Who, door: Exclude<Door, RestDoor>): Attempt[] {
    const tokens = Object.entries(people.tokens(who, 'parent'));
    switch (door) {
      case 'connect':
        return tokens.map(([what, token]) => [what, () => connect(who, token)]);
      case 'subscribe':
        return tokens.flatMap(([what, token]) =>
          personOf(who).rooms.map((room): Attempt => [`${what}, ${room}`, () => subscribe(who, token, room)]),
        );
      case 'renew':
        return Object.entries(who === 'a good token' ? people.renewals : people.tokens(who, 'parent')).map(
          ([what, token]) => [what, () => renew(who, token)],
        );
      case 'publish':
        return ROLES.flatMap((role) =>
          Object.entries(people.tokens(who, role)).map(
            ([what, token]): Attempt => [`${what}, ${role}`, () => publish(who, token)],
          ),
        );
    }
  }

  async function outcomesOf(attempts: readonly Attempt[]): Promise<Outcomes> {
    return Object.fromEntries(await Promise.all(attempts.map(async ([what, act]) => [what, await act()] as const)));
  }

  return {
    /** Tries everything that a row can at a door. */
    at: (who: Who, door: Exclude<Door, RestDoor>) => outcomesOf(attemptsAt(who, door)),
    /** Sends requests that write nothing, all at once. */
    send: (requests: readonly DoorsRequest[]) =>
      outcomesOf(requests.map((each) => [each.what, () => request(each)] as const)),
    /** Sends good requests that write, one by one: rows must tell of each. */
    async write(requests: readonly DoorsRequest[]): Promise<Outcomes> {
      const outcomes: Record<string, string> = {};
      const ready = await Promise.all(requests.map(asSpent));
      let before = await contentsOfTables(made.parts.db);
      for (const each of ready) {
        const outcome = await request(each);
        const after = await contentsOfTables(made.parts.db);
        outcomes[each.what] = isDeepStrictEqual(after, before) ? `${outcome}, but wrote nothing` : outcome;
        before = after;
      }
      return outcomes;
    },
    /**
     * Resolves when every session whose renewal was refused has ended, as its token had it. Answers whether those that
     * were renewed hear of their room still.
     */
    async untilTokensEnd(): Promise<boolean> {
      const [renewed, refused] = [renewals.filter(isRenewed), renewals.filter((each) => !isRenewed(each))];
      await Promise.all(refused.map(({ client }) => client.over));
      for (const { client, own } of renewed) await client.framesUntil(await used.mark(own));
      for (const { client } of renewed) client.close();
      return renewed.length > 0 && refused.length > 0;
    },
  };
}

function outcomeOf({ status, body }: Answer): string {
  return status < 300 ? 'works' : `${status} ${body?.error?.code}`;
}

function isRenewed({ outcome }: Renewal): boolean {
  return outcome === 'works';
}
