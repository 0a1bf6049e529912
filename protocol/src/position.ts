/** A place in one room's sequence: `"<epoch>:<offset>"`. Opaque to applications; compare with {@link comparePositions}. */
export type Position = `${string}:${number}`;

/** A position taken apart. */
export interface ParsedPosition {
  /** Names one incarnation of the sequence; offsets of different epochs are not comparable. */
  readonly epoch: string;
  /** Invalidations published in this epoch so far; grows by one each. */
  readonly offset: number;
}

/** `same`, `older` or `newer` within one epoch; `unrelated` when the epochs differ. */
export type PositionOrder = 'older' | 'same' | 'newer' | 'unrelated';

const POSITION = /^([A-Za-z0-9_-]{1,64}):(0|[1-9][0-9]{0,15})$/;

/** Takes a position apart; `undefined` when it is malformed or its offset exceeds 2^53-1. */
export function parsePosition(value: unknown): ParsedPosition | undefined {
  if (typeof value !== 'string') return undefined;
  const match = POSITION.exec(value);
  if (!match?.[1] || !match[2]) return undefined;
  const offset = Number(match[2]);
  return Number.isSafeInteger(offset) ? { epoch: match[1], offset } : undefined;
}

/** Whether `value` is a well-formed position. */
export function isPosition(value: unknown): value is Position {
  return parsePosition(value) !== undefined;
}

/** Builds a position from its parts. */
export function formatPosition(epoch: string, offset: number): Position {
  return `${epoch}:${offset}`;
}

/** How `a` relates to `b`: `older` when `a` comes before `b`. Malformed positions are `unrelated` to everything. */
export function comparePositions(a: Position, b: Position): PositionOrder {
  const left = parsePosition(a);
  const right = parsePosition(b);
  if (!left || !right || left.epoch !== right.epoch) return 'unrelated';
  if (left.offset === right.offset) return 'same';
  return left.offset < right.offset ? 'older' : 'newer';
}

/** Whether `position` proves that everything up to `target` is included: same epoch and not older. */
export function covers(position: Position, target: Position): boolean {
  const order = comparePositions(position, target);
  return order === 'same' || order === 'newer';
}
