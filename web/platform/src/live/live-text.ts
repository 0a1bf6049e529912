import type { LiveStatus } from '@querycast/react';

/** How alarming a live state is. */
export type LiveTone = 'good' | 'busy' | 'degraded' | 'stopped';

/** A live state in words. */
export interface LiveText {
  readonly tone: LiveTone;
  /** One or two words. */
  readonly label: string;
  /** What that means for whoever looks at the page. */
  readonly explanation: string;
}

/** What the live indicator says about `status`. */
export function liveText(status: LiveStatus): LiveText {
  switch (status.state) {
    case 'connecting':
      return { tone: 'busy', label: 'Connecting', explanation: 'The live connection is being made.' };
    case 'live':
      return { tone: 'good', label: 'Live', explanation: 'Changes appear here by themselves. No need to reload.' };
    case 'catching-up':
      return { tone: 'busy', label: 'Catching up', explanation: 'What changed meanwhile is being fetched.' };
    case 'polling':
      return {
        tone: 'degraded',
        label: 'Polling',
        explanation: 'The live connection is down. The page asks for changes now and then until it is back.',
      };
    case 'offline':
      return {
        tone: 'degraded',
        label: 'Offline',
        explanation: 'The live connection is down and being tried again. What you see may be out of date.',
      };
    case 'refused':
      return {
        tone: 'stopped',
        label: status.code ? `Refused: ${status.code}` : 'Refused',
        explanation: status.isSessionOver
          ? 'This session is over, and the page no longer asks for changes. Reload it to try again.'
          : 'The server refused the live connection. The page asks for changes now and then. Reload it to try again.',
      };
  }
}

/** What the last reconnection brought, in words; `undefined` while there was none. */
export function caughtUpText(status: LiveStatus): string | undefined {
  if (!status.caughtUp) return undefined;
  const { keys, resync } = status.caughtUp;
  if (resync) return 'caught up: everything';
  return `caught up: ${keys} ${keys === 1 ? 'key' : 'keys'}`;
}

/** How long the last change took to show, in words; `undefined` while there was none. */
export function freshnessText({ lastFreshnessMs }: LiveStatus): string | undefined {
  if (lastFreshnessMs === undefined) return undefined;
  return lastFreshnessMs < 100 ? 'less than 0.1 s' : `${(lastFreshnessMs / 1_000).toFixed(1)} s`;
}
