import { parseArgs } from 'node:util';
import { chosen, parsed, text, whole } from '../figures/flags.js';
import { type Sizes, sizesOf } from './data/sizes.js';

/** What is measured, and how thoroughly. */
export interface Options {
  readonly sizes: Sizes;
  /** How many different viewers ask for each read in each round. */
  readonly viewers: number;
  readonly rounds: number;
  /** How long other writes are watched before and after each rename, in seconds. */
  readonly seconds: number;
  readonly scenarios: readonly Scenario[];
  /** Whether pages fetch what a rename makes stale, which is no part of the goal. */
  readonly refetch: boolean;
  /** File that gets everything as JSON. */
  readonly json: string | undefined;
  /** Whether everything stays up afterwards, for looking at the database, until Ctrl-C. */
  readonly hold: boolean;
}

/** One part of the benchmark. */
export type Scenario = (typeof SCENARIOS)[number];

const SCENARIOS = ['reads', 'rename'] as const;

const DEFAULTS = { students: '10000', teachers: '200', viewers: '200', rounds: '3', seconds: '10' };

/** Of fewer, the rename would concern so few that nothing has to be spread. */
const FEWEST_STUDENTS = 1_000;
/** The big teacher, and enough others that no student has the same one twice. */
const FEWEST_TEACHERS = 10;

/** Reads the flags; `bench/README.md` lists them. Throws `BadFlagError`. */
export function readOptions(args: readonly string[]): Options {
  const flags = parse(args);
  const { only, json } = flags;
  return {
    sizes: sizesOf(
      whole('students', flags.students, FEWEST_STUDENTS),
      whole('teachers', flags.teachers, FEWEST_TEACHERS),
    ),
    viewers: whole('viewers', flags.viewers, 1),
    rounds: whole('rounds', flags.rounds, 1),
    seconds: whole('seconds', flags.seconds, 1),
    scenarios: chosen(SCENARIOS, only),
    refetch: flags.refetch,
    json,
    hold: flags.hold,
  };
}

function parse(args: readonly string[]) {
  const options = {
    students: text(DEFAULTS.students),
    teachers: text(DEFAULTS.teachers),
    viewers: text(DEFAULTS.viewers),
    rounds: text(DEFAULTS.rounds),
    seconds: text(DEFAULTS.seconds),
    only: { type: 'string' },
    refetch: { type: 'boolean', default: false },
    json: { type: 'string' },
    hold: { type: 'boolean', default: false },
  } as const;
  return parsed(() => parseArgs({ args: [...args], options }));
}
