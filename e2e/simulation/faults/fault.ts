import type { World } from '../world/world.js';

/** What a fault hits: recovery is exact where neither log nor database is concerned. */
export type Side = 'client' | 'gateway' | 'backend';

/** Something that goes wrong for a while. */
export interface Fault {
  readonly name: string;
  readonly side: Side;
  /** Begins it; answers what happens at its end. */
  begin(world: World): () => void;
  /** How long it may last, in milliseconds. */
  readonly lasts: readonly [from: number, to: number];
  /** What the doors without an outbox publish meanwhile may be lost: they are durable as far as Redis is. */
  readonly losesDoors?: true;
  /** Nothing but the sweep notices it; what else the sweep finds at rest is the mistake of another mechanism. */
  readonly isForSweep?: true;
}
