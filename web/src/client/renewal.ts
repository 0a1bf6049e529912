import { decodeSubscribeAck, type Refusal } from '@querycast/protocol';
import type { Connector } from './connector.js';
import { type Pace, persist } from './persist.js';

/**
 * Gives the running session a newer token, with backoff until there is one and the gateway takes or forbids it; answers how
 * to call it off. When nothing comes of it, the gateway cuts the connection in the end, and the next one has a new token.
 */
export function startRenewal(
  pace: Pace,
  request: Connector['request'],
  newToken: () => Promise<string>,
  onTaken: (token: string) => void,
  onRefused: (refusal: Refusal) => void,
): () => void {
  let token = '';
  const send = async (isOff: () => boolean) => {
    token = await newToken();
    // The connection that it was for may be gone: the next one has a token of its own.
    return isOff() ? undefined : request('renew', { token });
  };
  return persist(pace, send, (answer) => {
    // Refusals of all requests are alike, and what is none is consent.
    const ack = decodeSubscribeAck(answer);
    if (!ack || ack.ok) {
      onTaken(token);
      return true;
    }
    onRefused(ack);
    return ack.code === 'forbidden';
  });
}
