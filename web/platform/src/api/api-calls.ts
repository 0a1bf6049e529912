import { type QueryContext, requestJson, type SendRequest } from './request.js';

/** How an endpoint is called. */
export interface ApiCalls {
  get<T>(path: string, query: QueryContext): Promise<T>;
  write<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
}

/** Calls endpoints as the person whose token `send` carries. */
export function createApiCalls(send: SendRequest): ApiCalls {
  return {
    get: (path, query) => requestJson(send, path, { query }),
    write: (method, path, body) => requestJson(send, path, { method, ...(body === undefined ? {} : { body }) }),
  };
}
