/** Something that is due at a moment; of two of the same moment the lower order comes first. */
export interface Timed {
  readonly at: number;
  readonly order: number;
}

/** What is due, the first on top. */
export interface Heap<Entry extends Timed> {
  peek(): Entry | undefined;
  push(entry: Entry): void;
  /** Takes the first away. */
  pop(): void;
}

/** A binary heap by time, then by the order of adding. */
export function createHeap<Entry extends Timed>(): Heap<Entry> {
  const entries: Entry[] = [];
  const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function sink(entry: Entry): void {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const [left, right] = [entries[child], entries[child + 1]];
      if (!left) break;
      if (right && isBefore(right, left)) child += 1;
      const least = entries[child];
      if (!least || isBefore(entry, least)) break;
      entries[index] = least;
      index = child;
    }
    entries[index] = entry;
  }

  return {
    peek: () => entries[0],
    push(entry): void {
      let index = entries.length;
      entries.push(entry);
      while (index > 0) {
        const parentIndex = (index - 1) >> 1;
        const parent = entries[parentIndex];
        if (!parent || isBefore(parent, entry)) break;
        entries[index] = parent;
        index = parentIndex;
      }
      entries[index] = entry;
    },
    pop(): void {
      const last = entries.pop();
      if (last && entries.length > 0) sink(last);
    },
  };
}
