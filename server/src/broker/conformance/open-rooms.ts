import { expect, it } from 'vitest';
import { BrokerUnavailableError } from '../broker.js';
import { type BrokerUnderTest, freshRoom } from './harness.js';

/** What a broker knows of the rooms that somebody listens to. */
export function openRoomsConformance(use: () => BrokerUnderTest): void {
  it('names the rooms that are open, here or on another node, and no others', async () => {
    const { broker, peer = broker } = use();
    const [here, there, both, closed] = [freshRoom(), freshRoom(), freshRoom(), freshRoom()];
    for (const room of [here, both]) await broker.subscribe(room, () => {});
    for (const room of [there, both]) await peer.subscribe(room, () => {});
    expect(await broker.openRooms([here, there, closed, both, here])).toEqual(new Set([here, there, both]));
    expect(await peer.openRooms([closed])).toEqual(new Set());
    expect(await peer.openRooms([])).toEqual(new Set());
  });

  it('counts a room as open until its last subscriber has left', async () => {
    const { broker, peer = broker } = use();
    const room = freshRoom();
    const leave = await broker.subscribe(room, () => {});
    const leaveToo = await broker.subscribe(room, () => {});
    await leave();
    expect(await peer.openRooms([room])).toEqual(new Set([room]));
    await leaveToo();
    expect(await peer.openRooms([room])).toEqual(new Set());
  });

  it('does not open a room by asking about it, nor by an append or a read', async () => {
    const { broker } = use();
    const room = freshRoom();
    await broker.openRooms([room]);
    await broker.append({ room, keys: [['a']] });
    await broker.read(room);
    expect(await broker.openRooms([room])).toEqual(new Set());
  });

  it('answers about thousands of rooms at once', async () => {
    const { broker } = use();
    const rooms = Array.from({ length: 1_201 }, freshRoom);
    const open = rooms.filter((_, index) => index % 100 === 0);
    for (const room of open) await broker.subscribe(room, () => {});
    expect(await broker.openRooms(rooms)).toEqual(new Set(open));
  });

  it('rejects as unavailable once closed', async () => {
    const { broker } = use();
    await broker.close();
    await expect(broker.openRooms([freshRoom()])).rejects.toBeInstanceOf(BrokerUnavailableError);
  });
}
