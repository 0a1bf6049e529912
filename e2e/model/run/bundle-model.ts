import { fileURLToPath } from 'node:url';
import { type Bundle, bundleWithProduct, type Patch } from '../../simulation/run/bundle.js';

/** The model with the product, patched or as it is. */
export function bundleModel(patches: readonly Patch[] = []): Promise<Bundle> {
  return bundleWithProduct(fileURLToPath(new URL('worker.ts', import.meta.url)), patches);
}
