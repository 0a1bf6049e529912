import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { buildContext } from './build-context.mjs';

test('the context holds nothing that git ignores, and no secret', () => {
  const files = buildContext(ROOT);
  expect(files).toContain('package.json');
  expect(files.filter((file) => /(^|\/)\.env|\.test\.tsx?$|\.pem$|\.key$/.test(file))).toEqual([]);
  // Outside of a git checkout nothing is ignored, and git says so with another code.
  const asked = spawnSync('git', ['check-ignore', '--stdin'], { cwd: ROOT, input: files.join('\n'), encoding: 'utf8' });
  expect(asked.stdout ?? '').toBe('');
});
