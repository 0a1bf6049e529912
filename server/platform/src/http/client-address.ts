import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';

/** Whose `X-Forwarded-…` headers count: only those of a proxy on this machine or in a private network. */
export const TRUSTED_PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

const isTrusted = proxyAddress.compile(TRUSTED_PROXIES);

/**
 * Whom a request that Express never sees, one for a WebSocket, comes from: what `request.ip` of Express would say, by the same
 * rule.
 */
export function clientAddress(request: IncomingMessage): string {
  return proxyAddress(request, isTrusted) ?? '';
}
