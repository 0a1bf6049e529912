import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { describeError } from '../api/errors.js';
import { FullPage } from '../app/FullPage.js';
import { Notice } from '../app/Notice.js';
import { PageHead } from '../app/PageHead.js';
import { CONTENT_ID } from '../app/SkipLink.js';
import { TopBar } from '../app/TopBar.js';
import { DemoPanes } from './DemoPanes.js';
import classes from './demo-page.module.css';
import { Faults } from './Faults.js';
import { type DemoState, useDemoSessions } from './use-demo-sessions.js';
import { createWire } from './wire.js';

/** Those who act beside the same dashboard kept in two ways. */
export function DemoPage() {
  const [attempt, setAttempt] = useState(0);
  const [wire] = useState(createWire);
  const state = useDemoSessions(attempt);
  if (state.status === 'absent') return <NoDemo />;
  return (
    <>
      <TopBar />
      <main id={CONTENT_ID} tabIndex={-1} className={classes.main}>
        <PageHead
          title="One change, two ways to keep a page fresh"
          intro="Take a step, or be the tutor yourself, and watch both dashboards of the parent. Then put both to the test: cut the wire, change some more, and reconnect."
        />
        <Faults wire={wire} demo={state.status === 'open' ? state.demo : undefined} />
        {state.status === 'failed' && (
          <Notice action={{ label: 'Try again', run: () => setAttempt(attempt + 1) }}>
            {describeError(state.error)}
          </Notice>
        )}
        <Body state={state} wire={wire} />
      </main>
    </>
  );
}

function Body({ state, wire }: { state: DemoState; wire: ReturnType<typeof createWire> }) {
  if (state.status === 'open') return <DemoPanes demo={state.demo} wire={wire} />;
  if (state.status !== 'opening') return null;
  return (
    <div className={classes.panes} aria-busy="true">
      <Skeleton height={420} radius="lg" />
      <Skeleton height={420} radius="lg" />
      <Skeleton height={420} radius="lg" />
    </div>
  );
}

function NoDemo() {
  return (
    <FullPage title="There is no demo here">
      <p>This server runs without demo data. Start it with DEMO_DATA to see the demo.</p>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the start</Button>
    </FullPage>
  );
}
