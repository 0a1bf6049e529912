import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Arguments: a signal, a process id, a folder. Waits up to 5 s for the end, which most programs reach at once. */
const SCRIPT = `
read -r _
kill -s "$1" "$2"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
  kill -0 "$2" || break
  sleep 0.2
done
kill -s KILL "$2"
rm -rf "$3"
`;

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
