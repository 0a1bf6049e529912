export type * from './postgres-server.js';
export type * from './redis-server.js';
