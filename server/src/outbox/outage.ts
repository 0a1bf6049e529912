/**
 * SQLSTATEs that say nothing against the statement: lost connections (08), too many of them (53), a server that stops or
 * starts (57P), a transaction that had to give way (40), a server that has become a standby (25006), a lock that
 * somebody else holds (55P03), a statement that took too long or was cancelled (57014).
 */
const STATES = /^(08|53|57P|40)[0-9A-Z]+$|^(25006|55P03|57014)$/;

const SYSTEM_CODES = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** What `pg` says without a code when a connection breaks, cannot be had in time or does not answer. */
const MESSAGES =
  /^(Connection terminated|timeout (expired|exceeded when trying to connect)|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable)/;

/** Whether an error, or a cause of it, means that a database or another server is away or too busy for now. */
export function isOutage(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < MAX_DEPTH; each = each.cause, depth += 1) {
    const code = 'code' in each && typeof each.code === 'string' ? each.code : '';
    if (STATES.test(code) || SYSTEM_CODES.test(code) || MESSAGES.test(each.message)) return true;
  }
  return false;
}

/** Causes may form a ring. */
const MAX_DEPTH = 8;
