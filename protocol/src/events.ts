import type {
  Drain,
  Evicted,
  Expiring,
  Invalidate,
  Joined,
  Left,
  PlainAck,
  Ready,
  Renew,
  Resync,
  Status,
  Subscribe,
  SubscribeAck,
  Unsubscribe,
} from './messages.js';

/** Socket.IO events the gateway sends. */
export interface ServerToClientEvents {
  ready: (message: Ready) => void;
  invalidate: (message: Invalidate) => void;
  resync: (message: Resync) => void;
  status: (message: Status) => void;
  joined: (message: Joined) => void;
  left: (message: Left) => void;
  evicted: (message: Evicted) => void;
  drain: (message: Drain) => void;
  expiring: (message: Expiring) => void;
}

/** Socket.IO events a client sends, all acknowledged. */
export interface ClientToServerEvents {
  subscribe: (message: Subscribe, acknowledge: (answer: SubscribeAck) => void) => void;
  unsubscribe: (message: Unsubscribe, acknowledge: (answer: PlainAck) => void) => void;
  renew: (message: Renew, acknowledge: (answer: PlainAck) => void) => void;
}
