/** Fields of a log line: ids, counts, codes; never tokens, payloads or personal data. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the library writes its log. Matches pino's argument order; `pino()` can be passed as it is. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Writes nothing; the default everywhere. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
