import { printed } from './programs.js';

/** Whom a program runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Another user's ids when this process is root: `postgres` where its package made one, else `nobody`. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await accountOf('postgres')) ?? (await accountOf('nobody'));
}

async function accountOf(name: string): Promise<Account | undefined> {
  try {
    return { uid: Number(await printed('id', ['-u', name])), gid: Number(await printed('id', ['-g', name])) };
  } catch {
    // There is no such user on this machine.
    return undefined;
  }
}
