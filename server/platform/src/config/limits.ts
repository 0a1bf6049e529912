import type { GatewayLimits } from '@querycast/server';

/** The variable of each limit of the gateway. What is not set has the gateway's own default. */
export const LIMIT_VARIABLES = {
  MAX_HANDSHAKES_PER_ADDRESS: 'handshakesPerAddress',
  MAX_PENDING_PER_ADDRESS: 'pendingPerAddress',
  MAX_CONNECTIONS_PER_ADDRESS: 'connectionsPerAddress',
  MAX_CONNECTIONS_PER_USER: 'connectionsPerUser',
  HANDSHAKE_TIMEOUT_MS: 'handshakeTimeoutMs',
  MAX_MESSAGES_PER_SOCKET: 'messagesPerSocket',
  MAX_SUBSCRIBES_PER_SOCKET: 'subscribesPerSocket',
} as const satisfies Record<string, keyof GatewayLimits>;

/** The limits that were set; absent when none was. */
export function limitsOf(variables: Readonly<Partial<Record<keyof typeof LIMIT_VARIABLES, number | undefined>>>): {
  readonly limits?: Partial<GatewayLimits>;
} {
  const given = Object.entries(LIMIT_VARIABLES).flatMap(([variable, limit]) => {
    const value = new Map(Object.entries(variables)).get(variable);
    return value === undefined ? [] : [[limit, value]];
  });
  return given.length === 0 ? {} : { limits: Object.freeze(Object.fromEntries(given)) };
}
