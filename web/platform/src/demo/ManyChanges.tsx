import { IconStack2 } from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import { describeError } from '../api/errors.js';
import { ActionButton } from '../notices/ActionButton.js';
import type { Counter } from './counter.js';
import { requestChanges } from './demo-api.js';
import { Fault } from './Fault.js';
import { sendWithoutCookies } from './pane-session.js';
import type { OpenDemo } from './use-demo-sessions.js';

type State =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly done: number; readonly before: Before }
  | { readonly status: 'done'; readonly tookMs: number; readonly before: Before }
  | { readonly status: 'failed'; readonly why: string };

/** What the panes had fetched before. */
interface Before {
  readonly querycast: number;
  readonly handWritten: number;
}

/** Has the server change the children's progress and goals 500 times, and tells what that cost each pane. */
export function ManyChanges({ demo }: { demo: OpenDemo }) {
  const { live, handWritten } = demo.sessions;
  const [state, setState] = useState<State>({ status: 'idle' });

  async function run(): Promise<void> {
    const before = { querycast: live.requests.count(), handWritten: handWritten.requests.count() };
    const begunAtMs = performance.now();
    setState({ status: 'running', done: 0, before });
    try {
      const token = await live.access.token();
      await requestChanges(sendWithoutCookies, token, ({ done }) => setState({ status: 'running', done, before }));
      setState({ status: 'done', tookMs: performance.now() - begunAtMs, before });
    } catch (error) {
      setState({ status: 'failed', why: describeError(error) });
    }
  }

  const isRunning = state.status === 'running';
  const button = (
    <ActionButton
      variant="default"
      leftSection={<IconStack2 size={18} stroke={1.8} />}
      pending={isRunning}
      onClick={() => void run()}
    >
      500 changes
    </ActionButton>
  );
  return (
    <Fault button={button} {...toneOf(state)}>
      {state.status === 'idle' &&
        'Of both children’s progress and goals, each a commit of its own; the hand-written code hears of each.'}
      {isRunning && `${state.done} of 500 committed …`}
      {state.status === 'failed' && state.why}
      {state.status === 'done' && (
        <>
          Made in {(state.tookMs / 1000).toFixed(1)} s. {/* Silent: every fetch would be read out. */}
          <span aria-live="off">
            Since then <Spent label="Querycast" requests={live.requests} before={state.before.querycast} />,{' '}
            <Spent label="by hand" requests={handWritten.requests} before={state.before.handWritten} />.
          </span>
        </>
      )}
    </Fault>
  );
}

function toneOf({ status }: State): { tone?: 'busy' | 'done' | 'warn' } {
  if (status === 'idle') return {};
  return { tone: status === 'running' ? 'busy' : status === 'done' ? 'done' : 'warn' };
}

function Spent(props: { label: string; requests: Pick<Counter, 'count' | 'subscribe'>; before: number }) {
  const { label, requests, before } = props;
  const spent = useSyncExternalStore(requests.subscribe, requests.count) - before;
  return (
    <span>
      {label} {spent} {spent === 1 ? 'fetch' : 'fetches'}
    </span>
  );
}
