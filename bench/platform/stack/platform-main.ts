/** The platform in a process of its own. It tells its URL over the channel it was started with, and ends with that channel. */
import { readConfig } from '@querycast/platform-server/src/config.js';
import { createLogger } from '@querycast/platform-server/src/logger.js';
import { startPlatform } from '@querycast/platform-server/src/start-platform.js';

const config = readConfig(process.env);
const logger = createLogger({ level: config.logLevel, node: 'bench' });
const platform = await startPlatform(config, { logger, node: 'bench' });
process.send?.({ url: platform.url });
process.once('disconnect', () => void platform.close().then(() => process.exit()));
