export * from './outbox/call.js';
export * from './outbox/capture.js';
export { isOutage } from './outbox/outage.js';
export { OUTBOX_CHANNEL } from './outbox/outbox-table.js';
export * from './outbox/postgres-listen.js';
export * from './outbox/relay.js';
export type * from './outbox/signal.js';
export type * from './outbox/sql-pool.js';
