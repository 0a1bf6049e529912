import type { Role } from '@querycast/platform-protocol';
import { type DoorsPeople, LOST_CHILD, ROLES } from './doors-people.test.support.js';
import type { Door, Who } from './doors-table.test.support.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { EXAMPLES } from './examples.test.support.js';
import { PETROVS } from './families.test.support.js';
import { RELATED } from './related.test.support.js';
import { makeIds } from './requests.test.support.js';

/** A request that is good but for who sends it. */
export interface DoorsRequest {
  readonly what: string;
  readonly endpoint: Endpoint;
  readonly ids: readonly number[];
  readonly body: unknown;
  readonly role: Role;
  readonly token: string | undefined;
}

/** What a request of one person to one endpoint is about. */
interface Aim {
  readonly endpoint: Endpoint;
  readonly role: Role;
}

/**
 * Every request of a row to read or to write: to each endpoint that needs a token, by everybody whom it is for. Those that
 * are refused use nothing up and may share the rows that they are about: `made` keeps them.
 */
export async function requestsOf(
  people: DoorsPeople,
  who: Who,
  door: Door,
  made?: Map<Endpoint, readonly number[]>,
): Promise<DoorsRequest[]> {
  const requests: DoorsRequest[] = [];
  for (const { endpoint, role } of aimsOf(who, door)) {
    const ids = await idsOf(people, who, endpoint, made);
    for (const [what, token] of Object.entries(people.tokens(who, role))) {
      const body = EXAMPLES[endpoint].body?.(PETROVS);
      requests.push({ what: `${endpoint}, ${role}, ${what}`, endpoint, ids, body, role, token });
    }
  }
  return requests;
}

function aimsOf(who: Who, door: Door): Aim[] {
  const all = (Object.keys(ENDPOINTS) as Endpoint[]).flatMap((endpoint) =>
    ROLES.filter((role) => ENDPOINTS[endpoint].roles?.includes(role)).map((role) => ({ endpoint, role })),
  );
  return all.filter((aim) => aim.endpoint.startsWith('GET ') === (door === 'REST read') && isAbout(who, aim));
}

/** Those who are somebody are refused only what is another's: rows that are named by an id. */
function isAbout(who: Who, { endpoint }: Aim): boolean {
  const { of } = ENDPOINTS[endpoint];
  if (who === "another person's token") return of !== undefined && !RELATED[of].isAnybodys;
  if (who === 'a token of a parent who lost the child') return of === 'child' || of === 'received tutor report';
  return true;
}

async function idsOf(
  { rows, reportOfLostChild }: DoorsPeople,
  who: Who,
  endpoint: Endpoint,
  made?: Map<Endpoint, readonly number[]>,
): Promise<readonly number[]> {
  if (who === 'a token of a parent who lost the child') {
    return [ENDPOINTS[endpoint].of === 'child' ? LOST_CHILD : reportOfLostChild];
  }
  const ids = made?.get(endpoint) ?? (await makeIds(rows, endpoint, PETROVS)).own;
  made?.set(endpoint, ids);
  return ids;
}
