import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.js';
import { bundleModel } from './run/bundle-model.js';
import { runModel } from './run/run-model.js';
import { SCENES } from './scenes.js';

test.each(MUTANTS)(
  'it is noticed when $name',
  async ({ name, scene: sceneName, patches }) => {
    const scene = SCENES.find((each) => each.name === sceneName);
    if (!scene) throw new Error(`no such scene: ${sceneName}`);
    const bundle = await bundleModel(patches);
    try {
      const { broken } = await runModel(bundle, scene, scene.depth);
      console.log(`${name}: ${broken?.rule}: ${broken?.events.join(', ')}`);
      expect(broken).toBeDefined();
    } finally {
      await bundle.remove();
    }
  },
  600_000,
);
