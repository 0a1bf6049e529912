import {
  canonicalForm,
  formatPosition,
  MAX_LOG_ENTRIES,
  type Position,
  parsePosition,
  type QueryKey,
  type ResyncReason,
  type RowStatus,
} from '@querycast/protocol';

/** The log as seen from a position. */
export interface LogView {
  readonly position: Position;
  readonly status: RowStatus;
  /** Why, when `status` is `resync`. */
  readonly cause?: ResyncReason;
  /** What was invalidated after the position, when `recovered`. */
  readonly keys: QueryKey[];
}

/** What a room remembers, as `PROTOCOL.md` 3 has it. */
export interface RoomLog {
  readonly position: Position;
  /** Adds an invalidation; answers the position before it. */
  append(key: QueryKey): Position;
  /** What has happened since a position; `fresh` without one. */
  read(since: Position | undefined): LogView;
  /** Begins a new sequence, with nothing in it. */
  restart(): void;
}

/** Counts sequences: that no two of them in one test have the same name is all that an epoch is for. */
let epochs = 0;

/** An empty log. */
export function createRoomLog(): RoomLog {
  const entries = new Map<string, { readonly key: QueryKey; readonly offset: number }>();
  let epoch = '';
  let offset = 0;
  let floor = 0;

  function restart(): void {
    entries.clear();
    epochs += 1;
    epoch = `memory-${epochs}`;
    offset = 0;
    floor = 0;
  }

  function view(since: Position | undefined): Omit<LogView, 'position'> {
    if (since === undefined) return { status: 'fresh', keys: [] };
    const from = parsePosition(since);
    if (from?.epoch !== epoch || from.offset > offset) return { status: 'resync', cause: 'epoch', keys: [] };
    if (from.offset < floor) return { status: 'resync', cause: 'floor', keys: [] };
    const missed = [...entries.values()].filter((entry) => entry.offset > from.offset);
    return { status: 'recovered', keys: missed.map(({ key }) => key) };
  }

  restart();
  return {
    get position() {
      return formatPosition(epoch, offset);
    },
    append: (key) => {
      const prev = formatPosition(epoch, offset);
      const form = canonicalForm(key);
      offset += 1;
      entries.delete(form);
      entries.set(form, { key, offset });
      const [oldest] = entries;
      if (entries.size > MAX_LOG_ENTRIES && oldest) {
        entries.delete(oldest[0]);
        floor = oldest[1].offset;
      }
      return prev;
    },
    read: (since) => ({ position: formatPosition(epoch, offset), ...view(since) }),
    restart,
  };
}
