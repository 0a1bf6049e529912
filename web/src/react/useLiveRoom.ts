import type { Room } from '@querycast/protocol';

/** Joins a room beyond those of the user while the component is mounted; `undefined` joins nothing. */
export function useLiveRoom(_room: Room | undefined): void {
  throw new Error('not there yet');
}
