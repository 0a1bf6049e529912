import { expect, test } from 'playwright/test';
import { DEMO_PEOPLE } from '../../server/platform/dist/db/demo-data.js';
import { judge, type Secret } from './judge.js';
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

const { written, secrets } = readRecord();

test('no log and no metric of this run holds a token, a password, an e-mail, a name, a text, or an id out of its place', () => {
  const findings = judge(written, [...secrets, ...OF_DEMO], GREETED);
  const told = findings.map(({ file, line, what, text }) => `${file}:${line}: ${what}\n    ${text}`);
  expect(told, `${told.length} findings, the first of them:\n${told.slice(0, 50).join('\n')}\n`).toEqual([]);
});

test('there was something to find, and somewhere', () => {
  expect(new Set(secrets.map(({ kind }) => kind))).toEqual(expect.objectContaining({ size: expect.any(Number) }));
  expect(secrets.length).toBeGreaterThan(0);
  for (const source of ['log', 'metrics'] as const) {
    expect(written.filter((each) => each.source === source && each.text !== '').length).toBeGreaterThan(0);
  }
});
