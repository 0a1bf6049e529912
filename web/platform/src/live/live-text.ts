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
        explanation:
          'The server refused the live connection. What you see may be out of date. Reload the page to try again.',
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
