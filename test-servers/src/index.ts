export { type Authority, type Certificate, createAuthority } from './certificates.js';
export { type DeafProxy, startDeafProxy } from './deaf-proxy.js';
export { type NginxOptions, type NginxServer, startNginx } from './nginx-server.js';
export { freePort } from './port.js';
export { type PostgresServer, type PostgresServerOptions, startPostgres } from './postgres-server.js';
export { postgresProgramPath, redisCliPath, redisServerPath } from './programs.js';
export { type MonitoredCommand, monitorRedis } from './redis-monitor.js';
export { type RedisSentinelOptions, startSentinel } from './redis-sentinel.js';
export { type RedisServer, type RedisServerOptions, startRedis } from './redis-server.js';
