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

  function refuse(code: Refusal['code'], message: string): Refusal {
    metrics.count('client_messages_refused_total', { code });
    logger.warn({ session: socket.id, user: principal.id, code, reason: message }, 'client message refused');
    return { ok: false, code, message };
  }

  async function mayJoin(room: Room): Promise<boolean> {
    if (session?.isOwn(room)) return true;
    return authorize ? authorize(principal, room) : false;
  }

  return {
    subscribe(message, answer: (ack: SubscribeAck) => void) {
      const request = subscribeSchema.safeParse(message);
      if (!request.success) {
        answer(refuse('bad_request', rules(request.error)));
        return;
      }
      const { room, position } = request.data;
      mayJoin(room).then(
        (allowed) => {
          if (!allowed) answer(refuse('forbidden', 'this room is not open to you'));
          else session?.subscribe(room, position, allowed, answer);
        },
        (err: unknown) => {
          logger.error({ session: socket.id, user: principal.id, room, err }, 'authorization failed');
          answer(refuse('forbidden', 'the right to join could not be checked: try again'));
        },
      );
    },
    unsubscribe(message, answer: (ack: PlainAck) => void) {
      const request = unsubscribeSchema.safeParse(message);
      if (request.success) session?.unsubscribe(request.data.room, answer);
      else answer(refuse('bad_request', rules(request.error)));
    },
    unanswerable() {
      refuse('bad_request', 'every client message needs an acknowledgement');
    },
    closed: () => session?.close(),
  };
}

function rules(error: { issues: readonly { message: string; path: PropertyKey[] }[] }): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`).join('; ');
}
