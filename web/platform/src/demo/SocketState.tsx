import classes from './socket-state.module.css';

/** All that the hand-written code knows about its freshness. */
export function SocketState({ connected }: { connected: boolean }) {
  return (
    <span className={classes.state} data-connected={connected} role="status">
      {connected ? 'Socket connected' : 'Socket disconnected'}
    </span>
  );
}
