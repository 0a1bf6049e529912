import { POSITION_HEADER } from '@querycast/protocol';
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { headerNotesOf } from './header-notes.js';
import { createLiveFetch } from './live-fetch.js';

/** A server that answers with the given responses, one after the other, and remembers what it was asked. */
function serverWith(...answers: { status?: number; positions?: string }[]) {
  const asked: (RequestInit | undefined)[] = [];
  const liveFetch = createLiveFetch(async (_input, init) => {
    asked.push(init);
    const { status = 200, positions } = answers.shift() ?? {};
    return new Response('text', { status, headers: positions === undefined ? {} : { [POSITION_HEADER]: positions } });
  });
  return { asked, liveFetch };
}

/** What the responses of one query function prove together. */
async function provenBy(...answers: { status?: number; positions?: string }[]) {
  const { liveFetch } = serverWith(...answers);
  const queryClient = new QueryClient();
  await queryClient.fetchQuery({
    queryKey: ['a', { page: 1 }],
    queryFn: async (context) => {
      for (const _answer of [...answers]) await liveFetch('/a', { ...context, client: queryClient });
      return 'data';
    },
  });
  const query = queryClient.getQueryCache().find({ queryKey: ['a', { page: 1 }] });
  const proven = query && headerNotesOf(queryClient).provenOfData(query);
  queryClient.clear();
  return proven;
}

describe('the positions of one fetch', () => {
  it('are those of its response', async () => {
    expect(await provenBy({ positions: 'parent:1=e:4, class:7=c:2' })).toEqual({ 'parent:1': 'e:4', 'class:7': 'c:2' });
  });
  it('are the oldest of each room that all its responses name', async () => {
    const first = { positions: 'parent:1=e:4, class:7=c:2, class:8=d:1' };
    expect(await provenBy(first, { positions: 'parent:1=e:3, class:8=f:1' })).toEqual({ 'parent:1': 'e:3' });
    expect(await provenBy(first, { positions: 'parent:1=e:9' })).toEqual({ 'parent:1': 'e:4' });
  });
  it('are none when one response names none', async () => {
    expect(await provenBy({ positions: 'parent:1=e:4' }, {})).toEqual({});
    expect(await provenBy({}, { positions: 'parent:1=e:4' })).toEqual({});
  });
  it('are not spoilt by a refusal that was tried again', async () => {
    expect(await provenBy({ status: 401 }, { positions: 'parent:1=e:4' })).toEqual({ 'parent:1': 'e:4' });
  });
  it('are not mixed with those of an earlier fetch, though nothing is bound yet', async () => {
    const { liveFetch } = serverWith({ positions: 'parent:1=e:1' }, { positions: 'parent:1=e:2' });
    const client = new QueryClient();
    const queryFn = async (context: Parameters<typeof liveFetch>[1]) =>
      (await liveFetch('/a', { ...context, client })).text();
    await client.fetchQuery({ queryKey: ['a'], queryFn });
    await client.fetchQuery({ queryKey: ['a'], queryFn });
    const query = client.getQueryCache().find({ queryKey: ['a'] });
    expect(query && headerNotesOf(client).provenOfData(query)).toEqual({ 'parent:1': 'e:2' });
    client.clear();
  });
  it('are not made of what a refusal carries', async () => {
    expect(await provenBy({ status: 503, positions: 'parent:1=e:4' })).toBeUndefined();
  });
});

it('takes nothing for the query that follows a removed one under the same key', async () => {
  const { asked, liveFetch } = serverWith({ positions: 'parent:1=e:1' }, { positions: 'parent:1=e:2' });
  const client = new QueryClient();
  const heard: unknown[] = [];
  headerNotesOf(client).onHeader((positions) => heard.push(positions));
  let goOn = () => {};
  const former = client.fetchQuery({
    queryKey: ['a'],
    queryFn: async (context) => {
      await liveFetch('/1', { ...context, client });
      await new Promise<void>((resolve) => (goOn = resolve));
      await liveFetch('/2', { ...context, client });
      return 'of the former';
    },
  });
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  client.clear();
  await client.fetchQuery({ queryKey: ['a'], queryFn: () => 'of the next' });
  goOn();
  await expect(former).rejects.toThrow();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([{ 'parent:1': 'e:1' }]);
  client.clear();
});

it('without the context of a query it is a plain fetch', async () => {
  const { asked, liveFetch } = serverWith({ positions: 'parent:1=e:4' }, {});
  expect(await (await liveFetch('/a', { method: 'POST' })).text()).toBe('text');
  await liveFetch('/a', { queryKey: ['unknown'], client: new QueryClient(), method: 'PUT' });
  expect(asked).toEqual([{ method: 'POST' }, { method: 'PUT' }]);
});

it('needs the context alone where it names the client, as all but the oldest versions do', async () => {
  const { liveFetch } = serverWith({ positions: 'parent:1=e:1' });
  const client = new QueryClient();
  let isNamed = false;
  await client.fetchQuery({
    queryKey: ['a'],
    queryFn: async (context) => {
      isNamed = 'client' in context;
      return (await liveFetch('/a', context)).text();
    },
  });
  const query = client.getQueryCache().find({ queryKey: ['a'] });
  expect(isNamed).toBe(process.env['QUERYCAST_PEERS'] !== 'oldest');
  expect(query && headerNotesOf(client).provenOfData(query)).toEqual(isNamed ? { 'parent:1': 'e:1' } : undefined);
  client.clear();
});
