import type { AckCode, Room } from '@querycast/protocol';
import { createListeners } from './listeners.js';
import type { Recovery } from './room-ledger.js';
import { type LiveStateEvent, type LiveStatus, transition } from './status.js';
import type { Timers } from './timers.js';
import type { ConnectProblem } from './transport.js';

/** Holds the status and tells its changes. */
export interface StatusKeeper {
  current(): LiveStatus;
  move(event: LiveStateEvent, problem?: ConnectProblem): void;
  frameArrived(): void;
  noteFreshness(lastFreshnessMs: number): void;
  /** What a reconnection brought; nothing for first rows. */
  caughtUp(recovery: Recovery | undefined): void;
  /** The gateway will not give a room, and why; without a code: it gave it, or nobody wants it any more. */
  roomRefused(room: Room, code?: AckCode): void;
  onChange(listener: (status: LiveStatus) => void): () => void;
}

/** Least time between two tellings that a frame arrived, in milliseconds. */
const FRAME_EVERY_MS = 100;

/** The status of a client that was closed: nothing of what it had learnt is left. */
const CLOSED: LiveStatus = { state: 'offline' };

/** A status that begins as `connecting` and becomes `polling` after `pollAfterMs` milliseconds without being live. */
export function createStatusKeeper(timers: Timers, pollAfterMs: number): StatusKeeper {
  const listeners = createListeners<LiveStatus>();
  let status: LiveStatus = { state: 'connecting' };
  let cancelOverdue: (() => void) | undefined;

  function set(next: LiveStatus): void {
    status = next;
    // Not caught for good: a listener's fault belongs to the page and must show there.
    for (const failure of listeners.tell(status)) {
      timers.after(0, () => {
        throw failure;
      });
    }
  }

  function move(event: LiveStateEvent, problem?: ConnectProblem): void {
    const state = transition(status.state, event);
    if (event === 'close' || state === 'live' || state === 'refused') {
      cancelOverdue?.();
      cancelOverdue = undefined;
    } else {
      cancelOverdue ??= timers.after(pollAfterMs, () => move('overdue'));
    }
    if (event === 'close') {
      if (status !== CLOSED) set(CLOSED);
      return;
    }
    const { code, message } = problem ?? (state === 'live' || event === 'start' ? {} : status);
    if (state === status.state && code === status.code && message === status.message) return;
    set({ ...status, state, code, message, isSessionOver: event === 'ended' || undefined });
  }

  return {
    current: () => status,
    move,
    frameArrived: () => {
      const lastFrameAt = timers.nowMs();
      // Every status is drawn where it is shown: not a thousand times in a burst. A clock that was set back counts, too.
      if (Math.abs(lastFrameAt - (status.lastFrameAt ?? 0)) >= FRAME_EVERY_MS) set({ ...status, lastFrameAt });
    },
    noteFreshness: (lastFreshnessMs) => set({ ...status, lastFreshnessMs }),
    caughtUp: (recovery) => {
      if (recovery) set({ ...status, caughtUp: { ...recovery, at: timers.nowMs() } });
    },
    roomRefused: (room, code) => {
      const { [room]: former, ...others } = status.refusedRooms ?? {};
      if (former === code) return;
      const refusedRooms = code ? { ...others, [room]: code } : others;
      set({ ...status, refusedRooms: Object.keys(refusedRooms).length > 0 ? refusedRooms : undefined });
    },
    onChange: listeners.add,
  };
}
