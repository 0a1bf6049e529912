import { mkdir } from 'node:fs/promises';
import { StartError, systemReason } from '../start-error.js';
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
    await mkdir(path, { recursive: true, mode: 0o700 });
    return { path, release: await lockFolder(path, life) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    const message = `The folder DATA_DIR (${path}) cannot be used because ${systemReason(error)}.`;
    throw new StartError('data_dir_unusable', message, { cause: error });
  }
}
