import { parseArgs } from 'node:util';
import { BadFlagError } from '../figures/bad-flag.js';

/** What is measured, and how much of it. */
export interface Options {
  readonly rooms: number;
  readonly clients: number;
  readonly missed: number;
  readonly invalidations: number;
  readonly scenarios: readonly Scenario[];
  /** File that gets everything as JSON. */
  readonly json: string | undefined;
}

/** One part of the benchmark. */
export type Scenario = (typeof SCENARIOS)[number];

const SCENARIOS = ['recovery', 'memory'] as const;

/** Each read of each room is to be invalidated at least once before the first figure, which is of the least of them. */
const FEWEST_PER_ROOM = 10;

/** Reads the flags; `bench/README.md` lists them. Throws {@link BadFlagError}. */
export function readOptions(args: readonly string[]): Options {
  const { only, json, ...numbers } = parse(args);
  const scenarios = SCENARIOS.filter((scenario) => only === undefined || scenario === only);
  if (scenarios.length === 0) throw new BadFlagError(`--only must be one of ${SCENARIOS.join(', ')}`);
  const rooms = whole('rooms', numbers.rooms, 1);
  return {
    rooms,
    clients: whole('clients', numbers.clients, rooms),
    missed: whole('missed', numbers.missed, 10 * FEWEST_PER_ROOM * rooms),
    invalidations: whole('invalidations', numbers.invalidations, 100 * FEWEST_PER_ROOM * rooms),
    scenarios,
    json,
  };
}

function parse(args: readonly string[]) {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rooms: text('1000'),
        clients: text('3000'),
        missed: text('600000'),
        invalidations: text('1000000'),
        only: { type: 'string' },
        json: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    // What it says is written for whoever typed the flag.
    if (error instanceof TypeError) throw new BadFlagError(error.message);
    throw error;
  }
}

function whole(name: string, value: string, least: number): number {
  if (/^\d{1,8}$/.test(value) && Number(value) >= least) return Number(value);
  throw new BadFlagError(`--${name} must be a whole number from ${least} to 99999999`);
}
