import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { RedisServer } from '@querycast/test-servers';
import { expect } from 'vitest';

const OPERATIONS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

/** The rules of the document's users, by name; those of the log and those of the cache stand in a block each. */
export function documentedUsers(block: 'log' | 'cache'): ReadonlyMap<string, readonly string[]> {
  const lines = new RegExp(`\`\`\`acl ${block}\\n([\\s\\S]*?)\`\`\``).exec(OPERATIONS)?.[1]?.trim().split('\n') ?? [];
  return new Map(
    lines.map((line) => {
      const [word, name = '', ...rules] = line.split(' ');
      expect(word).toBe('user');
      return [name, rules];
    }),
  );
}

/** What the document adds for a Cluster. */
export function documentedForCluster(): readonly string[] {
  return /In a Cluster, `gateway` and `publisher` also need `([^`]+)`/.exec(OPERATIONS)?.[1]?.split(' ') ?? [];
}

/** Makes the users of a block of the document; answers the URL of one. */
export async function withUsers(redis: RedisServer, block: 'log' | 'cache', more: readonly string[] = []) {
  const users = documentedUsers(block);
  for (const [name, rules] of users) {
    expect(await redis.cli('ACL', 'SETUSER', name, ...rules, ...more)).toBe('OK');
  }
  return (name: string) => `redis://${name}:${passwordOf(users.get(name))}@127.0.0.1:${redis.port}`;
}

/** Everything that users asked for and may not do. */
export async function refusedBy(redis: RedisServer): Promise<string[]> {
  const objects = (await redis.cli('ACL', 'LOG')).match(/^object\n.*$/gm) ?? [];
  // Newer servers know it, and the client asks without need.
  return objects.filter((object) => object !== 'object\nclient|setinfo');
}

/**
 * Sends commands as one user over one connection, whatever they are and past all that a client knows of them; answers
 * the first line of each reply. All of them must be answered by one line.
 */
export async function asUser(url: string, commands: readonly (readonly string[])[]): Promise<string[]> {
  const { hostname, port, username, password } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write([['AUTH', username, password], ...commands].map(encode).join(''));
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.split('\r\n').length > commands.length + 1) break;
  }
  socket.destroy();
  const [greeting, ...replies] = text.split('\r\n').slice(0, -1);
  expect(greeting).toBe('+OK');
  expect(replies).toHaveLength(commands.length);
  return replies;
}

function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}

function passwordOf(rules: readonly string[] | undefined): string {
  const password = rules?.find((rule) => rule.startsWith('>'))?.slice(1) ?? '';
  expect(password).toMatch(/./);
  return password;
}
