import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../observability/logger.js';
import { settleWithin } from './settle-within.js';

/** Follows what Sentinels say of the master, for one client. */
export interface MasterWatch {
  /**
   * Given to the client as `natMap`: hears which address it is about to connect to, as `host:port`, and answers the
   * master's instead when that is one of those that only Sentinels cut off from the others still name.
   */
  redirect(address: string): { readonly host: string; readonly port: number } | null;
  /** Makes the client connect anew whenever it is connected to another server than the master; ends with the client. */
  follow(client: Redis): void;
}

/** Between two questions to the Sentinels, in milliseconds. */
const ASK_INTERVAL_MS = 2_000;

/** Longest wait for a Sentinel, in milliseconds. */
const ASK_TIMEOUT_MS = 2_000;

/** What one Sentinel says. */
interface Opinion {
  readonly host: string;
  readonly port: number;
  /** Counts the failovers the Sentinel knows of. */
  readonly epoch: number;
}

const addressSchema = z.tuple([z.string(), z.coerce.number()]);
const fieldsSchema = z.array(z.string());

/**
 * Asks all Sentinels again and again, instead of listening to them: what they tell is missed by whoever is not connected
 * to them at that moment. The one that knows of the newest failover is right: one that is cut off together with an old
 * master goes on to name that.
 */
export function watchMaster(options: {
  readonly name: string;
  /** A connection to each Sentinel, made anew for each question, with errors that nobody else hears. */
  readonly connectSentinels: () => readonly Redis[];
  /** What tells this client from others in the log. */
  readonly labels: Readonly<Record<string, string>>;
  readonly logger: Logger;
}): MasterWatch {
  const { name, connectSentinels, labels, logger } = options;
  let master: Opinion | undefined;
  /** Addresses that older failovers led to, or none. */
  let outdated = new Set<string>();
  /** Where the client connected to last. */
  let connected: string | undefined;
  let answering = true;

  async function ask(client: Redis): Promise<void> {
    const asked = connected;
    const answers = await Promise.allSettled(connectSentinels().map((sentinel) => opinionOf(sentinel, name)));
    const opinions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    if (answering && opinions.length === 0) {
      const [failed] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
      logger.warn({ ...labels, message: failed instanceof Error ? failed.message : 'unknown' }, 'no sentinel answers');
    }
    answering = opinions.length > 0;
    const newest = Math.max(...opinions.map(({ epoch }) => epoch));
    const right = opinions.filter(({ epoch }) => epoch === newest);
    // What was said before the client connected elsewhere does not count against that.
    if (right.length === 0 || connected !== asked) return;
    const masters = new Set(right.map(addressOf));
    [master] = right;
    outdated = new Set(opinions.map(addressOf).filter((address) => !masters.has(address)));
    if (client.status !== 'ready' || asked === undefined || masters.has(asked)) return;
    logger.warn({ ...labels }, 'redis master replaced');
    client.disconnect(true);
  }

  return {
    redirect(address) {
      const target = master !== undefined && outdated.has(address) ? master : undefined;
      connected = target ? addressOf(target) : address;
      return target ? { host: target.host, port: target.port } : null;
    },
    follow(client) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let asking = false;
      async function askNow(): Promise<void> {
        if (asking) return;
        asking = true;
        clearTimeout(timer);
        await ask(client);
        asking = false;
        if (client.status !== 'end') timer = setTimeout(() => void askNow(), ASK_INTERVAL_MS).unref();
      }
      // At once as well: the client believed the first Sentinel that answered.
      client.on('ready', () => void askNow());
      client.once('end', () => clearTimeout(timer));
    },
  };
}

async function opinionOf(sentinel: Redis, name: string): Promise<Opinion> {
  try {
    const asked = Promise.all([
      sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
      sentinel.call('SENTINEL', 'MASTER', name),
    ]);
    const [address, about] = await settleWithin(ASK_TIMEOUT_MS, asked);
    const [host, port] = addressSchema.parse(address);
    const fields = fieldsSchema.parse(about);
    return { host, port, epoch: z.coerce.number().parse(fields[fields.indexOf('config-epoch') + 1]) };
  } finally {
    sentinel.disconnect();
  }
}

function addressOf({ host, port }: Opinion): string {
  return `${host}:${port}`;
}
