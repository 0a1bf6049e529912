import { createLiveFetch } from '@querycast/react';
import { type QueryFunctionContext, queryOptions } from '@tanstack/react-query';
import { getToken } from './session.js';

/** How often something was counted. */
export interface Counter {
  readonly name: string;
  readonly count: number;
}

/** Asks as who is logged in, and a second time when the token was over. */
async function authorized(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const ask = async (expired: boolean) => {
    const headers = { Authorization: `Bearer ${await getToken({ expired })}` };
    return fetch(input, { ...init, headers });
  };
  const response = await ask(false);
  return response.status === 401 ? ask(true) : response;
}

const liveFetch = createLiveFetch(authorized);

async function read(response: Response): Promise<Counter> {
  if (!response.ok) throw Object.assign(new Error(`answered ${response.status}`), { status: response.status });
  return (await response.json()) as Counter;
}

/** A counter as a query. */
export function counterQuery(name: string) {
  return queryOptions({
    queryKey: ['counter', name],
    queryFn: async (context: QueryFunctionContext) => read(await liveFetch(`/api/counters/${name}`, context)),
  });
}

/** Counts one more. */
export async function addOne(name: string): Promise<Counter> {
  return read(await authorized(`/api/counters/${name}`, { method: 'POST' }));
}
