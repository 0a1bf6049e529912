import { BadFlagError } from './bad-flag.js';

/** A flag that takes a text, and what it is without it. */
export function text(value: string) {
  return { type: 'string', default: value } as const;
}

/** What `parseArgs` answers when `parse` calls it. Throws {@link BadFlagError} where that refuses a flag. */
export function parsed<Values>(parse: () => { readonly values: Values }): Values {
  try {
    return parse().values;
  } catch (error) {
    // What it says is written for whoever typed the flag.
    if (error instanceof TypeError) throw new BadFlagError(error.message);
    throw error;
  }
}

/** The parts of a benchmark that `--only` leaves. Throws {@link BadFlagError} when it names none of them. */
export function chosen<Scenario extends string>(scenarios: readonly Scenario[], only: string | undefined): Scenario[] {
  const left = scenarios.filter((scenario) => only === undefined || scenario === only);
  if (left.length === 0) throw new BadFlagError(`--only must be one of ${scenarios.join(', ')}`);
  return left;
}

/** A whole number from `least` to 99,999,999. Throws {@link BadFlagError}. */
export function whole(name: string, value: string, least: number): number {
  if (/^\d{1,8}$/.test(value) && Number(value) >= least) return Number(value);
  throw new BadFlagError(`--${name} must be a whole number from ${least} to 99999999`);
}
