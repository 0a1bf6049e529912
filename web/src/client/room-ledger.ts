import type { Invalidate, Position, Positions, Resync, Room, Row } from '@querycast/protocol';
import { isRoom } from '@querycast/protocol';
import type { LiveEvent, RowEvent } from './live-event.js';
import {
  judgeFrame,
  judgeResync,
  judgeRow,
  noteHeader,
  type RoomProgress,
  resumePosition,
  unknownRoom,
} from './positions.js';

/** A row and the position it answers. */
export interface AnsweredRow {
  readonly row: Row;
  readonly sent: Position | undefined;
}

/** What rows of rooms that were known before brought. */
export interface Recovery {
  readonly keys: number;
  readonly resync: boolean;
}

/** Options of {@link createRoomLedger}. */
export interface RoomLedgerOptions {
  /** Marks the queries as stale; answers whether that succeeded. */
  readonly tell: (event: LiveEvent) => boolean;
  readonly askForRow: (room: Room) => void;
}

/** The client's positions. They move only after what lies before them was applied. */
export interface RoomLedger {
  applyFrame(frame: Invalidate): void;
  applyResync(resync: Resync): void;
  /** Applies rows; answers what was recovered, or nothing when all of them were first rows. */
  applyRows(rows: readonly AnsweredRow[]): Recovery | undefined;
  /** Pairs rows with the positions of the last handshake. */
  withSent(rows: readonly Row[]): AnsweredRow[];
  noteHeader(positions: Positions): void;
  resumePosition(room: Room): Position | undefined;
  /** The positions for a handshake, remembered for {@link withSent}. */
  positionsToSend(): Record<Room, Position>;
  forget(room: Room): void;
  forgetAll(): void;
}

/** Empty positions. */
export function createRoomLedger({ tell, askForRow }: RoomLedgerOptions): RoomLedger {
  const rooms = new Map<Room, RoomProgress>();
  let sentPositions: Record<Room, Position> = {};
  const progressOf = (room: Room) => rooms.get(room) ?? unknownRoom;

  function applyRow({ row, sent }: AnsweredRow): RowEvent | undefined {
    const { room, position, keys } = row;
    const verdict = judgeRow(progressOf(room), row, sent);
    if (!verdict.apply) return undefined;
    const { first, status } = verdict;
    const event = { type: 'row' as const, room, position, keys, first, status, ...(sent && { sent }) };
    if (tell(event)) rooms.set(room, verdict.next);
    return event;
  }

  return {
    applyFrame: (frame) => {
      const { room, position, keys, spreadMs } = frame;
      const verdict = judgeFrame(progressOf(room), frame);
      if (!verdict.apply) return;
      if (tell({ type: 'frame', room, position, keys, spreadMs })) rooms.set(room, verdict.next);
      if (verdict.subscribe) askForRow(room);
    },
    applyResync: ({ room, position, spreadMs }) => {
      const verdict = judgeResync(progressOf(room), position);
      if (tell({ type: 'resync', room, position, spreadMs })) rooms.set(room, verdict.next);
    },
    applyRows: (answered) => {
      const events = answered.map((entry) => ({ known: isKnown(entry.row.room), event: applyRow(entry) }));
      const later = events.filter(({ known }) => known);
      if (later.length === 0) return undefined;
      const recovered = later.flatMap(({ event }) => (event?.status === 'recovered' ? event.keys : []));
      return {
        keys: new Set(recovered.map((key) => JSON.stringify(key))).size,
        resync: later.some(({ event }) => event !== undefined && event.status !== 'recovered'),
      };
    },
    withSent: (rows) => rows.map((row) => ({ row, sent: sentPositions[row.room] })),
    noteHeader: (positions) => {
      for (const [room, position] of Object.entries(positions)) {
        if (isRoom(room)) rooms.set(room, noteHeader(progressOf(room), position));
      }
    },
    resumePosition: (room) => resumePosition(progressOf(room)),
    positionsToSend: () => {
      const positions: Record<Room, Position> = {};
      for (const [room, progress] of rooms) {
        const position = resumePosition(progress);
        if (position !== undefined) positions[room] = position;
      }
      sentPositions = positions;
      return positions;
    },
    forget: (room) => {
      rooms.delete(room);
      delete sentPositions[room];
    },
    forgetAll: () => {
      rooms.clear();
      sentPositions = {};
    },
  };

  function isKnown(room: Room): boolean {
    return rooms.get(room)?.applied !== undefined;
  }
}
