/** A published message as Redis pushes it (RESP3), up to the length of its channel. */
const PUSHED = /^>3\r\n\$\d+\r\ns?message\r\n\$(\d+)\r\n/;

/** What a pushed message begins with, as far as that is the same for all; confirmations begin so as well. */
const BEGINNING = '>3\r\n$';

/** Longest beginning of a push that tells what it is, its channel's length included, in bytes. */
const MAX_HEADER_BYTES = 40;

/**
 * Takes what a Redis server sends, piece by piece, and answers what of it goes on to the client: everything but the
 * published messages whose channel is swallowed. Nothing else is looked into, so a reply must not hold what looks like a
 * pushed message.
 */
export function createPushFilter(swallows: (channel: string) => boolean): (piece: Buffer) => Buffer {
  let held = '';

  /** Takes what can be judged from the front of `held`; `undefined` until more has come. */
  function next(): string | undefined {
    const start = held.indexOf(BEGINNING);
    if (start !== 0) return take(start > 0 ? start : held.length - beginningAtEnd(held));
    const channelBytes = Number(PUSHED.exec(held)?.[1] ?? Number.NaN);
    if (Number.isNaN(channelBytes)) return held.length < MAX_HEADER_BYTES && !isOther(held) ? undefined : take(1);
    const channelAt = PUSHED.exec(held)?.[0].length ?? 0;
    const lengthAt = channelAt + channelBytes + 3;
    const lengthEnd = held.indexOf('\r\n', lengthAt);
    if (lengthEnd === -1) return undefined;
    const end = lengthEnd + 2 + Number(held.slice(lengthAt, lengthEnd)) + 2;
    if (held.length < end) return undefined;
    const channel = Buffer.from(held.slice(channelAt, channelAt + channelBytes), 'latin1').toString();
    const message = take(end) ?? '';
    return swallows(channel) ? '' : message;
  }

  function take(bytes: number): string | undefined {
    if (bytes === 0) return undefined;
    const taken = held.slice(0, bytes);
    held = held.slice(bytes);
    return taken;
  }

  return (piece) => {
    // One character per byte.
    held += piece.toString('latin1');
    let passed = '';
    for (let part = next(); part !== undefined; part = next()) passed += part;
    return Buffer.from(passed, 'latin1');
  };
}

/** Whether it is a push of three parts that is no message: the name of its kind is complete, and another one. */
function isOther(text: string): boolean {
  const kind = /^>3\r\n\$\d+\r\n(\w+)\r\n/.exec(text)?.[1];
  return kind !== undefined && !/^s?message$/.test(kind);
}

/** How many characters at the end may be the first ones of a push. */
function beginningAtEnd(text: string): number {
  for (let length = BEGINNING.length - 1; length > 0; length -= 1) {
    if (text.endsWith(BEGINNING.slice(0, length))) return length;
  }
  return 0;
}
