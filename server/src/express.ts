export * from './observability/health.js';
export * from './publisher/position-header.js';
export * from './publisher/publish-routes.js';
