import { vi } from 'vitest';

/** Of a wait for what must come, in ms; vitest's own second is too short for a machine that does something else as well. */
const PATIENCE_MS = 15_000;

const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options = PATIENCE_MS) => waitFor(callback, options);
vi.waitUntil = (callback, options = PATIENCE_MS) => waitUntil(callback, options);
