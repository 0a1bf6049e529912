import { formatPosition } from '@querycast/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, type PendingRequest } from './live-page.test.support.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const KEY = ['a'];

/** What may happen to a page with one live query, in any order. */
const step = fc.oneof(
  fc.record({
    type: fc.constant('change' as const),
    isLost: fc.boolean(),
    spreadMs: fc.constantFrom(undefined, 400, 4_000),
  }),
  // The server reads at any moment between request and answer, and may or may not say its position.
  fc.record({ type: fc.constant('answer' as const), readLate: fc.boolean(), hasHeader: fc.boolean() }),
  fc.record({
    type: fc.constantFrom('fail', 'cancel', 'write', 'refetch', 'mount', 'unmount', 'reconnect', 'restart', 'wait'),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Runs the steps, lets everything come to rest, and checks that the page shows the newest data. */
async function play(steps: readonly Step[]): Promise<void> {
  const page = openPage();
  const readAt = new Map<PendingRequest, number>();
  const answered = new Set<PendingRequest>();
  let head = 1;
  let epoch = 1;
  let headWhenWritten = 0;
  let unmount: (() => void) | undefined;
  const position = (offset: number) => formatPosition(`e${epoch}`, offset);
  const waiting = () => page.requests.filter((request) => !answered.has(request) && !request.signal?.aborted);

  const noteReads = () => {
    for (const request of page.requests) if (!readAt.has(request)) readAt.set(request, head);
    expect(waiting().length).toBeLessThanOrEqual(1);
  };
  const answer = async (readLate: boolean, hasHeader: boolean) => {
    const [request] = waiting();
    if (!request) return;
    answered.add(request);
    const version = readLate ? head : (readAt.get(request) ?? 0);
    await request.answer(`version ${version}`, hasHeader ? position(version) : undefined);
  };
  const accept = async () => {
    const { positions } = await page.wire().auth;
    const sent = Object.values(positions ?? {})[0];
    if (sent === undefined) await page.accept(position(head), 'fresh');
    else if (!sent.startsWith(`e${epoch}:`)) await page.accept(position(head), 'resync');
    else await page.accept(position(head), 'recovered', sent === position(head) ? [] : [['a']]);
  };
  const reconnect = async () => {
    page.wire().cut();
    page.client.hurry();
    await vi.advanceTimersByTimeAsync(0);
    await accept();
  };

  unmount = page.mount(KEY);
  noteReads();
  await accept();
  for (const current of steps) {
    if (current.type === 'change') {
      head += 1;
      if (!current.isLost) await page.spreadFrame(current.spreadMs, position(head - 1), position(head), ['a']);
    } else if (current.type === 'answer') await answer(current.readLate, current.hasHeader);
    else if (current.type === 'fail') {
      const [request] = waiting();
      if (request) answered.add(request);
      await request?.fail();
    } else if (current.type === 'cancel') await page.queryClient.cancelQueries({ queryKey: KEY });
    else if (current.type === 'write') {
      page.queryClient.setQueryData(KEY, 'optimistic');
      headWhenWritten = head;
    } else if (current.type === 'refetch') void page.queryClient.refetchQueries({ queryKey: KEY });
    else if (current.type === 'mount') unmount ??= page.mount(KEY);
    else if (current.type === 'unmount') {
      unmount?.();
      unmount = undefined;
    } else if (current.type === 'reconnect') await reconnect();
    else if (current.type === 'restart') {
      epoch += 1;
      head += 1;
      await reconnect();
    } else await vi.advanceTimersByTimeAsync(300);
    await vi.advanceTimersByTimeAsync(0);
    noteReads();
  }

  await reconnect();
  unmount ??= page.mount(KEY);
  for (let round = 0; round < 10; round += 1) {
    await answer(true, true);
    await vi.advanceTimersByTimeAsync(5_000);
    noteReads();
  }
  expect(waiting()).toEqual([]);
  // What the application wrote stands until the next change; what failed four times in a row is reported and marked.
  if (page.data(KEY) === 'optimistic') expect(headWhenWritten).toBe(head);
  else if (page.behind.length === 0 || !page.isStale(KEY)) expect(page.data(KEY)).toBe(`version ${head}`);
  // TanStack itself marks data whose own refetch failed.
  const hasFailed = page.queryClient.getQueryState(KEY)?.status === 'error';
  if (page.behind.length === 0 && !hasFailed) expect(page.isStale(KEY)).toBe(false);
  page.leave();
}

it('whatever happens in whatever order, at rest the page shows the newest data, and never two requests run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => play(steps)),
    { numRuns: 150 },
  );
});
