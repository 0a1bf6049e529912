export * from './observability/health.js';
export * from './publisher/position-header.js';
export * from './publisher/publish-routes.js';
export { MAX_PUBLISH_BYTES } from './publisher/publish-size.js';
export type { PublishToken } from './publisher/publish-tokens.js';
export { isRoomPrefix } from './publisher/room-scope.js';
