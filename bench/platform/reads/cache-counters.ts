/** How reads through the cache ended since the platform started, by result, for one kind of owner. */
export type ReadResults = ReadonlyMap<string, number>;

const LINE = /^querycast_cache_reads_total\{(?<labels>[^}]*)\} (?<value>\d+)$/gm;

/** Asks the platform's metrics. */
export async function readResults(url: string, ownerKind: string): Promise<ReadResults> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const results = new Map<string, number>();
  for (const { groups } of text.matchAll(LINE)) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(groups?.['labels'] ?? '')?.[1] ?? '';
    if (label('owner') === ownerKind) results.set(label('result'), Number(groups?.['value']));
  }
  return results;
}

/**
 * Throws unless all that was read in between ended this way: otherwise what was measured is not what it is called.
 */
export function requireResults(
  before: ReadResults,
  after: ReadResults,
  expected: { readonly result: string; readonly count: number },
): void {
  for (const [result, count] of after) {
    const added = count - (before.get(result) ?? 0);
    const wanted = result === expected.result ? expected.count : 0;
    if (added !== wanted) throw new Error(`${added} reads ended as "${result}" instead of ${wanted}`);
  }
}
