import type { RedisClient } from './check-servers.js';

/** What servers say that will not change by waiting, and the end of a sentence about it. */
const ANSWERS: readonly (readonly [said: RegExp, means: string])[] = [
  [/\b(WRONGPASS|NOAUTH)\b/, 'it refuses the user or the password'],
  [/cluster support disabled/i, 'it belongs to no cluster: name it by REDIS_URL'],
  [/unknown command '?sentinel/i, 'it is no Sentinel: name it by REDIS_URL'],
];

/** Hears the errors of a client from now on, and answers why its server, though it answers, will never let it in. */
export function hearAnswers(client: RedisClient): { why(): string | undefined; stop(): void } {
  let why: string | undefined;
  const hear = (error: Error) => {
    const { message } = rootOf(error);
    why = ANSWERS.find(([said]) => said.test(message))?.[1];
  };
  client.on('error', hear);
  return { why: () => why, stop: () => void client.off('error', hear) };
}

/** A Cluster's error says that all nodes failed; the last one's own error is within. */
function rootOf(error: Error): Error {
  return 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError : error;
}
