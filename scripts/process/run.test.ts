import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { run } from './run.mjs';

const cwd = fileURLToPath(new URL('.', import.meta.url));
const runUrl = new URL('run.mjs', import.meta.url).href;
const inNode = (code: string, timeoutMs?: number) =>
  run(process.execPath, ['-e', code], { cwd, quiet: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) });

let parent: ChildProcess | undefined;
afterEach(() => {
  parent?.kill('SIGKILL');
});

/** A script that runs `childCode` as its child and ends with its code. */
function startParent(childCode: string) {
  const code = `import { run } from '${runUrl}';
    process.on('SIGINT', () => console.log('parent saw it'));
    const result = await run(process.execPath, ['-e', ${JSON.stringify(childCode)}], { cwd: process.cwd() });
    process.exitCode = result.code;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  parent = child;
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

test('the exit code and the output of a command are answered', async () => {
  expect(await inNode('console.log("out"); console.error("err"); process.exit(3)')).toEqual({
    code: 3,
    timedOut: false,
    interruptedBy: undefined,
    output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
  });
});

test('a command that hangs is killed with its children at the timeout', async () => {
  const result = await inNode(
    'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: "inherit" })',
    500,
  );
  // The output pipe closes only when the grandchild is gone as well.
  expect(result).toMatchObject({ code: 1, timedOut: true });
});

test('a command that does not exist rejects', async () => {
  await expect(run('/nonexistent/command', [], { cwd })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a signal that arrives twice reaches the command once, and its exit code comes back', async () => {
  const { child, lines } = startParent(`
    let count = 0;
    process.on('SIGINT', () => { count += 1; console.log('signal ' + count); });
    process.on('SIGTERM', () => process.exit(40 + count));
    console.log('ready ' + process.pid);
    setInterval(() => {}, 1e6);
  `);
  const ready = (await lines.next()).value as string;
  child.kill('SIGINT');
  const first = [(await lines.next()).value, (await lines.next()).value];
  expect(first.sort()).toEqual(['parent saw it', 'signal 1']);
  child.kill('SIGINT');
  expect((await lines.next()).value).toBe('parent saw it');
  // Sent around the parent: it ends the command with the number of signals seen so far.
  process.kill(Number(ready.split(' ')[1]), 'SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(41);
});
