/** Tells on standard error what is being done; standard output is for the figures. */
export interface Progress {
  /** A line of its own. */
  say(line: string): void;
  /** Names what is being done, then how long it took. Rejects as `body` does. */
  step<T>(what: string, body: () => Promise<T>): Promise<T>;
}

/** Begins to count the time. */
export function createProgress(): Progress {
  const startedAt = performance.now();
  const seconds = (fromMs: number) => ((performance.now() - fromMs) / 1_000).toFixed(1);
  const say = (line: string) => void process.stderr.write(`[${seconds(startedAt).padStart(6)} s] ${line}\n`);
  return {
    say,
    async step(what, body) {
      const beganAt = performance.now();
      say(`${what} …`);
      const result = await body();
      say(`  done in ${seconds(beganAt)} s`);
      return result;
    },
  };
}
