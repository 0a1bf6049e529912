import { comparePositions, isRoom, type Position, type Positions, type Room } from '@querycast/protocol';
import type { Query, QueryClient } from '@tanstack/react-query';

/** What the responses of one fetch of a query prove together. */
export interface FetchNote {
  /** The fetch they belong to: TanStack gives every fetch a signal of its own. */
  readonly signal: AbortSignal | undefined;
  /** Positions that all responses so far carried, the oldest of each room; `undefined` before the first response. */
  positions: Positions | undefined;
  /** `dataUpdateCount` when the fetch began: data of a later count is data of this fetch or newer. */
  readonly updateCount: number;
}

/** The notes of one query cache. Written by `liveFetch`, with or without a provider; read by the binder. */
export interface HeaderNotes {
  /** The note of the fetch that `signal` belongs to, begun if need be. */
  noteOf(query: Query, signal: AbortSignal | undefined): FetchNote;
  /** Adds a successful response; without a header it proves nothing, and so does the whole fetch. */
  answered(note: FetchNote, positions: Positions | undefined): void;
  /** What the responses of the query's present fetch, or of its last one, prove. */
  provenBy(query: Query): Positions | undefined;
  /** What is proven of the data the query holds; `undefined` when its note is of another fetch. */
  provenOfData(query: Query): Positions | undefined;
  /** A fetch begins: what was noted for former ones is void. */
  clear(query: Query): void;
  /** Calls back for every header; answers the unsubscribe. */
  onHeader(listener: (positions: Positions) => void): () => void;
}

const notesOfClients = new WeakMap<QueryClient, HeaderNotes>();

/** The notes of a query client; made when first asked for. */
export function headerNotesOf(queryClient: QueryClient): HeaderNotes {
  const known = notesOfClients.get(queryClient);
  if (known) return known;
  const created = createHeaderNotes();
  notesOfClients.set(queryClient, created);
  return created;
}

/** Positions that hold for both: per room the older one; a room that one lacks, or of two epochs, is left out. */
export function commonPositions(left: Positions, right: Positions): Positions {
  const common: Record<Room, Position> = {};
  for (const [room, position] of Object.entries(left)) {
    const other = isRoom(room) ? right[room] : undefined;
    if (!isRoom(room) || other === undefined) continue;
    const order = comparePositions(position, other);
    if (order !== 'unrelated') common[room] = order === 'older' ? position : other;
  }
  return common;
}

function createHeaderNotes(): HeaderNotes {
  const notes = new WeakMap<Query, FetchNote>();
  const listeners = new Set<(positions: Positions) => void>();

  /** A fetch that replaces another one silently begins without an action: the note of the aborted one is not its own. */
  function validNote(query: Query): FetchNote | undefined {
    const note = notes.get(query);
    return note?.signal?.aborted ? undefined : note;
  }

  return {
    noteOf: (query, signal) => {
      const present = notes.get(query);
      if (present && present.signal === signal) return present;
      const begun = { signal, positions: undefined, updateCount: query.state.dataUpdateCount };
      notes.set(query, begun);
      return begun;
    },
    answered: (note, positions) => {
      note.positions = note.positions ? commonPositions(note.positions, positions ?? {}) : (positions ?? {});
      if (positions) for (const listener of listeners) listener(positions);
    },
    provenBy: (query) => validNote(query)?.positions,
    provenOfData: (query) => {
      const note = validNote(query);
      return note && query.state.dataUpdateCount === note.updateCount + 1 ? note.positions : undefined;
    },
    clear: (query) => {
      notes.delete(query);
    },
    onHeader: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
