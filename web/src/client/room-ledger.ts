import {
  type Invalidate,
  isRoom,
  type Position,
  type Positions,
  type Resync,
  type Room,
  type Row,
} from '@querycast/protocol';
import type { LiveEvent } from './live-event.js';
import {
  judgeFrame,
  judgeResync,
  judgeRow,
  noteHeader,
  type RoomProgress,
  resumePosition,
  unknownRoom,
} from './positions.js';

/** What rows of rooms that were known before brought. */
export interface Recovery {
  readonly keys: number;
  readonly resync: boolean;
}

/** The client's positions. They move only after what lies before them was applied. */
export interface RoomLedger {
  applyFrame(frame: Invalidate): void;
  applyResync(resync: Resync): void;
  /**
   * Applies rows that answer the positions `sent`, by default those of the last handshake. Answers what was recovered,
   * or nothing when all of them were first rows.
   */
  applyRows(rows: readonly Row[], sent?: Partial<Record<Room, Position>>): Recovery | undefined;
  noteHeader(positions: Positions): void;
  resumePosition(room: Room): Position | undefined;
  /** The positions for a handshake, which are remembered. */
  positionsToSend(): Positions;
  forget(room: Room): void;
  forgetAll(): void;
}

/**
 * Most that positions take in a handshake, in characters: with a token of 4 kB it stays below what a gateway reads. A room
 * that is left out is fetched for anew.
 */
const MAX_POSITIONS_LENGTH = 12_000;

/** Empty positions. `tell` marks the queries as stale and answers whether that succeeded. */
export function createRoomLedger(tell: (event: LiveEvent) => boolean, askForRow: (room: Room) => void): RoomLedger {
  const rooms = new Map<Room, RoomProgress>();
  let handshake: Partial<Record<Room, Position>> = {};
  const progressOf = (room: Room) => rooms.get(room) ?? unknownRoom;

  function apply(event: LiveEvent, next: RoomProgress): void {
    if (tell(event)) rooms.set(event.room, next);
  }

  return {
    applyFrame: (frame) => {
      const verdict = judgeFrame(progressOf(frame.room), frame);
      if (verdict) apply({ ...frame, type: 'frame' }, verdict.next);
      if (verdict?.subscribe) askForRow(frame.room);
    },
    applyResync: (resync) =>
      apply({ ...resync, type: 'resync' }, judgeResync(progressOf(resync.room), resync.position)),
    applyRows: (rows, sentPositions = handshake) => {
      const recovered = new Set<string>();
      let isKnown = false;
      let resync = false;
      for (const row of rows) {
        const progress = progressOf(row.room);
        const sent = sentPositions[row.room];
        const verdict = judgeRow(progress, row, sent);
        isKnown ||= !!progress.applied;
        if (!verdict) continue;
        const { first, status, next } = verdict;
        apply({ ...row, type: 'row', first, status, sent }, next);
        if (!first && status === 'recovered') for (const key of row.keys) recovered.add(JSON.stringify(key));
        else resync ||= !first;
      }
      return isKnown ? { keys: recovered.size, resync } : undefined;
    },
    noteHeader: (positions) => {
      for (const [room, position] of Object.entries(positions)) {
        if (isRoom(room)) rooms.set(room, noteHeader(progressOf(room), position));
      }
    },
    resumePosition: (room) => resumePosition(progressOf(room)),
    positionsToSend: () => {
      const positions: Record<Room, Position> = {};
      let left = MAX_POSITIONS_LENGTH;
      // Joined rooms first: of the others a header told, and perhaps nobody joins them.
      const byUse = [...rooms].sort(([, a], [, b]) => Number(!a.applied) - Number(!b.applied));
      for (const [room, progress] of byUse) {
        const position = resumePosition(progress);
        left -= `"${room}":"${position}",`.length;
        if (position && left >= 0) positions[room] = position;
      }
      handshake = positions;
      return positions;
    },
    forget: (room) => {
      rooms.delete(room);
      delete handshake[room];
    },
    forgetAll: () => {
      rooms.clear();
      handshake = {};
    },
  };
}
