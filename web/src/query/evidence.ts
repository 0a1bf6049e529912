import { comparePositions, type Position, type Positions, type Room } from '@querycast/protocol';

/** What is known of the data of a query. */
export interface Evidence {
  /** When its fetch began, on the scheduler's own count of events; 0 when unknown. */
  readonly since: number;
  /** Positions its responses carried. */
  readonly positions?: Positions | undefined;
}

/** What data of one room must include. */
export interface Debt {
  readonly position: Position;
  /** When the client learned of it, on the same count. */
  readonly since: number;
  /** Data that includes it was there once. */
  readonly isPaid?: boolean;
}

/** What data must include, by room; paid ones as well: a later answer may be an older one. */
export type Debts = ReadonlyMap<Room, Debt>;

/**
 * Whether data lacks what a debt stands for. A position decides; without one, which of the two came first. What was paid is
 * owed again to an older position of its own sequence alone: of the next one nothing may be heard, its room being left.
 */
export function lacks({ positions, since }: Evidence, room: Room, debt: Debt): boolean {
  const position = positions?.[room];
  if (position === undefined) return since < debt.since;
  const order = comparePositions(position, debt.position);
  return order === 'older' || (order === 'unrelated' && !debt.isPaid);
}

/** The debts, those that data does not lack as paid. */
export function paidBy(evidence: Evidence, debts: Debts): Debts {
  return new Map(
    [...debts].map(([room, debt]) => [room, lacks(evidence, room, debt) ? debt : { ...debt, isPaid: true }]),
  );
}

/** Whether data lacks what any of the debts stands for. */
export function lacksAny(evidence: Evidence, debts: Debts): boolean {
  return [...debts].some(([room, debt]) => lacks(evidence, room, debt));
}

/** Adds a debt: within an epoch the farther position counts, of two epochs the one learned last. */
export function addDebt(debts: Debts, room: Room, debt: Debt): Debts {
  const present = debts.get(room);
  const isFarther = present && comparePositions(present.position, debt.position) === 'newer';
  return new Map(debts).set(room, isFarther ? { ...debt, position: present.position } : debt);
}

/** Whether data was fetched after every one of the debts was known, so that only its source can be behind. */
export function isAfter(evidence: Evidence, debts: Debts): boolean {
  return [...debts.values()].every((debt) => evidence.since > debt.since);
}
