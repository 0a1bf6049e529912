import type { Page } from 'playwright/test';

/** A Socket.IO event a page received. */
export interface Frame {
  readonly event: string;
  readonly message: Record<string, unknown>;
  /** When, in milliseconds of `performance.now()` in the test. */
  readonly at: number;
}

/** What went over a page's wire since the recording began, in order. */
export interface WireRecord {
  /** Frames of the Querycast gateway. */
  readonly frames: readonly Frame[];
  /** Names of the messages it sent to the gateway. */
  readonly sent: readonly string[];
  /** `GET /api/parent/dashboard` and so on, as they were sent. */
  readonly requests: readonly string[];
  /** When each of them was sent, in milliseconds of `performance.now()` in the test. */
  readonly requestedAt: readonly number[];
  /** How often each request was sent since `from`, a length of {@link requests} noted earlier. */
  counts(from?: number): Record<string, number>;
  /** Frames of one event since `from`, a length of {@link frames} noted earlier. */
  framesOf(event: string, from?: number): Frame[];
  /** Sockets of the Querycast gateway that were opened. */
  readonly sockets: number;
  /** Documents loaded: 1 after the first, more after a reload. */
  readonly documents: number;
}

/** Records a page's API requests and socket frames from now on. Begin before the page's first navigation. */
export function recordWire(page: Page): WireRecord {
  const frames: Frame[] = [];
  const sent: string[] = [];
  const requests: string[] = [];
  const requestedAt: number[] = [];
  const record = {
    frames,
    sent,
    requests,
    requestedAt,
    sockets: 0,
    documents: 0,
    counts(from = 0) {
      const counts: Record<string, number> = {};
      for (const request of requests.slice(from)) counts[request] = (counts[request] ?? 0) + 1;
      return counts;
    },
    framesOf: (event: string, from = 0) => frames.slice(from).filter((frame) => frame.event === event),
  };
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.isNavigationRequest()) record.documents += 1;
    if (!pathname.startsWith('/api/')) return;
    requests.push(`${request.method()} ${pathname}`);
    requestedAt.push(performance.now());
  });
  page.on('websocket', (socket) => {
    if (!new URL(socket.url()).pathname.startsWith('/socket.io')) return;
    record.sockets += 1;
    socket.on('framereceived', ({ payload }) => {
      const frame = parseFrame(String(payload));
      if (frame) frames.push(frame);
    });
    socket.on('framesent', ({ payload }) => {
      const frame = parseFrame(String(payload));
      if (frame) sent.push(frame.event);
    });
  });
  return record;
}

/** Reads an event packet, `42["name",{…}]`, with a number where an answer is awaited; others are the transport's own business. */
function parseFrame(payload: string): Frame | undefined {
  const json = /^42\d*(\[.*)$/s.exec(payload)?.[1];
  if (json === undefined) return undefined;
  const [event, message] = JSON.parse(json) as [string, Record<string, unknown>];
  return { event, message, at: performance.now() };
}
