import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bundle } from '../simulation/run/bundle.js';
import { bundleModel } from './run/bundle-model.js';
import { runModel } from './run/run-model.js';
import { SCENES } from './scenes.js';

/** `MODEL_DEPTH` is how many events the sequences have, instead of as many as each scene says. */
const depth = process.env['MODEL_DEPTH'];

let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleModel();
}, 60_000);

afterAll(() => bundle.remove());

test.each(SCENES)(
  '$name: whatever happens in whatever order, at rest nothing is stale, and no rule is broken on the way',
  async (scene) => {
    const startMs = performance.now();
    const { sequences, longest, broken } = await runModel(bundle, scene, Number(depth ?? scene.depth));
    const seconds = (performance.now() - startMs) / 1_000;
    console.log(`${scene.name}: ${sequences} sequences of up to ${longest} events in ${seconds.toFixed(1)} s`);
    expect(broken && `${broken.rule}: ${broken.events.join(', ')}`).toBeUndefined();
    expect(longest).toBe(Number(depth ?? scene.depth));
  },
  24 * 3_600_000,
);
