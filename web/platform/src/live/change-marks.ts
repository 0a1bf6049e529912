/** How often each shown thing has changed since it was first shown; 0 for what was there from the start. */
export interface ChangeMarks {
  /** What `next` was called with last, by id. */
  readonly seen: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, number>;
}

/** A thing on the page: its identity, and a text that differs when what is shown of it differs. */
export type Shown = readonly [id: string, fingerprint: string];

/** Marks of things shown for the first time: nothing has changed yet. */
export function firstMarks(shown: readonly Shown[]): ChangeMarks {
  return { seen: new Map(shown), counts: new Map() };
}

/**
 * Marks after the page shows `shown`: what is new or differs counts one more, the rest keeps its count. Answers the
 * same object when nothing changed, so that it can be compared by identity.
 */
export function nextMarks(previous: ChangeMarks, shown: readonly Shown[]): ChangeMarks {
  const changed = shown.filter(([id, fingerprint]) => previous.seen.get(id) !== fingerprint);
  if (changed.length === 0 && shown.length === previous.seen.size) return previous;
  const counts = new Map<string, number>();
  for (const [id] of shown) counts.set(id, previous.counts.get(id) ?? 0);
  for (const [id] of changed) counts.set(id, (previous.counts.get(id) ?? 0) + 1);
  return { seen: new Map(shown), counts };
}

/** What `next` shows otherwise than `previous`, in fingerprints; `changed` as [before, after]. */
export function changesBetween(previous: ChangeMarks, next: ChangeMarks) {
  const added: string[] = [];
  const changed: [before: string, after: string][] = [];
  for (const [id, fingerprint] of next.seen) {
    const before = previous.seen.get(id);
    if (before === undefined) added.push(fingerprint);
    else if (before !== fingerprint) changed.push([before, fingerprint]);
  }
  const removed = [...previous.seen].filter(([id]) => !next.seen.has(id)).map(([, fingerprint]) => fingerprint);
  return { added, changed, removed };
}
