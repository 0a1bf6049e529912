import type {
  DemoCapabilities,
  DemoChangesLine,
  DemoChangesProgress,
  ParentDashboard,
} from '@querycast/platform-protocol';
import { ApiRequestError, ApiUnreachableError } from '../api/errors.js';
import { requestJson, type SendRequest } from '../api/request.js';

/** What this server lets the demo do. */
export function requestCapabilities(send: SendRequest): Promise<DemoCapabilities> {
  return requestJson(send, '/api/demo/capabilities');
}

/** The dashboard of the parent behind `token`, past every cache. */
export function requestTruth(send: SendRequest, token: string): Promise<ParentDashboard> {
  return requestJson(send, '/api/demo/dashboard', { token });
}

/** Restarts the gateway; resolves once it is back. */
export function requestRestart(send: SendRequest, token: string): Promise<void> {
  return requestJson(send, '/api/demo/restart-gateway', { method: 'POST', token });
}

/** Has the server make its changes; calls back as they are made. Rejects when not all of them were. */
export async function requestChanges(
  send: SendRequest,
  token: string,
  onProgress: (progress: DemoChangesProgress) => void,
): Promise<void> {
  let last: DemoChangesProgress | undefined;
  // Not JSON as a whole, but line by line while it goes on: the answer is read here, its errors as ever.
  const reading: SendRequest = async (input, init) => {
    const response = await send(input, init);
    if (response.ok && response.body) {
      for await (const line of linesOf(response.body)) {
        const told = JSON.parse(line) as DemoChangesLine;
        if ('error' in told) throw new ApiRequestError(response.status, told.error.code, told.error.message);
        last = told;
        onProgress(told);
      }
      return new Response(null, { status: 204 });
    }
    return response;
  };
  await requestJson(reading, '/api/demo/changes', { method: 'POST', token });
  if (!last || last.done < last.of) throw new ApiUnreachableError(new Error('the answer broke off'));
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
