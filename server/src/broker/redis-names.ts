import type { Room } from '@querycast/protocol';

/** Names of a room's keys and of its channel. The braces are a hash tag: in a cluster a room lives in one slot. */
export interface RedisNames {
  head(room: Room): string;
  log(room: Room): string;
  /** Set while a repetition of the change `id` changes nothing. */
  id(room: Room, id: string): string;
  /** The sharded channel that carries the room's envelopes. */
  channel(room: Room): string;
  /** Written now and then, to see whether the server takes writes; with a number, in one slot or another of a cluster. */
  probe(n?: number): string;
  /** The sharded channel on which a node hears itself; with a number, in one slot or another of a cluster. */
  beat(node: string, n?: number): string;
  /** Whether a channel is one of {@link beat}; no room has such a channel. */
  isBeat(channel: string): boolean;
}

/** The names under a prefix. */
export function redisNames(prefix: string): RedisNames {
  const beats = `${prefix}beat:`;
  return {
    head: (room) => `${prefix}{${room}}:head`,
    log: (room) => `${prefix}{${room}}:log`,
    id: (room, id) => `${prefix}{${room}}:id:${id}`,
    channel: (room) => `${prefix}{${room}}`,
    probe: (n) => (n === undefined ? `${prefix}probe` : `${prefix}probe:{${n}}`),
    beat: (node, n) => (n === undefined ? `${beats}${node}` : `${beats}{${n}}:${node}`),
    isBeat: (channel) => channel.startsWith(beats),
  };
}
