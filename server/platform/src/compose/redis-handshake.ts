import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisTarget } from '@querycast/server/redis';
import { certificateProblem, isOurCertificateProblem } from '../certificate-problem.js';
import { systemCode } from '../start-error.js';

/** Why nobody gets as far as the first answer of a server. */
export interface HandshakeProblem {
  /** The end of a sentence. */
  readonly reason: string;
  /** Whether waiting cannot help. */
  readonly isFinal: boolean;
}

/** Longest wait for a connection and its first byte, in milliseconds. */
const TIMEOUT_MS = 2_000;

/**
 * Connects once to each address of a target, to find what its client cannot tell: that of a Cluster or of Sentinels knows
 * of any failure but that the connection was closed. `undefined` when a server answers, or nothing can be reached. Never
 * rejects.
 */
export async function handshakeProblem(target: RedisTarget): Promise<HandshakeProblem | undefined> {
  const urls = 'url' in target ? [target.url] : 'cluster' in target ? target.cluster : target.sentinels;
  const defaultPort = 'sentinels' in target ? 26_379 : 6_379;
  const problems = await Promise.all(urls.map((url) => problemAt(new URL(url), defaultPort)));
  return problems.every((problem) => problem !== undefined) ? problems[0] : undefined;
}

function problemAt(url: URL, defaultPort: number): Promise<HandshakeProblem | undefined> {
  const isTls = url.protocol === 'rediss:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || defaultPort);
  return new Promise((resolve) => {
    let connected = false;
    const socket: Socket = isTls ? connectTls({ host, port, servername: nameOf(host) }) : connect({ host, port });
    const settle = (problem?: HandshakeProblem) => {
      socket.destroy();
      resolve(problem);
    };
    // A server without TLS waits for the rest of what it takes for a command; one that hangs says nothing to anybody.
    socket.setTimeout(TIMEOUT_MS, () => settle(connected && isTls ? unlikeThis(isTls) : undefined));
    socket.once('connect', () => {
      connected = true;
      // Whoever speaks Redis answers something, if only that nobody may ask.
      if (!isTls) socket.write('PING\r\n');
    });
    socket.once(isTls ? 'secureConnect' : 'data', () => settle());
    socket.once('error', (error) => {
      const code = systemCode(error);
      const reason = certificateProblem(code, 'with NODE_EXTRA_CA_CERTS');
      if (reason !== undefined) settle({ reason, isFinal: isOurCertificateProblem(code) });
      else settle(connected ? unlikeThis(isTls) : undefined);
    });
    socket.once('close', () => settle(connected ? unlikeThis(isTls) : undefined));
  });
}

/** It takes connections and no more. So does a proxy whose server is away: it may come back. */
function unlikeThis(isTls: boolean): HandshakeProblem {
  return {
    reason: isTls
      ? 'it does not answer to TLS: without TLS it is named by redis://'
      : 'it hangs up on a connection without TLS: with TLS it is named by rediss://',
    isFinal: false,
  };
}

/** An address is no name to ask for (RFC 6066, 3). */
function nameOf(host: string): string {
  return /^[0-9.]+$|:/.test(host) ? '' : host;
}
