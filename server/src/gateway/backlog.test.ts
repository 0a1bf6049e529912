import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { watchBacklog } from './backlog.js';

const MESSAGE = 'x'.repeat(10_000);
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

let outlet: EventEmitter;
let told: string[];
let keepsBack: boolean;

beforeEach(() => {
  outlet = new EventEmitter();
  told = [];
  keepsBack = false;
  watchBacklog(outlet, {
    slow: () => void told.push('slow'),
    drained() {
      told.push('drained');
      return keepsBack;
    },
    flooded: () => void told.push('flooded'),
  });
});

function write(count: number, data = MESSAGE): void {
  for (let index = 0; index < count; index += 1) outlet.emit('packetCreate', { type: 'message', data });
}

describe('a socket', () => {
  it('is quick as long as what waits is handed over, however much that is', async () => {
    for (let round = 0; round < 50; round += 1) {
      write(10);
      outlet.emit('drain');
    }
    await later();
    expect(told).toEqual([]);
  });

  it('may get more at once than may wait, when that is taken at once', async () => {
    write(100);
    outlet.emit('drain');
    await later();
    expect(told).toEqual([]);
  });

  it('is slow once too much waits, which is said once and not in the midst of writing', async () => {
    write(100);
    expect(told).toEqual([]);
    await later();
    write(100);
    await later();
    expect(told).toEqual(['slow']);
  });

  it('that was slow has drained when all was handed over, and again after each write while more is kept back', async () => {
    write(20);
    await later();
    keepsBack = true;
    outlet.emit('drain');
    await later();
    keepsBack = false;
    for (let round = 0; round < 3; round += 1) outlet.emit('drain');
    await later();
    outlet.emit('drain');
    await later();
    expect(told[0]).toBe('slow');
    expect(told.filter((word) => word === 'slow')).toHaveLength(1);
    expect(told.at(-1)).toBe('drained');
    const drained = told.length;
    outlet.emit('drain');
    await later();
    expect(told).toHaveLength(drained);
  });

  it('can become slow again', async () => {
    for (let round = 0; round < 2; round += 1) {
      write(20);
      await later();
      outlet.emit('drain');
      await later();
    }
    expect(told).toEqual(['slow', 'drained', 'slow', 'drained']);
  });

  it('is flooded by many small messages that nobody keeps back', async () => {
    write(1_024, 'x');
    await later();
    expect(told).toEqual(['slow']);
    write(1, 'x');
    await later();
    expect(told).toEqual(['slow', 'flooded']);
  });
});
