/**
 * A published message as Redis sends it, up to the length of its channel: a push, or an array to a client that could not
 * agree on RESP3, such as one that came while the server was still starting.
 */
const PUSHED = /^[>*]3\r\n\$\d+\r\ns?message\r\n\$(\d+)\r\n/;

/** What a message begins with, as far as that is the same for all; confirmations and some replies begin so as well. */
const BEGINNINGS = ['>3\r\n$', '*3\r\n$'];

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
    const start = held.search(/[>*]3\r\n\$/);
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

/** Whether it has three parts and is no message: the name of its kind is complete, and another one. */
function isOther(text: string): boolean {
  const kind = /^[>*]3\r\n\$\d+\r\n(\w+)\r\n/.exec(text)?.[1];
  return kind !== undefined && !/^s?message$/.test(kind);
}

/** How many characters at the end may be the first ones of a message. */
function beginningAtEnd(text: string): number {
  for (let length = 4; length > 0; length -= 1) {
    if (BEGINNINGS.some((beginning) => text.endsWith(beginning.slice(0, length)))) return length;
  }
  return 0;
}
