// @vitest-environment node
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs Node in a folder of the repository; rejects with what was printed when it fails. */
async function node(folder: string, ...args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, args, { cwd: `${ROOT}${folder}`, encoding: 'utf8' });
  const { stdout } = await run.catch((failure) => {
    throw new Error(`${failure.stdout}${failure.stderr}`);
  });
  return stdout.trim();
}

const compile = (...args: string[]) => node('.', 'node_modules/typescript/bin/tsc', ...args);

beforeAll(async () => {
  // Nothing to do after `npm run check:types`.
  await compile('-b', 'web');
});

it('what is published is imported and rendered by Node, which then ends by itself', async () => {
  const code = `
    import { LiveQueryProvider, useLiveStatus } from '@querycast/react';
    import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
    import { createElement } from 'react';
    import { renderToString } from 'react-dom/server';
    const Status = () => useLiveStatus().state;
    const page = createElement(LiveQueryProvider, { getToken: () => 'token' }, createElement(Status));
    console.log(renderToString(createElement(QueryClientProvider, { client: new QueryClient() }, page)));
    console.log(import.meta.resolve('@querycast/react'));`;
  const [html, file] = (await node('web', '--input-type=module', '--eval', code)).split('\n');
  expect(html).toBe('connecting');
  expect(file).toMatch(/\/web\/dist\/index\.js$/);
});

it('what is published compiles with the types of the oldest peers, those of the peers included', async () => {
  expect(await compile('-p', 'oldest-peers')).toBe('');
});
