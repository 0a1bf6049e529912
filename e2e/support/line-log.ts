import type { Readable } from 'node:stream';

/** What a process wrote, line by line, with a way to wait for a line. */
export interface LineLog {
  readonly lines: readonly string[];
  collect(stream: Readable): void;
  /** The first match of any line, past or to come. Rejects after `timeoutMs` with everything written so far. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
}

/** Creates an empty log. */
export function createLineLog(): LineLog {
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();

  return {
    lines,
    collect(stream) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        const parts = `${rest}${chunk}`.split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) {
          lines.push(line);
          for (const listen of [...listeners]) listen(line);
        }
      });
    },
    waitFor(pattern, timeoutMs) {
      for (const line of lines) {
        const match = pattern.exec(line);
        if (match) return Promise.resolve(match);
      }
      return new Promise((resolve, reject) => {
        const listen = (line: string) => {
          const match = pattern.exec(line);
          if (match) finish(() => resolve(match));
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`no line matched ${pattern} in ${timeoutMs} ms:\n${lines.join('\n')}`))),
          timeoutMs,
        );
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(listen);
          settle();
        };
        listeners.add(listen);
      });
    },
  };
}
