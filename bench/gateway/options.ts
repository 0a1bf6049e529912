import { parseArgs } from 'node:util';
import { chosen, parsed, text, whole } from '../figures/flags.js';

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

/** Reads the flags; `bench/README.md` lists them. Throws `BadFlagError`. */
export function readOptions(args: readonly string[]): Options {
  const { only, json, ...numbers } = parse(args);
  const rooms = whole('rooms', numbers.rooms, 1);
  return {
    rooms,
    clients: whole('clients', numbers.clients, rooms),
    missed: whole('missed', numbers.missed, 10 * FEWEST_PER_ROOM * rooms),
    invalidations: whole('invalidations', numbers.invalidations, 100 * FEWEST_PER_ROOM * rooms),
    scenarios: chosen(SCENARIOS, only),
    json,
  };
}

function parse(args: readonly string[]) {
  const options = {
    rooms: text('1000'),
    clients: text('3000'),
    missed: text('600000'),
    invalidations: text('1000000'),
    only: { type: 'string' },
    json: { type: 'string' },
  } as const;
  return parsed(() => parseArgs({ args: [...args], options }));
}
