import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { describeError } from '../api/errors.js';
import { FullPage } from '../app/FullPage.js';
import { Notice } from '../app/Notice.js';
import { PageHead } from '../app/PageHead.js';
import { TopBar } from '../app/TopBar.js';
import { DemoPanes } from './DemoPanes.js';
import classes from './demo-page.module.css';
import { PanesSummary } from './PanesSummary.js';
import { type DemoState, useDemoSessions } from './use-demo-sessions.js';
import { WireSwitch } from './WireSwitch.js';
import { createWire } from './wire.js';

/** Three people side by side: one acts, two watch the same dashboard kept in two ways. */
export function DemoPage() {
  const [attempt, setAttempt] = useState(0);
  const [wire] = useState(createWire);
  const state = useDemoSessions(attempt);
  if (state.status === 'absent') return <NoDemo />;
  return (
    <>
      <TopBar />
      <main className={classes.main}>
        <PageHead
          title="One change, two ways to keep a page fresh"
          intro="Assign a subject as the tutor and watch both dashboards of the parent. Then cut the wire, change some more, and reconnect."
        >
          <div className={classes.wire}>
            <PanesSummary sessions={state.status === 'open' ? state.sessions : undefined} />
            <WireSwitch wire={wire} />
          </div>
        </PageHead>
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
  if (state.status === 'open') return <DemoPanes sessions={state.sessions} wire={wire} />;
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
