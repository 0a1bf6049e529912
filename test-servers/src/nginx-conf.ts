/** What a test's nginx has of its own. */
export interface NginxPlace {
  readonly port: number;
  /** Ports of the gateways on loopback, in the order of their numbers in the configuration. */
  readonly upstreams: readonly number[];
  /** Holds what the configuration keeps in `/tmp`. */
  readonly folder: string;
  /** Seconds after which a gateway that does not answer is left; default as it is. */
  readonly hungAfterSeconds?: number | undefined;
}

/**
 * The configuration with its addresses replaced, on demand one time limit, and nothing else. Throws when one of them is
 * not there exactly once, or a gateway is left over: then this function and the configuration are out of step.
 */
export function placedNginxConf(conf: string, { port, upstreams, folder, hungAfterSeconds }: NginxPlace): string {
  let placed = replaceOnce(conf, 'listen 8080;', `listen 127.0.0.1:${port};`);
  for (const [index, upstream] of upstreams.entries()) {
    placed = replaceOnce(placed, `server gateway-${index + 1}:3000`, `server 127.0.0.1:${upstream}`);
  }
  if (hungAfterSeconds !== undefined) {
    placed = replaceOnce(placed, 'proxy_read_timeout 10s;', `proxy_read_timeout ${hungAfterSeconds}s;`);
  }
  const left = /server gateway-\S+/.exec(placed)?.[0];
  if (left) throw new Error(`nginx.conf has more gateways than the ${upstreams.length} given: "${left}"`);
  return placed.replaceAll(/(?<=\s)\/tmp\//g, `${folder}/`);
}

function replaceOnce(text: string, from: string, to: string): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`nginx.conf does not hold "${from}" exactly once: test-servers/src/nginx-conf.ts has to follow it`);
  }
  return `${before}${to}${after}`;
}
