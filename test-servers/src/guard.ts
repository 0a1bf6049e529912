import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const SCRIPT = 'read -r _; kill -s "$1" "$2" 2>/dev/null; sleep 0.2; kill -s KILL "$2" 2>/dev/null; rm -rf "$3"';

/**
 * Ends a server and removes its folder when this process ends without having done so, also by SIGKILL or as a worker
 * thread that is cut off: a shell waits for the other end of its stdin to vanish. Exit hooks run in neither case.
 *
 * @returns Calls it off; to be done once the server has ended, before its process id can name another process.
 */
export function guard(server: { pid: number | undefined; signal: NodeJS.Signals; folder: string }): () => void {
  if (server.pid === undefined) return () => {};
  const signal = server.signal.replace(/^SIG/, '');
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', signal, String(server.pid), server.folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    // What ends this process group, such as Ctrl-C, must not end the guard before its work.
    detached: true,
  });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
