import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError, systemCode, systemReason } from '../start-error.js';

/** 48 bytes: 384 bits, and 64 characters of base64url without padding. */
const SECRET_BYTES = 48;
const MIN_KEPT_LENGTH = 32;

/** A secret that outlives the process. */
export interface KeptSecret {
  readonly value: string;
  /** Where it is kept, for a person to find; readable by the owner only. */
  readonly file: string;
}

/**
 * Reads the secret kept under this name in a locked folder, or makes one at the first start. Rejects with
 * {@link StartError} `data_dir_unusable`, also when the file is too short to be a secret: replacing it would silently
 * log everybody out.
 */
export async function keepSecret(folder: string, name: string): Promise<KeptSecret> {
  const file = join(folder, name);
  const kept = await readKept(file);
  if (kept === undefined) return { value: await make(file), file };
  if (kept.length >= MIN_KEPT_LENGTH) return { value: kept, file };
  throw new StartError('data_dir_unusable', `The file ${file} holds no usable secret: delete it to have one made.`);
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
}

async function make(file: string): Promise<string> {
  const value = randomBytes(SECRET_BYTES).toString('base64url');
  try {
    await writeFile(file, `${value}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(file, error);
  }
  return value;
}

function unusable(file: string, cause: unknown): StartError {
  const message = `The file ${file} cannot be used because ${systemReason(cause)}.`;
  return new StartError('data_dir_unusable', message, { cause });
}
