/** Where somebody with a token can knock. */
export const DOORS = ['connect', 'subscribe', 'renew', 'REST read', 'REST write', 'publish'] as const;

/** One of {@link DOORS}. */
export type Door = (typeof DOORS)[number];

/** What comes of it: it works, for this reason, or it is refused with this and nothing happens. */
export type Cell = { readonly works: string } | { readonly refused: string };

const works = (why: string): Cell => ({ works: why });
const refused = (code: string): Cell => ({ refused: code });

/** Only this opens the publishers' door. */
const NO_PUBLISHER = refused('401 unauthorized');

/** Whoever is nobody to the platform. What they send behind a refused connect is answered by nobody: they are cut. */
function nobody(code: string, rest: { readonly renew?: string; readonly api?: string; readonly publish?: Cell } = {}) {
  const { renew = 'forbidden', api = `401 ${code}`, publish = NO_PUBLISHER } = rest;
  return {
    connect: refused(code),
    subscribe: refused('cut'),
    renew: refused(renew),
    'REST read': refused(api),
    'REST write': refused(api),
    publish,
  } satisfies Record<Door, Cell>;
}

/**
 * Who knocks with what, where, and what comes of it. The subject is always somebody else's or their own room, session and
 * rows: of a parent the child, its room and its rows; of everybody whatever an endpoint is about.
 */
export const DOORS_TABLE = {
  'a good token': {
    connect: works('a person hears of their own room'),
    subscribe: works('a parent may follow their child'),
    renew: works('the same person goes on with a newer token'),
    'REST read': works('it is theirs'),
    'REST write': works('it is theirs, and their role may'),
    publish: NO_PUBLISHER,
  },
  'no token': nobody('token_invalid', { renew: 'bad_request', api: '401 unauthenticated' }),
  'an expired token': nobody('token_expired'),
  'a token of the wrong key': nobody('token_invalid'),
  'a token for the wrong audience': nobody('token_invalid'),
  'a token of the wrong algorithm': nobody('token_invalid'),
  "another person's token": {
    connect: works('as who they are: their own room, not that of the first one'),
    subscribe: refused('forbidden'),
    renew: refused('forbidden'),
    'REST read': refused('404 not_found'),
    'REST write': refused('404 not_found'),
    publish: NO_PUBLISHER,
  },
  'a token of somebody who was deactivated': {
    ...nobody('token_invalid'),
    // On the socket that they had.
    renew: refused('deactivated'),
  },
  'a token of a parent who lost the child': {
    connect: works('they are still who they are, and have a room of their own'),
    subscribe: refused('forbidden'),
    renew: works('they are still who they are'),
    'REST read': refused('404 not_found'),
    'REST write': refused('404 not_found'),
    publish: NO_PUBLISHER,
  },
  'a publish token': nobody('token_invalid', { publish: works('this is what it is for') }),
  'a publish token for other rooms': nobody('token_invalid', { publish: refused('403 forbidden') }),
} as const satisfies Record<string, Record<Door, Cell>>;

/** A row of {@link DOORS_TABLE}. */
export type Who = keyof typeof DOORS_TABLE;

/** All rows. */
export const EVERYBODY_AT_THE_DOORS = Object.keys(DOORS_TABLE) as readonly Who[];
