export * from './keys.js';
export type * from './responses.js';
export * from './rooms.js';
