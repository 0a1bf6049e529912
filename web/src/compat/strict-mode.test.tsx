import { useQuery } from '@tanstack/react-query';
import { cleanup, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLiveRoom } from '../react/useLiveRoom.js';
import { openApp, pass, settle } from './live-app.test.support.js';

let app: ReturnType<typeof openApp>;

beforeEach(() => {
  vi.useFakeTimers();
  app = openApp();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function Orders() {
  const { data } = useQuery({ queryKey: ['orders'], queryFn: () => app.server.get('/orders') });
  useLiveRoom('class:1');
  return <p>{data}</p>;
}

/** All of it in strict mode, which runs every effect twice. */
async function show() {
  const shown = render(<StrictMode>{app.wrap(<Orders />)}</StrictMode>);
  await settle();
  return shown;
}

describe('in strict mode', () => {
  it('there is one connection, and one request for a frame', async () => {
    await show();
    expect(app.gateway.open()).toHaveLength(1);
    await app.server.request().answer('1');
    await app.gateway.accept();
    // Loaded before the first row of the room.
    await app.server.request().answer('2');
    await pass(10_000);
    await app.gateway.frame(2, ['orders']);
    await app.server.request().answer('3');
    await pass(60_000);
    expect(app.text()).toBe('3');
    expect(app.server.requests).toHaveLength(3);
    expect(app.gateway.open()).toHaveLength(1);
  });

  it('a room is asked for once', async () => {
    await show();
    await app.gateway.accept();
    const asked = app.gateway.wire().requests.map(({ event, payload }) => [event, payload]);
    expect(asked).toEqual([['subscribe', { room: 'class:1' }]]);
  });

  it('nothing is left when the page is gone', async () => {
    const { unmount } = await show();
    await app.server.request().answer('1');
    unmount();
    await settle();
    expect(app.gateway.open()).toEqual([]);
    expect(app.queryClient.getQueryCache().hasListeners()).toBe(false);
    expect(app.queryClient.getMutationCache().hasListeners()).toBe(false);
  });
});
