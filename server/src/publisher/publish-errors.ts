import type { Position, Room } from '@querycast/protocol';

/** One rule that a field broke. */
export interface InvalidationProblem {
  /** Where: `rooms[3]`, `keys[0]`; empty for the message as a whole. */
  readonly path: string;
  /** The broken rule as one sentence; never the value. */
  readonly message: string;
}

/** An invalidation broke the limits of the protocol. Nothing was appended. */
export class InvalidInvalidationError extends Error {
  readonly code = 'invalid_invalidation';
  readonly problems: readonly InvalidationProblem[];

  constructor(problems: readonly InvalidationProblem[], options?: ErrorOptions) {
    const sentences = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    super(`the invalidation was refused and changed nothing: ${sentences.join('; ')}`, options);
    this.name = 'InvalidInvalidationError';
    this.problems = problems;
  }
}

/** The broker did not answer for some rooms; `cause` is the first rejection. */
export class PublishIncompleteError extends Error {
  readonly code = 'publish_incomplete';
  /** Positions of the rooms that accepted. */
  readonly positions: Readonly<Record<Room, Position>>;
  /** Rooms of which nothing is known. */
  readonly failedRooms: readonly Room[];

  constructor(positions: Readonly<Record<Room, Position>>, failedRooms: readonly Room[], options?: ErrorOptions) {
    const accepted = Object.keys(positions).length;
    super(
      `the broker accepted ${accepted} of ${accepted + failedRooms.length} rooms: publish the same invalidation again, with the same id if it has one`,
      options,
    );
    this.name = 'PublishIncompleteError';
    this.positions = positions;
    this.failedRooms = failedRooms;
  }
}
