import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { brokerConformance } from '../broker/conformance.js';
import { makeConformanceBroker } from '../broker/redis-broker.test.support.js';
import { asUser, documentedUsers, withUsers } from './acl.test.support.js';
import { redisCommands } from './connect.js';

/** What any server has that is not ours, or not this user's. */
const FOREIGN = 'other:{parent:7}';
/** Commands of a connection itself, which Redis lets everybody use. */
const FREE = ['auth', 'hello', 'quit', 'reset'];

type User = 'gateway' | 'publisher' | 'backend' | 'cache';
const USERS: readonly User[] = ['gateway', 'publisher', 'backend', 'cache'];

let redis: RedisServer;
let urlOf: (user: User) => string;
let commands: readonly Command[];

beforeAll(async () => {
  redis = await startRedis({ config: { 'enable-debug-command': 'local', 'enable-module-command': 'local' } });
  const [log, cache] = [await withUsers(redis, 'log'), await withUsers(redis, 'cache')];
  urlOf = (user) => (user === 'cache' ? cache : log)(user);
  commands = await commandsOf(redis);
});
afterAll(() => redis.close());

/** A command of the server, or one of the second words of a command. */
interface Command {
  /** As in a rule: `zadd`, `pubsub|shardnumsub`. */
  readonly name: string;
  /** The fewest words it takes, so that the server looks at the user's rights and not at their number. */
  readonly words: readonly string[];
  /** Where its first key or channel stands, counted in words; 0: it has none. */
  readonly firstKey: number;
  readonly categories: readonly string[];
}

type Described = [
  name: string,
  arity: number,
  flags: string[],
  firstKey: number,
  lastKey: number,
  step: number,
  categories: string[],
  ...rest: unknown[],
];

/** All that this server knows, whatever its version. */
async function commandsOf(server: RedisServer): Promise<Command[]> {
  const client = redisCommands({ url: server.url });
  await new Promise((resolve) => client.once('ready', resolve));
  const described = (await client.call('COMMAND')) as Described[];
  client.disconnect();
  return described.flatMap((entry) => {
    const seconds = (entry[9] ?? []) as Described[];
    // Without its second word a command is none.
    return (seconds.length > 0 ? seconds : [entry]).map(([name, arity, , firstKey, , , categories]) => {
      const words = [...name.split('|'), ...Array<string>(Math.abs(arity)).fill(FOREIGN)].slice(0, Math.abs(arity));
      return { name, words, firstKey, categories };
    });
  });
}

/** The names of what a user may run. */
function grantedTo(user: User): string[] {
  const rules = documentedUsers(user === 'cache' ? 'cache' : 'log').get(user) ?? [];
  const granted = rules.filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1));
  expect(granted.filter((name) => name.startsWith('@'))).toEqual([]);
  return granted;
}

it('a backend has one command to one channel, beside asking whether the server is there', () => {
  const rules = documentedUsers('log').get('backend') ?? [];
  const [on, password, ...rest] = rules;
  expect([on, password?.[0], ...rest]).toEqual(['on', '>', '&qc:publish', '-@all', '+ping', '+publish']);
});

/** Everything that is stored, to see that nothing was changed. */
const digest = () => redis.cli('DEBUG', 'DIGEST');

describe.each(USERS)('the documented user %s', (user) => {
  it('is refused every command of this server that the document does not name', async () => {
    await redis.cli('SET', FOREIGN, 'untouched');
    const before = await digest();
    const granted = grantedTo(user);
    const others = commands.filter(({ name }) => !granted.includes(name) && !FREE.includes(name));
    expect(others.length).toBeGreaterThan(300);
    const replies = await asUser(
      urlOf(user),
      others.map(({ words }) => words),
    );
    const through = others.filter(
      (_, index) => !/^-(NOPERM|EXECABORT) .*has no permissions to run/.test(replies[index] ?? ''),
    );
    expect(through).toEqual([]);
    expect(await digest()).toBe(before);
  });

  it('has of what Redis calls dangerous or administrative nothing but INFO', () => {
    const granted = commands.filter(({ name }) => grantedTo(user).includes(name));
    const dangerous = granted.filter(({ categories }) => /@(dangerous|admin)\b/.test(categories.join()));
    expect(dangerous.map(({ name }) => name)).toEqual(user === 'backend' ? [] : ['info']);
  });

  it('is told what it may run only by names that exist', () => {
    expect(grantedTo(user).filter((granted) => !commands.some(({ name }) => name === granted))).toEqual([]);
  });
});

describe.each(['gateway', 'publisher'] as const)('with the keys of others the user %s', (user) => {
  it('can do nothing, by no command that it has', async () => {
    await redis.cli('SET', FOREIGN, 'untouched');
    const before = await digest();
    // Leaving a channel is nobody else's affair.
    const granted = grantedTo(user).filter((name) => !name.endsWith('unsubscribe'));
    const withKeys = commands.filter(({ name, firstKey }) => firstKey > 0 && granted.includes(name));
    expect(withKeys.map(({ name }) => name)).toEqual(expect.arrayContaining(['hset', 'set', 'del', 'zadd']));
    const keys = [FOREIGN, 'qc', 'QC:{parent:7}:head', 'xqc:{parent:7}:head', '', ...KEYS_OF_OTHERS[user]];
    const attempts = withKeys.flatMap(({ words, firstKey }) =>
      keys.map((key) => words.map((word, index) => (index === firstKey ? key : word))),
    );
    const scripts = keys.flatMap((key) => [
      ['EVAL', 'return 1', '1', key],
      ['EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '1', key],
    ]);
    const replies = await asUser(urlOf(user), [...attempts, ...scripts]);
    expect(replies.filter((reply) => !/^-NOPERM .*(key|channel)/.test(reply))).toEqual([]);
    expect(await digest()).toBe(before);
  });

  it('can do no more in a script, whatever that names', async () => {
    const calls = [`'GET','${FOREIGN}'`, `'SET','${FOREIGN}','x'`, `'FLUSHALL'`, `'CONFIG','GET','*'`, `'KEYS','*'`];
    calls.push(`'PUBLISH','other','x'`, `'SPUBLISH','other:{x}','x'`, `'HSET','${FOREIGN}','a','b'`);
    const scripts = calls.map((call) => ['EVAL', `return redis.call(${call})`, '0']);
    const replies = await asUser(urlOf(user), scripts);
    expect(
      replies.filter(
        (reply) =>
          !/^-(NOPERM|ERR ACL failure|ERR The user executing the script|ERR This Redis command is not allowed from script)/.test(
            reply,
          ),
      ),
    ).toEqual([]);
    expect(await redis.cli('GET', FOREIGN)).toBe('untouched');
  });
});

/** What a user must not touch although it is the log's. */
const KEYS_OF_OTHERS = { gateway: [], publisher: ['qc:database', 'qc:other'] } as const;

/** Who may send to what: `P` by PUBLISH, `S` by SPUBLISH, `L` listen. */
const CHANNELS: [channel: string, rights: Readonly<Record<User, string>>][] = [
  ['qc:publish', { gateway: 'PSL', publisher: '', backend: 'P', cache: '' }],
  ['qc:{parent:7}', { gateway: 'PSL', publisher: 'SL', backend: '', cache: '' }],
  ['qc:control:querycast#/#', { gateway: 'PSL', publisher: '', backend: '', cache: '' }],
  ['qc:beat:1234', { gateway: 'PSL', publisher: 'SL', backend: '', cache: '' }],
  ['qc:publish2', { gateway: 'PSL', publisher: '', backend: '', cache: '' }],
  ['QC:publish', { gateway: '', publisher: '', backend: '', cache: '' }],
  ['other:{parent:7}', { gateway: '', publisher: '', backend: '', cache: '' }],
  ['', { gateway: '', publisher: '', backend: '', cache: '' }],
];

test.each(USERS)('the user %s sends and listens where the document lets it, and nowhere else', async (user) => {
  for (const [channel, rights] of CHANNELS) {
    const [send, shout] = await asUser(urlOf(user), [
      ['PUBLISH', channel, 'x'],
      ['SPUBLISH', channel, 'x'],
    ]);
    const listen = ['SUBSCRIBE', 'SSUBSCRIBE', 'PSUBSCRIBE'].map(async (word) => {
      const [reply] = await asUser(urlOf(user), [[word, channel]]).catch(() => ['*3']);
      return reply ?? '';
    });
    const may = { P: send, S: shout, L: (await Promise.all(listen)).find((reply) => !reply.startsWith('-NOPERM')) };
    const found = Object.entries(may).filter(([, reply]) => reply && !reply.startsWith('-NOPERM'));
    expect([channel, found.map(([right]) => right).join('')]).toEqual([channel, rights[user]]);
  }
});

/** Beside the keys that age, which only an administrator sees. */
brokerConformance('Redis broker of the documented gateway', () =>
  makeConformanceBroker(
    { url: urlOf('gateway') },
    { admin: { url: redis.url }, prefix: `qc:${randomBytes(6).toString('hex')}:` },
  ),
);
