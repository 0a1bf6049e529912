import { expect, test } from 'vitest';
import { generationKey } from './generation.js';
import { renewGenerations } from './renew-generations.js';

/** Owners of several chunks, and a store that refuses some of them. */
const OWNERS = Array.from({ length: 1_700 }, (_, index) => `owner:${index}`);

function storeRefusing(isRefused: (owner: string) => boolean) {
  const asked: string[] = [];
  const set = async (key: string) => {
    const owner = OWNERS.find((each) => generationKey(each) === key) ?? key;
    asked.push(owner);
    if (isRefused(owner)) throw new Error(`refused ${owner}`);
  };
  return { asked, store: { set } };
}

const numberOf = (owner: string) => Number(owner.split(':')[1]);

test('every owner gets a generation of its own, however many there are', async () => {
  const { store, asked } = storeRefusing(() => false);
  let made = 0;
  const next = () => `generation ${++made}`;
  expect(await renewGenerations(store, OWNERS, next)).toEqual({ owners: [], cause: undefined });
  expect([asked.length, made]).toEqual([1_700, 1_700]);
});

test('of owners that are refused here and there each is named, whichever part it was in, with the first reason', async () => {
  const refused = OWNERS.filter((owner) => numberOf(owner) % 300 === 7);
  const { store, asked } = storeRefusing((owner) => refused.includes(owner));
  const { owners, cause } = await renewGenerations(store, OWNERS, () => 'generation');
  expect(owners).toEqual(refused);
  expect(String(cause)).toContain('refused owner:7');
  expect(asked).toHaveLength(1_700);
});

test('a store that takes nothing any more is not asked on; who was refused before is named with all the rest', async () => {
  const { store, asked } = storeRefusing((owner) => owner === 'owner:3' || numberOf(owner) >= 500);
  const { owners } = await renewGenerations(store, OWNERS, () => 'generation');
  expect(owners).toEqual(['owner:3', ...OWNERS.slice(500)]);
  expect(asked).toHaveLength(1_000);
});

test('others have their turn between the parts', async () => {
  const { store, asked } = storeRefusing(() => false);
  let askedAtFirstTurn = 0;
  setImmediate(() => {
    askedAtFirstTurn = asked.length;
  });
  await renewGenerations(store, OWNERS, () => 'generation');
  expect(askedAtFirstTurn).toBe(500);
});
