import { type AckCode, decodeSubscribeAck } from '@querycast/protocol';
import type { Connector } from './connector.js';
import { type Pace, persist } from './persist.js';

/**
 * Gives the running session a newer token, with backoff until the gateway takes one or forbids it; answers how to call it
 * off. When nothing comes of it, the gateway cuts the connection in the end, and the next one has a new token.
 */
export function startRenewal(
  pace: Pace,
  request: Connector['request'],
  newToken: () => Promise<string>,
  onRefused: (code: AckCode, message: string) => void,
): () => void {
  const send = async (isOff: () => boolean) => {
    const token = await newToken();
    // The connection that it was for may be gone: the next one has a token of its own.
    return isOff() ? undefined : request('renew', { token });
  };
  return persist(pace, send, (answer) => {
    // Refusals of all requests are alike, and what is none is consent.
    const ack = decodeSubscribeAck(answer);
    if (!ack || ack.ok) return true;
    onRefused(ack.code, ack.message);
    return ack.code === 'forbidden';
  });
}
