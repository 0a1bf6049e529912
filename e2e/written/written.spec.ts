import { existsSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { DEMO_PEOPLE } from '../../server/platform/dist/db/demo-data.js';
import { judge, type Secret, type SecretKind } from './judge.js';
import { readRecord } from './record.js';

/** What nobody sends and everybody has: the people of the demo. */
const OF_DEMO: readonly Secret[] = DEMO_PEOPLE.flatMap(({ email, firstName, lastName }) => [
  { kind: 'e-mail', value: email },
  { kind: 'name', value: firstName },
  { kind: 'name', value: lastName },
]);

/** Who starts a demo is told its accounts, which are no secret. */
const GREETED = new Set(
  DEMO_PEOPLE.map(
    ({ email, firstName, lastName, note }) => `  ${email.padEnd(20)} ${`${firstName} ${lastName}`.padEnd(15)} ${note}`,
  ),
);

const OF_LOG_INS: readonly SecretKind[] = ['token', 'cookie', 'key', 'password', 'e-mail'];

/** What there must be to find when every test of a file has done what it does: people log in, and write of each other. */
const NOTED_BY: Readonly<Record<string, readonly SecretKind[]>> = {
  'main-job.spec.ts': OF_LOG_INS,
  'steady.spec.ts': [...OF_LOG_INS, 'name', 'text'],
};

test('no log and no metric of this run holds a token, a password, an e-mail, a name, a text, or an id out of its place', () => {
  const { written, secrets } = readRecord();
  const findings = judge(written, [...secrets, ...OF_DEMO], GREETED);
  const told = findings.map(({ file, line, what, text }) => `${file}:${line}: ${what}\n    ${text}`);
  expect(told, `${told.length} findings, the first of them:\n${told.slice(0, 50).join('\n')}\n`).toEqual([]);
});

test('there was something to find, and somewhere', () => {
  const { written, secrets, ran } = readRecord();
  expect(ran, 'tests that ran').not.toEqual([]);
  const passed = ran.filter((each) => each.passed);
  const sources = passed.some(({ project }) => project === 'distributed') ? [...SOURCES, 'nginx'] : SOURCES;
  const nonEmpty = written.filter(({ text }) => text !== '').map(({ source }) => source);
  expect(nonEmpty).toEqual(expect.arrayContaining(sources));
  const kinds = passed.flatMap(({ spec }) => NOTED_BY[spec] ?? []);
  expect(secrets.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
});

const SOURCES = ['log', 'metrics'];

test('the files that show what there is to find are still there', () => {
  for (const spec of Object.keys(NOTED_BY)) expect(existsSync(new URL(`../${spec}`, import.meta.url)), spec).toBe(true);
});
