/** Takes the place of `node:crypto` in the code of the server: the same, but what is random comes from the seed. */
import { Buffer } from 'node:buffer';
import { virtualHex } from './virtual-globals.js';

export { createHash, timingSafeEqual } from 'node:crypto';

/** Bytes from the seed. */
export function randomBytes(size: number): Buffer {
  return Buffer.from(virtualHex(size), 'hex');
}

/** A UUID from the seed. */
export function randomUUID(): string {
  return virtualHex(16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
