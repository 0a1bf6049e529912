import type { PlainAck, Refusal, Room, SubscribeAck } from '@querycast/protocol';
import { renewSchema, subscribeSchema, unsubscribeSchema } from '@querycast/protocol/schemas';
import type { Authorize, Principal } from '../auth/authenticate.js';
import type { LogFields, Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { before, RIGHTS_WITHIN_MS } from './before.js';
import type { Rechecks } from './rechecks.js';
import type { createRenewals } from './renewals.js';
import type { SessionHandle, SessionSocket } from './session-host.js';
import type { ClientHandlers } from './socket-io.js';
import type { Timers } from './timers.js';

/** Most renewals of a session in ten seconds: each costs whoever checks tokens and rights a look at their data. */
const MAX_RENEWALS = 5;

const RENEWALS_PER_MS = 10_000;

/** What the door of one client needs. */
export interface ClientDoorOptions {
  /** Absent when the session was refused at the last moment. */
  readonly session: SessionHandle | undefined;
  readonly socket: SessionSocket;
  readonly principal: Principal;
  readonly authorize: Authorize | undefined;
  readonly renew: ReturnType<typeof createRenewals>;
  readonly rechecks: Pick<Rechecks, 'mark' | 'settled' | 'isOutdated'>;
  /** A right could not be asked for; of all clients, as it is so for all of them. */
  readonly tellUnauthorized: (fields: LogFields) => void;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Checks what one client sends and passes it on to its session. */
export function createClientDoor(options: ClientDoorOptions): ClientHandlers {
  const { session, socket, principal, authorize, renew, rechecks, tellUnauthorized, timers, logger, metrics } = options;
  /** Rooms whose right is being checked, each with whether its client left it meanwhile. */
  const checking = new Map<Room, { isCalledOff: boolean }>();
  let renewedAt: number[] = [];
  let refusals = 0;

  function refuse(code: Refusal['code'], message: string): Refusal {
    refusals += 1;
    metrics.count('client_messages_refused_total', { code });
    // One line tells of a broken client; what follows would only fill the log.
    const level = refusals === 1 ? 'warn' : 'debug';
    logger[level]({ session: socket.id, user: principal.id, code, reason: message }, 'client message refused');
    return { ok: false, code, message };
  }

  type Right = 'allowed' | 'forbidden' | 'failed';

  async function check(asked: Principal, room: Room): Promise<Right> {
    try {
      const deadline = timers.now() + RIGHTS_WITHIN_MS;
      return (await before(deadline, timers, () => authorize?.(asked, room) ?? false)) ? 'allowed' : 'forbidden';
    } catch (err) {
      tellUnauthorized({ session: socket.id, user: principal.id, room, err });
      return 'failed';
    }
  }

  /**
   * Finds out whether the client may join, anew when its token was renewed or its rights may have changed meanwhile. `act`
   * runs before anything can change the answer.
   */
  async function withRight(room: Room, act: (right: Right | 'called off') => void): Promise<void> {
    const call = { isCalledOff: false };
    checking.set(room, call);
    const found = (right: Right) => {
      if (!call.isCalledOff) checking.delete(room);
      act(call.isCalledOff ? 'called off' : right);
    };
    for (;;) {
      if (call.isCalledOff || session?.isOwn(room)) return found('allowed');
      const mark = rechecks.mark();
      // As whom it asks is known first: it must not join by what it may have lost.
      if (session && !(await rechecks.settled(session))) return found('failed');
      const asked = session?.principal() ?? principal;
      const right = await check(asked, room);
      if (right === 'failed' || !session || !rechecks.isOutdated(session, asked, mark)) return found(right);
    }
  }

  function isTooOften(): boolean {
    renewedAt = renewedAt.filter((at) => at > timers.now() - RENEWALS_PER_MS);
    return renewedAt.length >= MAX_RENEWALS;
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
      await withRight(room, (right) => {
        if (right === 'allowed') session?.subscribe(room, position, true, answer);
        else if (right === 'called off') answer(refuse('bad_request', 'left before it was joined'));
        else if (right === 'failed')
          answer(refuse('rate_limited', 'the right to join could not be checked: try again'));
        else answer(refuse('forbidden', 'this room is not open to you'));
      });
    },
    async unsubscribe(message, answer: (ack: PlainAck) => void) {
      const request = unsubscribeSchema.safeParse(message);
      if (!request.success) {
        answer(refuse('bad_request', brokenRules(request.error)));
        return;
      }
      const { room } = request.data;
      const call = checking.get(room);
      if (call) call.isCalledOff = true;
      checking.delete(room);
      session?.unsubscribe(room, answer);
    },
    async renew(message, answer: (ack: PlainAck) => void) {
      const request = renewSchema.safeParse(message);
      if (!request.success) {
        answer(refuse('bad_request', brokenRules(request.error)));
        return;
      }
      if (isTooOften()) {
        const limit = `${MAX_RENEWALS} renewals in ${RENEWALS_PER_MS / 1_000} s`;
        answer(refuse('rate_limited', `a session may have ${limit}: try again later`));
        return;
      }
      renewedAt.push(timers.now());
      if (session) await renew(session, request.data.token, answer);
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
