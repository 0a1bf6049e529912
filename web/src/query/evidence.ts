import { comparePositions, isRoom, type Position, type Positions, type Room } from '@querycast/protocol';

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
  readonly isPaid?: boolean | undefined;
  /** The position in the sequence before, where that ended: what still has it comes from the past. */
  readonly former?: Position | undefined;
}

/** What data must include, by room; paid ones as well: a later answer may be an older one. */
export type Debts = ReadonlyMap<Room, Debt>;

/**
 * Whether data lacks what a debt stands for. A position decides; without one, which of the two came first. What was paid is
 * owed again to an older position, or one of the sequence before; of the next one nothing may be heard, its room being left.
 */
export function lacks({ positions, since }: Evidence, room: Room, { position, ...debt }: Debt): boolean {
  const reached = positions?.[room];
  if (reached === undefined) return since < debt.since;
  const order = comparePositions(reached, position);
  if (order !== 'unrelated') return order === 'older';
  return !debt.isPaid || (debt.former !== undefined && comparePositions(reached, debt.former) !== 'unrelated');
}

/** The debts, and as paid ones the positions of data: a later answer may be older than it. */
export function withPaid(debts: Debts, { positions = {}, since }: Evidence): Debts {
  const all = new Map(debts);
  for (const [room, position] of Object.entries(positions)) {
    if (!isRoom(room)) continue;
    const present = all.get(room);
    const isFarther = !present || comparePositions(position, present.position) === 'newer';
    if (isFarther) all.set(room, { ...present, position, since, isPaid: true });
  }
  return all;
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
  const order = present && comparePositions(present.position, debt.position);
  return new Map(debts).set(room, {
    ...debt,
    position: present && order === 'newer' ? present.position : debt.position,
    former: order === 'unrelated' ? present?.position : present?.former,
  });
}

/** Whether data was fetched after every one of the debts was known, so that only its source can be behind. */
export function isAfter(evidence: Evidence, debts: Debts): boolean {
  return [...debts.values()].every((debt) => evidence.since > debt.since);
}
