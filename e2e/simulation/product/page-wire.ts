import { decodeConnectRefusal } from '@querycast/protocol';
import type { LiveTransport, TransportHandlers } from '../../../web/src/client/transport.js';
import type { Process } from '../chance/virtual-time.js';
import { createPipe, type Weather } from '../model/pipe.js';
import type { ModelTools } from '../model/redis-server.js';
import type { GatewayEnd, GatewayHost } from './gateway-host.js';

/** One connection of a page to a gateway. */
export interface Wire {
  readonly host: GatewayHost;
  /** Both ends notice that it is over. */
  cut(): void;
}

/** How a page finds gateways. */
export interface WireOptions {
  readonly tools: ModelTools;
  readonly page: Process;
  readonly weather: Weather;
  /** The gateway that a load balancer would choose now. */
  readonly route: () => GatewayHost | undefined;
  readonly wires: Set<Wire>;
  /** Sees every message before the client does. */
  readonly inspect: (event: string, payload: unknown) => void;
}

const CONNECT_TIMEOUT_MS = 20_000;
const ACKNOWLEDGE_WITHIN_MS = 10_000;

/** A transport over the model's network: what Socket.IO does for one connection. */
export function createWireTransport(options: WireOptions): LiveTransport {
  return { connect: (handlers) => connect(options, handlers) };
}

function connect({ tools, page, weather, route, wires, inspect }: WireOptions, handlers: TransportHandlers) {
  const { time, random, trace } = tools;
  const host = route();
  const requests = new Set<(error: Error) => void>();
  let over = false;
  let gateway: GatewayEnd | undefined;

  function end(tell: () => void): void {
    if (over) return;
    over = true;
    cancelTimeout();
    wires.delete(wire);
    up.close();
    down.close();
    for (const reject of requests) reject(new Error('connection closed'));
    tell();
  }

  const target = host?.process ?? page;
  const up = createPipe({ time, random, weather, to: target });
  const down = createPipe({ time, random, weather, to: page });
  let isGoneThere = false;
  const goneThere = () =>
    void time.after(
      random.between(0.1, 5),
      () => {
        isGoneThere = true;
        gateway?.gone();
      },
      target,
    );
  const wire: Wire = {
    host: host ?? { tools, process: page, accept: undefined },
    cut: () => {
      goneThere();
      time.after(random.between(0.1, 5), () => end(() => handlers.onClose('transport close')), page);
    },
  };
  const fail = (message: string) => end(() => handlers.onProblem({ message }));
  const cancelTimeout = time.after(CONNECT_TIMEOUT_MS, () => {
    goneThere();
    fail('timeout');
  });

  if (!host || weather.isCut) time.after(1, () => fail('websocket error'), page);
  else {
    wires.add(wire);
    handlers.auth().then(
      (auth) => {
        const sent: unknown = JSON.parse(JSON.stringify(auth));
        up.send(() => {
          if (!host.accept || gateway || isGoneThere) return;
          gateway = host.accept(
            {
              down,
              opened: () =>
                down.send(() => {
                  cancelTimeout();
                  handlers.onOpen();
                }),
              refused: (data) =>
                down.send(() => end(() => handlers.onProblem(decodeConnectRefusal(data) ?? { message: 'refused' }))),
              message: (event, payload) =>
                down.send(() => {
                  trace(page.name, () => `<- ${event} ${JSON.stringify(payload)}`);
                  inspect(event, payload);
                  handlers.onMessage(event, payload);
                }),
              closed: (reason) => down.send(() => end(() => handlers.onClose(reason))),
            },
            sent,
          );
        });
      },
      () => fail('no token'),
    );
  }

  return {
    request: (event: 'subscribe' | 'unsubscribe', payload: object) =>
      new Promise<unknown>((resolve, reject) => {
        if (over) {
          reject(new Error('connection closed'));
          return;
        }
        requests.add(reject);
        const late = () => reject(new Error('operation has timed out'));
        const cancelLate = time.after(ACKNOWLEDGE_WITHIN_MS, late, page);
        const text = JSON.stringify(payload);
        trace(page.name, () => `-> ${event} ${text}`);
        up.send(() =>
          gateway?.request(event, JSON.parse(text), (acknowledgement) => {
            const answer = JSON.stringify(acknowledgement);
            down.send(() => {
              trace(page.name, () => `<- ack ${answer}`);
              inspect('ack', JSON.parse(answer));
              cancelLate();
              resolve(JSON.parse(answer));
            });
          }),
        );
      }),
    close: () => {
      goneThere();
      end(() => {});
    },
  };
}
