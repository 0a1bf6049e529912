export { type PostgresServer, startPostgres } from './postgres-server.js';
export { redisServerPath } from './programs.js';
export { type RedisServer, type RedisServerOptions, startRedis } from './redis-server.js';
