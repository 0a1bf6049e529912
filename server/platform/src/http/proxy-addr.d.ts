declare module 'proxy-addr' {
  import type { IncomingMessage } from 'node:http';

  /** The address of a request: the nearest one that is not trusted, or the farthest. */
  const proxyAddress: {
    (request: IncomingMessage, trust: (address: string, hop: number) => boolean): string | undefined;
    compile(trusted: readonly string[]): (address: string, hop: number) => boolean;
  };
  export default proxyAddress;
}
