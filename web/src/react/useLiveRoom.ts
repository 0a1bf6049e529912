import type { Room } from '@querycast/protocol';
import { useEffect } from 'react';
import type { LiveClient } from '../client/live-client.js';
import { useLiveClient } from './live-context.js';

/**
 * Joins a room beyond those of the user while the component is mounted; `undefined` joins nothing. Takes the client of
 * the surrounding `LiveQueryProvider` unless one is given; throws `LiveProviderMissingError` without either. A room that
 * the gateway refuses or takes away stands in the status, as `refusedRooms`.
 *
 * Let the server name the room in its responses too (`roomsOf` of `positionHeader`): data without a position of the room
 * is not proven to be current, and every live query is fetched once more when the room's first row comes.
 *
 * @example
 * ```tsx
 * useLiveRoom(classId === undefined ? undefined : `class:${classId}`);
 * ```
 */
export function useLiveRoom(room: Room | undefined, client?: LiveClient): void {
  const found = useLiveClient('useLiveRoom', client);
  useEffect(() => (room === undefined ? undefined : found.joinRoom(room)), [found, room]);
}
