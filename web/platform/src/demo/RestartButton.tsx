import { IconRefreshAlert } from '@tabler/icons-react';
import { useState } from 'react';
import { describeError } from '../api/errors.js';
import { ActionButton } from '../notices/ActionButton.js';
import { requestRestart } from './demo-api.js';
import { Fault } from './Fault.js';
import { sendWithoutCookies } from './pane-session.js';
import type { OpenDemo } from './use-demo-sessions.js';

type State =
  | { readonly status: 'idle' | 'away' }
  | { readonly status: 'back'; readonly tookMs: number }
  | { readonly status: 'failed'; readonly why: string };

/** Restarts the gateway in the running server. */
export function RestartButton({ demo }: { demo: OpenDemo }) {
  const [state, setState] = useState<State>({ status: 'idle' });

  async function run(): Promise<void> {
    const begunAtMs = performance.now();
    setState({ status: 'away' });
    try {
      await requestRestart(sendWithoutCookies, await demo.sessions.live.access.token());
      setState({ status: 'back', tookMs: performance.now() - begunAtMs });
    } catch (error) {
      setState({ status: 'failed', why: describeError(error) });
    }
  }

  const button = (
    <ActionButton
      variant="default"
      leftSection={<IconRefreshAlert size={18} stroke={1.8} />}
      pending={state.status === 'away'}
      onClick={() => void run()}
    >
      Restart the gateway
    </ActionButton>
  );
  return (
    <Fault button={button} {...toneOf(state)}>
      {state.status === 'idle' &&
        'Ends it for two seconds, and the hand-written sockets with it. API and database go on.'}
      {state.status === 'away' && 'It is away. Take a step now: nobody will be told.'}
      {state.status === 'back' &&
        `It was away for ${(state.tookMs / 1000).toFixed(1)} s. Whoever was connected comes back by itself.`}
      {state.status === 'failed' && state.why}
    </Fault>
  );
}

function toneOf({ status }: State): { tone?: 'done' | 'warn' } {
  if (status === 'idle') return {};
  return { tone: status === 'back' ? 'done' : 'warn' };
}
