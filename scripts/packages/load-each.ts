import { execFile } from 'node:child_process';

/** Imports each entry point in a process of its own, as code of the app does: `loads`, or what Node says about it. */
export async function loadEach(app: string, entries: readonly string[]): Promise<Record<string, string>> {
  const outcomes = entries.map(async (entry) => [entry, await load(app, entry)] as const);
  return Object.fromEntries(await Promise.all(outcomes));
}

function load(app: string, entry: string): Promise<string> {
  const args = ['--input-type=module', '-e', `await import('${entry}')`];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: app }, (error, _stdout, stderr) => {
      resolve(error === null ? 'loads' : (/Cannot find package '[^']+'/.exec(stderr)?.[0] ?? stderr));
    });
  });
}
