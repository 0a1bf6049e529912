import type { ReactNode } from 'react';
import classes from './step-result.module.css';
import { formatTook, keysOf, otherRooms, signalText } from './travel.js';
import type { StepState } from './use-step.js';

type Ran = Extract<StepState, { status: 'done' | 'running' | 'idle' }>;

/** What travelled because of a step: the signal, the room, the keys, and how long each pane took to show it. */
export function StepResult({ state, room }: { state: Ran; room: string }) {
  const { said, travel, tookMs } = state.status === 'done' ? state : { said: '', travel: undefined, tookMs: {} };
  const others = travel ? otherRooms(travel, room) : [];
  return (
    <div className={classes.result}>
      <p className={classes.said}>{said || 'On its way …'}</p>
      <dl className={classes.facts}>
        <Fact name="Signal">
          {travel?.changes.map((change) => (
            <Code key={signalText(change)} text={signalText(change)} />
          ))}
        </Fact>
        <Fact name="Room">
          {travel && (
            <>
              <Code text={room} />
              {others.length > 0 && <span className={classes.others}>also {others.join(', ')}</span>}
            </>
          )}
        </Fact>
        <Fact name="Keys">{travel && keysOf(travel, room).map((key) => <Code key={key} text={key} />)}</Fact>
        <Fact name="Published">{travel && <Took ms={travel.publishedAfterMs} />}</Fact>
        <Fact name="On screen">
          {travel && (
            <>
              <Shown label="Querycast" ms={tookMs.querycast} />
              <Shown label="by hand" ms={tookMs.handWritten} />
            </>
          )}
        </Fact>
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact} data-fact={name.toLowerCase()}>
      <dt className={classes.term}>{name}</dt>
      <dd className={classes.value}>{children || '–'}</dd>
    </div>
  );
}

function Code({ text }: { text: string }) {
  return <code className={classes.code}>{text}</code>;
}

function Shown({ label, ms }: { label: string; ms: number | undefined }) {
  return (
    <span className={classes.shown}>
      {label} {ms === undefined ? <span className={classes.waiting}>not yet</span> : <Took ms={ms} />}
    </span>
  );
}

function Took({ ms }: { ms: number }) {
  // Nothing is as fast: the pane has shown all the while what is true after the change.
  return <b className={classes.took}>{ms === 0 ? 'as it was' : formatTook(ms)}</b>;
}
