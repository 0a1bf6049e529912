import type { NewPerson } from '@querycast/platform-protocol';
import { textProblem } from '../forms/text-problem.js';

/** The fields of somebody who gets an account. A type: an interface is no record of fields. */
export type PersonValues = { [Field in keyof NewPerson]: string };

/** A form of somebody who gets an account, with nothing typed yet. */
export const NOBODY_YET: PersonValues = { firstName: '', lastName: '', email: '', password: '' };

/** The server's own pattern, that of zod: what it refuses must not be sent first. */
const EMAIL = /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

/** What is wrong with a first or last name; `null` when nothing is. */
export function nameProblem(name: string): string | null {
  return textProblem(name, { max: 100 });
}

/** What is wrong with each field of a person, by the rules of the server; `null` when nothing is. */
export const personProblems = {
  firstName: nameProblem,
  lastName: nameProblem,
  email(email) {
    if (!EMAIL.test(email.trim())) return 'must be an e-mail address';
    return email.trim().length > 254 ? 'is too long' : null;
  },
  password(password) {
    if (password.length < 8) return 'must have at least 8 characters';
    return password.length > 1_024 ? 'is too long' : null;
  },
} satisfies Record<keyof NewPerson, (value: string) => string | null>;

/** The person as they are sent: without spaces around, but for the password, in which every character counts. */
export function personOf({ firstName, lastName, email, password }: NewPerson): NewPerson {
  return { firstName: firstName.trim(), lastName: lastName.trim(), email: email.trim(), password };
}
