import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError, systemCode } from '../start-error.js';

/** Tells processes apart; the default asks the system. */
export interface ProcessLife {
  readonly pid: number;
  /**
   * Names the life of a process, or `undefined` when none has this pid. Systems give a pid out again: on Linux the
   * answer holds when the process began, elsewhere only that it lives.
   */
  identify(pid: number): Promise<string | undefined>;
}

const LOCK_NAME = /^lock-([1-9][0-9]*)$/;

/**
 * Locks a folder against a second process, by a file `lock-<pid>` that says which life of that pid made it. What a
 * crash leaves behind is recognised and removed. Each process writes its own file first and only then looks at the
 * others', so of two that start at once at most one goes on. Resolves to the release. Rejects with {@link StartError}
 * `data_dir_in_use`, or with the system's error.
 *
 * It holds among processes that see each other. Two containers or hosts on one volume do not: both may be pid 1, and
 * neither boot id nor start time tells a living stranger from one's own crashed predecessor, which must be able to start
 * again. A folder therefore belongs to one host, and there to one container; whoever mounts it twice must see to that.
 */
export async function lockFolder(folder: string, life: ProcessLife = systemLife): Promise<() => Promise<void>> {
  const ownFile = join(folder, `lock-${life.pid}`);
  await claim(ownFile, (await life.identify(life.pid)) ?? '', life.pid);
  for (const name of await readdir(folder)) {
    const pid = Number(LOCK_NAME.exec(name)?.[1]);
    if (!Number.isSafeInteger(pid) || pid === life.pid) continue;
    if (await isHeld(join(folder, name), pid, life)) {
      await rm(ownFile, { force: true });
      throw inUse(pid);
    }
    await rm(join(folder, name), { force: true });
  }
  return () => rm(ownFile, { force: true });
}

/** A file of our own pid is either a leftover of a former life, or this very process has the folder open already. */
async function claim(ownFile: string, identity: string, pid: number): Promise<void> {
  try {
    await writeFile(ownFile, identity, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    if ((await readFile(ownFile, 'utf8')) === identity) throw inUse(pid);
    await writeFile(ownFile, identity, { mode: 0o600 });
  }
}

async function isHeld(file: string, pid: number, life: ProcessLife): Promise<boolean> {
  const [holder, living] = await Promise.all([readFile(file, 'utf8').catch(() => undefined), life.identify(pid)]);
  // An unreadable file counts as held: refusing to start is safe, two writers on one database are not. A file that is
  // empty was just made by a process that is still writing it.
  if (living === undefined) return false;
  return holder === undefined || holder === '' || holder === living;
}

function inUse(pid: number): StartError {
  const message = `The folder DATA_DIR is in use by another process (pid ${pid}): stop it or choose another folder.`;
  return new StartError('data_dir_in_use', message);
}

const systemLife: ProcessLife = {
  pid: process.pid,
  async identify(pid) {
    if (!isAlive(pid)) return undefined;
    try {
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ]);
      // Field 22 is the start time; the name in field 2 may hold spaces, so count from its closing bracket.
      const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      return `${boot.trim()} ${startedAt}`;
    } catch {
      // Not Linux: that the process lives is all the system tells without a native module.
      return 'alive';
    }
  },
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
