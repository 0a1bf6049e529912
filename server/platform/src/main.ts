import { randomBytes } from 'node:crypto';
import closeWithGrace from 'close-with-grace';
import { type Distributed, databaseOf, serversOf } from './config/distributed.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { DEMO_PASSWORD } from './db/demo-data.js';
import { demoAccounts } from './demo/demo-routes.js';
import { createLogger } from './logger.js';
import { StartError } from './start-error.js';
import { type Platform, startPlatform } from './start-platform.js';

/** Longest that stopping may take before the process ends anyway, in milliseconds. */
const STOP_MS = 4_800;

try {
  const config = readConfig(process.env);
  const node = randomBytes(6).toString('hex');
  const logger = createLogger({ level: config.logLevel, node });
  const platform = await startPlatform(config, { logger, node });
  closeWithGrace({ delay: STOP_MS, logger: false }, async ({ err }) => {
    if (err) logger.error({ err }, 'unexpected error, stopping');
    await platform.close();
  });
  announce(config, platform);
  logger.info({ url: platform.url }, 'listening');
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** The first thing a newcomer needs comes first. */
function announce(config: Config, { url, publishTokenFile }: Platform): void {
  const lines = config.demoData ? [`Demo:      ${url}/demo`] : [];
  lines.push(`Log in at: ${url}/`);
  if (publishTokenFile !== undefined) lines.push(`The token for POST /v1/invalidations is kept in ${publishTokenFile}`);
  if (config.demoData) {
    lines.push('', `Accounts, all with the password "${DEMO_PASSWORD}":`);
    for (const { email, name, note } of demoAccounts) lines.push(`  ${email.padEnd(20)} ${name.padEnd(15)} ${note}`);
  }
  if (config.distributed) lines.push('', ...serverLines(config.distributed));
  lines.push('', 'Stop with Ctrl-C.');
  console.log(lines.join('\n'));
}

/** Never a URL, which may hold a password. */
function serverLines({ databaseUrl, redis, cache }: Distributed): string[] {
  return [
    `Database:  ${databaseOf(databaseUrl)}`,
    `Redis:     ${serversOf(redis)}`,
    `Cache:     ${cache ? serversOf(cache) : 'off'}`,
  ];
}
