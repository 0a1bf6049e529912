export * from './auth/authenticate.js';
export * from './broker/broker.js';
export * from './observability/logger.js';
export * from './observability/metrics.js';
