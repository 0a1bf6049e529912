import type { Process } from '../chance/virtual-time.js';
import type { Backend, Clients } from '../product/backend.js';
import { type Node, startNode } from '../product/node.js';
import type { Underway } from '../product/page-fetch.js';
import { type RelayProcess, startRelay } from '../product/relay.js';
import type { Seat } from './seat.js';

/** A process with its connections. */
export interface Machine {
  readonly process: Process;
  readonly clients: Clients;
}

/** A place for a process, which is started anew after a crash. */
export interface Place<T extends Machine> {
  readonly name: string;
  readonly boot: (process: Process, backend: Backend) => T;
  running: T | undefined;
}

/** Where the product's own processes run. */
export interface Places {
  readonly nodes: readonly Place<Node>[];
  readonly relays: readonly Place<RelayProcess>[];
  /** What nodes have yet to answer. */
  readonly underway: Underway;
  start<T extends Machine>(place: Place<T>): void;
  kill<T extends Machine>(place: Place<T>): void;
  /** The node that a load balancer would choose now. */
  route(): Node | undefined;
}

/** Creates places in which nothing runs yet. `seats` are those whose connections break with a node. */
export function createPlaces(backend: Backend, seats: readonly Seat[]): Places {
  const { time, random, trace } = backend.tools;
  const nodes = ['node-1', 'node-2'].map((name) => newPlace(name, startNode));
  const relays = ['relay-1', 'relay-2'].map((name) => newPlace(name, startRelay));
  const underway: Underway = new Map();

  function breakOff({ process }: Machine): void {
    for (const { wires } of seats) {
      for (const wire of [...wires]) if (wire.host.process === process) wire.cut();
    }
    for (const fail of underway.get(process) ?? []) fail();
    underway.delete(process);
  }

  return {
    nodes,
    relays,
    underway,
    start(place) {
      const process = time.spawn(place.name);
      trace(place.name, () => 'starts');
      const boot = () => {
        place.running = place.boot(process, backend);
      };
      time.after(0, boot, process);
    },
    kill(place) {
      const victim = place.running;
      if (!victim) return;
      trace(place.name, () => 'killed');
      place.running = undefined;
      time.kill(victim.process);
      for (const client of Object.values(victim.clients)) client.vanish();
      backend.database.forget(victim.process);
      breakOff(victim);
    },
    route() {
      const running = nodes.flatMap((place) => place.running ?? []);
      return running.length > 0 ? random.pick(running) : undefined;
    },
  };
}

function newPlace<T extends Machine>(name: string, boot: Place<T>['boot']): Place<T> {
  return { name, boot, running: undefined };
}
