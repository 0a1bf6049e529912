import { connect } from 'node:net';
import type { RedisServer } from './redis-server.js';

/** A command that a server has carried out. */
export interface MonitoredCommand {
  /** Its name, as it was written, and its arguments. */
  readonly words: readonly string[];
  /** Address of the client that sent it; `lua` when a script did. */
  readonly source: string;
}

/** `1339518083.107412 [0 127.0.0.1:60866] "keys" "*"` */
const LINE = /^\+[\d.]+ \[\d+ (\S+)\] (.*)$/;

/** What stands for a byte that a line cannot have in it. */
const ESCAPE = /\\(x[0-9a-f]{2}|.)/g;
const BYTES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

/** A server that is being monitored. */
export interface RedisMonitor {
  /** Resolves when everything has been heard that was carried out before. Rejects when something was missed. */
  heard(): Promise<void>;
  close(): void;
}

/**
 * Hears of every command that a server without TLS carries out, whoever sends it, in the server's order (MONITOR). Resolves
 * once it hears. Rejects when the server refuses.
 *
 * It speaks to the socket itself: ioredis takes a command that arrives in one piece with the answer to its MONITOR for
 * the answer to something that it has not asked.
 */
export function monitorRedis(
  { port, cli }: Pick<RedisServer, 'port' | 'cli'>,
  onCommand: (command: MonitoredCommand) => void,
): Promise<RedisMonitor> {
  const marks = new Map<string, () => void>();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const ended = new Promise<never>((_, fail) => {
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('the connection of MONITOR was closed')));
    });
    // Before it hears; from then on `heard` tells.
    ended.catch(reject);
    let rest = '';
    // One character a byte: a piece may end within a letter.
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      const lines = (rest + piece).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, source, words] = LINE.exec(line) ?? [];
        if (source !== undefined && words !== undefined) hear({ words: wordsOf(words), source });
        else if (line === '+OK') resolve({ heard, close: () => socket.destroy() });
        else socket.destroy(new Error(`not a line of MONITOR: ${line}`));
      }
    });

    function hear(command: MonitoredCommand): void {
      const found = marks.get(command.words[1] ?? '');
      if (found) found();
      else onCommand(command);
    }

    async function heard(): Promise<void> {
      const mark = `mark ${Math.random()}`;
      const isHeard = new Promise<void>((found) => marks.set(mark, found));
      await cli('ECHO', mark);
      await Promise.race([isHeard, ended]);
    }

    socket.write('MONITOR\r\n');
  });
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => {
    const bytes = word.replace(ESCAPE, (_, code: string) =>
      code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (BYTES[code] ?? code),
    );
    return Buffer.from(bytes, 'latin1').toString();
  });
}
