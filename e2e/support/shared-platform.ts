import { logInAsTutor } from './api.js';
import { restoreStudents } from './demo-state.js';
import type { Stack, StackFactory } from './stack.js';
import { warmUp } from './warm-up.js';

/**
 * A platform for all tests of a worker that leave its servers alone. Starting one takes seconds, most of what such a test
 * would take.
 */
export interface SharedPlatform {
  /** The platform, started when first asked for; the demo's students are as the demo data has them. */
  enter(): Promise<Stack>;
  close(): Promise<void>;
}

/** Shares one of these platforms. */
export function sharePlatform(stacks: StackFactory): SharedPlatform {
  let opened: Promise<Stack> | undefined;

  async function open(): Promise<Stack> {
    const stack = await stacks.start();
    await warmUp(stack.url);
    return stack;
  }

  return {
    async enter() {
      opened ??= open();
      const stack = await opened;
      await restoreStudents(await logInAsTutor(stack.url));
      return stack;
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
