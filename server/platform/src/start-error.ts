/** The platform cannot start; the message is the one sentence a person needs. */
export class StartError extends Error {
  readonly code:
    | 'data_dir_unusable'
    | 'data_dir_in_use'
    | 'database_unusable'
    | 'redis_unusable'
    | 'redis_of_another_database'
    | 'address_unusable';

  constructor(code: StartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}

/** The system's own code of an error, such as `EACCES`; empty when it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What a system code means, in words for a sentence. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return SYSTEM_REASONS[code] ?? (code || 'of an unknown error');
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'it is not a folder',
  EADDRINUSE: 'it is already in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'this host name is unknown',
};
