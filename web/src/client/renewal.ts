import { decodeSubscribeAck, type Refusal } from '@querycast/protocol';
import type { Connector } from './connector.js';
import { type Pace, persist } from './persist.js';

/** Options of {@link startRenewal}. */
export interface RenewalOptions extends Pace {
  readonly request: Connector['request'];
  /** Asks the application for a newer token. */
  readonly newToken: () => Promise<string>;
  /** The gateway did not take the token. */
  readonly onRefused: (code: Refusal['code'], message: string) => void;
}

/**
 * Gives the running session a newer token, with backoff until the gateway has taken one or forbids it; answers how to
 * call it off. When nothing comes of it, the gateway cuts the connection in the end, and the next one has a new token.
 */
export function startRenewal(options: RenewalOptions): () => void {
  const send = async (isOff: () => boolean) => {
    const token = await options.newToken();
    // The connection that it was for may be gone: the next one has a token of its own.
    return isOff() ? undefined : options.request('renew', { token });
  };
  return persist(options, send, (answer) => {
    // Refusals of all requests are alike.
    const ack = decodeSubscribeAck(answer);
    if (ack && !ack.ok) options.onRefused(ack.code, ack.message);
    return ack ? !ack.ok && ack.code === 'forbidden' : isOk(answer);
  });
}

function isOk(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
}
