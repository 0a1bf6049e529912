import { expect, test } from 'vitest';
import { HEAP_NOISE, measureMemory, REDIS_NOISE } from './measure-memory.js';
import { startGatewayStack } from './stack.js';

const ROOMS = 20;
const FEW = 2_000;
const MANY = 30_000;

// What is allowed for noise is a fraction of what the shortest envelope or entry of each of the many would be.
test('many invalidations leave the memory of Redis and gateway where few had left it; ids leave theirs when they end', async () => {
  const stack = await startGatewayStack();
  try {
    const [few, many, ids, later] = await measureMemory(stack, { rooms: ROOMS, looks: [FEW, MANY], withIds: FEW });
    if (!few || !many || !ids || !later) throw new Error('a look is missing');
    expect(many.invalidations - few.invalidations).toBe(MANY - FEW);
    expect(many.redis - few.redis).toBeLessThan(REDIS_NOISE);
    expect(many.heap - few.heap).toBeLessThan(HEAP_NOISE);
    // Else the next line says nothing.
    expect(ids.redis - many.redis).toBeGreaterThan(50 * FEW);
    expect(later.redis - few.redis).toBeLessThan(REDIS_NOISE);
    expect(later.heap - few.heap).toBeLessThan(HEAP_NOISE);
  } finally {
    await stack.close();
  }
}, 60_000);
