import type { PlainAck, Refusal, Room, SubscribeAck } from '@querycast/protocol';
import { subscribeSchema, unsubscribeSchema } from '@querycast/protocol/schemas';
import type { Authorize, Principal } from '../auth/authenticate.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { SessionHandle, SessionSocket } from './session-host.js';
import type { ClientHandlers } from './socket-io.js';

/** What the door of one client needs. */
export interface ClientDoorOptions {
  /** Absent when the session was refused at the last moment. */
  readonly session: SessionHandle | undefined;
  readonly socket: SessionSocket;
  readonly principal: Principal;
  readonly authorize: Authorize | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Checks what one client sends and passes it on to its session. */
export function createClientDoor(options: ClientDoorOptions): ClientHandlers {
  const { session, socket, principal, authorize, logger, metrics } = options;
  /** Rooms whose right is being checked, each with the way to call it off. */
  const checking = new Map<Room, () => void>();
  let refusals = 0;

  function refuse(code: Refusal['code'], message: string): Refusal {
    refusals += 1;
    metrics.count('client_messages_refused_total', { code });
    // One line tells of a broken client; what follows would only fill the log.
    const level = refusals === 1 ? 'warn' : 'debug';
    logger[level]({ session: socket.id, user: principal.id, code, reason: message }, 'client message refused');
    return { ok: false, code, message };
  }

  /** Asks for the right to join; `called off` when the client left meanwhile. */
  async function check(room: Room): Promise<'allowed' | 'forbidden' | 'failed' | 'called off'> {
    if (session?.isOwn(room)) return 'allowed';
    if (!authorize) return 'forbidden';
    let isCalledOff = false;
    checking.set(room, () => {
      isCalledOff = true;
    });
    let isAllowed: boolean;
    try {
      isAllowed = await authorize(principal, room);
    } catch (err) {
      logger.error({ session: socket.id, user: principal.id, room, err }, 'authorization failed');
      return 'failed';
    } finally {
      if (!isCalledOff) checking.delete(room);
    }
    if (isCalledOff) return 'called off';
    return isAllowed ? 'allowed' : 'forbidden';
  }

  return {
    async subscribe(message, answer: (ack: SubscribeAck) => void) {
      const request = subscribeSchema.safeParse(message);
      if (!request.success) {
        answer(refuse('bad_request', brokenRules(request.error)));
        return;
      }
      const { room, position } = request.data;
      if (checking.has(room)) {
        answer(refuse('rate_limited', 'this room is being joined already: wait for its row'));
        return;
      }
      const right = await check(room);
      if (right === 'allowed') session?.subscribe(room, position, true, answer);
      else if (right === 'called off') answer(refuse('bad_request', 'left before it was joined'));
      else if (right === 'failed') answer(refuse('forbidden', 'the right to join could not be checked: try again'));
      else answer(refuse('forbidden', 'this room is not open to you'));
    },
    async unsubscribe(message, answer: (ack: PlainAck) => void) {
      const request = unsubscribeSchema.safeParse(message);
      if (!request.success) {
        answer(refuse('bad_request', brokenRules(request.error)));
        return;
      }
      const { room } = request.data;
      checking.get(room)?.();
      checking.delete(room);
      session?.unsubscribe(room, answer);
    },
    unanswerable() {
      refuse('bad_request', 'every client message needs an acknowledgement');
    },
    slow: () => session?.slow(),
    drained: () => session?.drained() ?? false,
    flooded() {
      metrics.count('flooded_sockets_cut_total');
      logger.warn({ session: socket.id, user: principal.id }, 'client asks without reading the answers, cut');
      socket.cut();
    },
    closed: () => session?.close(),
  };
}

/** The rules a message broke, as sentences of ours: those of the schema library may quote what the client sent. */
function brokenRules(error: { issues: readonly { code: string; message: string; path: PropertyKey[] }[] }): string {
  const rules = error.issues.map(({ code, message, path }) => {
    if (code === 'unrecognized_keys') return 'the message has unknown fields';
    if (code === 'invalid_type' && path.length === 0) return 'the message must be an object';
    return message;
  });
  return [...new Set(rules)].join('; ');
}
