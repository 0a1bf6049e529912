import type { Role } from '@querycast/platform-protocol';
import type { SampleRows } from '../testing/sample-rows.test.support.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { EXAMPLES } from './examples.test.support.js';
import { type Family, LANGS, PETROVS } from './families.test.support.js';
import { RELATED } from './related.test.support.js';
import type { MatrixViewer } from './viewers.test.support.js';

/** Ids for the path of an endpoint, as one family has them. */
export interface PathIds {
  /** One for each id in the path. */
  readonly own: readonly number[];
  /** For the first, by what they are instead. */
  readonly not: Readonly<Record<string, number>>;
}

/** How a request is refused; `fields` are those of a bad body. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly fields?: readonly string[];
}

/** A request that must be refused. */
export interface Attempt {
  /** What is wrong with it. */
  readonly what: string;
  readonly ids: readonly (number | string)[];
  readonly body: unknown;
  readonly refused: Refused;
  /** All attempts with the same one are answered with the same body. */
  readonly alike?: string;
}

/** No row has it. */
const UNKNOWN = 2 ** 31 - 1;
/** What is no id. */
const MALFORMED = ['0x3', '0', '-1', '%20', '2147483648', '99999999999'];

/** Whether the rule of an endpoint lets a viewer through to the ids. */
export function mayUse(endpoint: Endpoint, { person }: MatrixViewer): boolean {
  const { roles } = ENDPOINTS[endpoint];
  return roles === undefined || (person !== undefined && (roles as readonly Role[]).includes(person.role));
}

/** Makes the rows that the path of an endpoint is about. */
export async function makeIds(rows: SampleRows, endpoint: Endpoint, family: Family): Promise<PathIds> {
  const { of } = ENDPOINTS[endpoint];
  if (!of) return { own: [], not: {} };
  const { own, not = {} } = RELATED[of];
  const { secondId } = EXAMPLES[endpoint];
  const ids = [await own(rows, family)];
  if (secondId) ids.push(await secondId(rows, family));
  const others: Record<string, number> = {};
  for (const [what, maker] of Object.entries(not)) others[what] = await maker(rows, family);
  return { own: ids, not: others };
}

/** Everything of a viewer that must be refused, whatever the endpoint does, from its rule alone. */
export function attemptsOf(endpoint: Endpoint, viewer: MatrixViewer, idsOf: (family: Family) => PathIds): Attempt[] {
  const { roles, of } = ENDPOINTS[endpoint];
  if (!roles) return [];
  const { own, not } = idsOf(viewer.family);
  const body = EXAMPLES[endpoint].body?.(viewer.family);
  const unknown = own.map(() => UNKNOWN);
  if (!mayUse(endpoint, viewer)) {
    const refused = viewer.person ? { status: 403, code: 'forbidden' } : { status: 401, code: viewer.code };
    const good = { what: 'a good request', ids: own, body, refused };
    return of ? [good, { what: 'an unknown id', ids: unknown, body, refused }] : [good];
  }
  const missing = { body, refused: { status: 404, code: 'not_found' }, alike: 'not found' };
  const foreign = idsOf(viewer.family === PETROVS ? LANGS : PETROVS).own;
  const [, ...further] = own;
  return [
    ...(of && !RELATED[of].isAnybodys ? [{ ...missing, what: "another family's", ids: foreign }] : []),
    ...Object.entries(not).map(([what, id]) => ({ ...missing, what, ids: [id, ...further] })),
    // Whichever of several ids is wrong.
    ...own.flatMap((_, at) => [
      ...(at > 0 ? [{ ...missing, what: `another family's at ${at}`, ids: replaceAt(own, at, foreign[at] ?? 0) }] : []),
      { ...missing, what: `an unknown id at ${at}`, ids: replaceAt(own, at, UNKNOWN) },
      ...MALFORMED.map((id) => ({ ...missing, what: `${id} at ${at}`, ids: replaceAt<number | string>(own, at, id) })),
    ]),
    ...badBodies(endpoint, viewer.family).map((attempt) => ({ ...attempt, ids: own })),
  ];
}

/** The path of an endpoint with these ids. */
export function pathOf(endpoint: Endpoint, ids: readonly (number | string)[]): string {
  const [, path = ''] = endpoint.split(' ');
  let at = 0;
  return path.replace(/:\w+/g, () => String(ids[at++]));
}

/** Where a body has ids, e.g. `['studentIds.0']`. */
export function idsIn(body: unknown, path: readonly string[] = []): string[] {
  if (typeof body === 'number') return path.some((name) => /Ids?$/.test(name)) ? [path.join('.')] : [];
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, inner]) => idsIn(inner, [...path, name]));
}

/** Good bodies but for one id, which is another family's or nobody's. */
function badBodies(endpoint: Endpoint, family: Family): Omit<Attempt, 'ids'>[] {
  const { body, idsInBody = {} } = EXAMPLES[endpoint];
  const other = family === PETROVS ? LANGS : PETROVS;
  return Object.entries(idsInBody).flatMap(([field, foreign]) => {
    const refused = { status: 400, code: 'bad_request', fields: [field] };
    const bad = (id: number) => ({
      body: withId(body?.(family), field.split('.'), id),
      refused,
      alike: `${endpoint} ${field}`,
    });
    return [
      { what: `an unknown ${field}`, ...bad(UNKNOWN) },
      ...(foreign ? [{ what: `another family's ${field}`, ...bad(foreign(other)) }] : []),
    ];
  });
}

function withId(body: unknown, [name, ...rest]: readonly string[], id: number): unknown {
  if (name === undefined) return id;
  if (Array.isArray(body)) return replaceAt(body, Number(name), withId(body[Number(name)], rest, id));
  return { ...(body as object), [name]: withId((body as Record<string, unknown>)[name], rest, id) };
}

function replaceAt<Item>(items: readonly Item[], at: number, item: Item): Item[] {
  return items.map((each, index) => (index === at ? item : each));
}
