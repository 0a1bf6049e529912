import { expect, test } from 'vitest';
import { ApiRequestError, ApiUnreachableError, describeError } from '../api/errors.js';
import { requestChanges } from './demo-api.js';

/** Answers in pieces, wherever the network cuts. */
function answering(...pieces: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return async () => new Response(body, { status: 200 });
}

test('progress is told line by line, however the answer is cut', async () => {
  const told: number[] = [];
  const send = answering('{"done":100,"of":200}\n{"do', 'ne":200,"of":200}\n');
  await requestChanges(send, 'token', ({ done }) => told.push(done));
  expect(told).toEqual([100, 200]);
});

test('an answer that breaks off is a failure', async () => {
  const send = answering('{"done":100,"of":200}\n');
  await expect(requestChanges(send, 'token', () => undefined)).rejects.toThrow(ApiUnreachableError);
});

test('what went wrong half way is told as the server words it', async () => {
  const message = 'The server had a problem after 100 of 200 changes.';
  const told: number[] = [];
  const failure = { error: { code: 'broke_off', message } };
  const send = answering(`{"done":100,"of":200}\n${JSON.stringify(failure)}\n`);
  const error = await requestChanges(send, 'token', ({ done }) => told.push(done)).catch((reason) => reason);
  expect(describeError(error)).toBe(message);
  expect(told).toEqual([100]);
});

test('a refusal is told as the server words it', async () => {
  const error = { error: { code: 'conflict', message: 'wait a moment' } };
  const send = async () => Response.json(error, { status: 409 });
  await expect(requestChanges(send, 'token', () => undefined)).rejects.toThrow(ApiRequestError);
});
