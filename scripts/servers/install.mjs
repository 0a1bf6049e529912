import { runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { readOsRelease } from '../setup/os-release.mjs';
import { findProgram, PROGRAMS } from './find.mjs';
import { installCommand } from './install-command.mjs';

/**
 * Makes sure that Redis, PostgreSQL and nginx are there, and installs those that are not.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<void>} Rejects with a `ScriptError` that says what to run or to set.
 */
export async function installMissingServers(root, say) {
  const absent = await missing();
  if (absent.length === 0) return;

  const system = { osRelease: readOsRelease(), platform: process.platform, isRoot: process.getuid?.() === 0 };
  const { command, unasked } = installCommand(
    system,
    absent.map(({ name }) => name),
  );
  const names = absent.map(({ name }) => name).join(', ');
  const variables = absent.map(({ variable }) => variable).join(', ');
  const advice = `${command ? `run "${command.join(' ')}"` : `install ${names}`}, or set ${variables}`;
  if (!command || !unasked) throw new ScriptError(`no ${names} to test with: ${advice}`);

  say(`No ${names} found, installing: ${command.join(' ')}`);
  const [program, ...args] = command;
  const result = await runUninterrupted(program, args, { cwd: root }).catch((cause) => {
    if (cause instanceof ScriptError) throw cause;
    throw new ScriptError(`no ${names} to test with, and "${program}" does not start: ${advice}`, { cause });
  });
  if (result.code !== 0) throw new ScriptError(`no ${names} to test with: ${advice}`);
  const still = await missing();
  if (still.length > 0) throw new ScriptError(`not found even after "${command.join(' ')}": set ${variables}`);
}

/** Those that are not there. One that is there but does not do is for a person to decide about: rejects. */
async function missing() {
  const absent = [];
  for (const program of PROGRAMS) {
    const result = await findProgram(program);
    if ('path' in result) continue;
    if (!result.absent) throw new ScriptError(`${result.problem}: install another one, or correct ${program.variable}`);
    absent.push(program);
  }
  return absent;
}
