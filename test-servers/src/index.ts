export { type NginxOptions, type NginxServer, startNginx } from './nginx-server.js';
export { type PostgresServer, startPostgres } from './postgres-server.js';
export { redisServerPath } from './programs.js';
export { type RedisServer, type RedisServerOptions, startRedis } from './redis-server.js';
