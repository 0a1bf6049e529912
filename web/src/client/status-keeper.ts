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
  roomRefused(room: Room, code: AckCode | undefined): void;
  onChange(listener: (status: LiveStatus) => void): () => void;
}

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
    watch(state, event);
    const {
      code: _code,
      message: _message,
      isSessionOver: _over,
      ...lasting
    }: LiveStatus = event === 'close' ? { state } : status;
    const isFresh = state === 'live' || event === 'start' || event === 'close';
    const { code, message }: Partial<ConnectProblem> = problem ?? (isFresh ? {} : status);
    if (state === status.state && code === status.code && message === status.message) return;
    set({
      ...lasting,
      state,
      ...(event === 'ended' && { isSessionOver: true as const }),
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    });
  }

  function watch(state: LiveStatus['state'], event: LiveStateEvent): void {
    if (state === 'live' || state === 'refused' || event === 'close') {
      cancelOverdue?.();
      cancelOverdue = undefined;
    } else if (state !== 'polling') {
      cancelOverdue ??= timers.after(pollAfterMs, () => {
        cancelOverdue = undefined;
        move('overdue');
      });
    }
  }

  return {
    current: () => status,
    move,
    frameArrived: () => set({ ...status, lastFrameAt: timers.nowMs() }),
    noteFreshness: (lastFreshnessMs) => set({ ...status, lastFreshnessMs }),
    caughtUp: (recovery) => {
      if (recovery) set({ ...status, caughtUp: { ...recovery, at: timers.nowMs() } });
    },
    roomRefused: (room, code) => {
      const { refusedRooms: { [room]: former, ...left } = {}, ...others } = status;
      if (former === code) return;
      const refusedRooms = code ? { ...left, [room]: code } : left;
      set(Object.keys(refusedRooms).length > 0 ? { ...others, refusedRooms } : others);
    },
    onChange: (listener) => listeners.add(listener),
  };
}
