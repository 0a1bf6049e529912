import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StartError, systemCode, systemReason } from '../start-error.js';
import { lockFolder, type ProcessLife } from './lock-folder.js';

/** A folder that belongs to this process until released. */
export interface DataDir {
  readonly path: string;
  /** Lets the next process in. Idempotent. */
  release(): Promise<void>;
}

/**
 * Makes the folder when it is missing, private to its owner, and locks it. Rejects with {@link StartError}
 * `data_dir_unusable` or `data_dir_in_use`.
 */
export async function openDataDir(path: string, life?: ProcessLife): Promise<DataDir> {
  try {
    await makeFolder(resolve(path));
    return { path, release: await lockFolder(path, life) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    const message = `The folder DATA_DIR (${path}) cannot be used because ${systemReason(error)}.`;
    throw new StartError('data_dir_unusable', message, { cause: error });
  }
}

/**
 * Makes the folder and those above it. Not by `mkdir` with `recursive`, which never ends where the file system answers
 * "no such folder" although the one above exists, as `/proc` does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}
