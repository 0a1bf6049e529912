import classes from './faults.module.css';
import { ManyChanges } from './ManyChanges.js';
import { PanesSummary } from './PanesSummary.js';
import { RestartButton } from './RestartButton.js';
import type { OpenDemo } from './use-demo-sessions.js';
import { WireSwitch } from './WireSwitch.js';
import type { Wire } from './wire.js';

/** What puts both panes to the test alike; on a phone it stays within reach while one looks at any of them. */
export function Faults({ wire, demo }: { wire: Wire; demo: OpenDemo | undefined }) {
  return (
    <section className={classes.faults} aria-label="Put both to the test">
      <PanesSummary stage={demo?.stage} />
      <div className={classes.row}>
        <WireSwitch wire={wire} />
        {demo && <ManyChanges demo={demo} />}
        {demo?.canRestartGateway && <RestartButton demo={demo} />}
      </div>
    </section>
  );
}
