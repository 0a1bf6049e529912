import type { PaneName, Stage } from './stage.js';
import type { ArrivedTravel } from './trail.js';
import { type ChangedRow, capturedAtMs, findTravel } from './travel.js';
import type { ShownState } from './truth.js';

/** What is known so far of a change that was made. */
export interface Followed {
  /** What the server told of it. */
  readonly travel?: ArrivedTravel;
  /** When each pane showed it, in milliseconds after it was captured; absent while it does not. */
  readonly tookMs: Readonly<Partial<Record<PaneName, number>>>;
}

/** A change to be followed. */
export interface FollowOptions {
  readonly stage: Pick<Stage, 'truth' | 'trail' | 'screens'>;
  readonly changed: ChangedRow;
  /** When it was begun, in milliseconds of `performance.now()`. */
  readonly begunAtMs: number;
  readonly onNews: (followed: Followed) => void;
}

/**
 * Follows a change until both panes show it: what the dashboard really is after it, or after a later one. Answers how to
 * stop. Times count from the moment that the server tells of: nothing is known before it has.
 */
export function followChange({ stage, changed, begunAtMs, onNews }: FollowOptions): () => void {
  const { truth, trail, screens } = stage;
  let after: ShownState | undefined;
  let last: Followed = { tookMs: {} };

  function look(): void {
    const travel = last.travel ?? findTravel(trail.arrived(), changed, begunAtMs);
    if (!travel) return;
    const next = { travel, tookMs: { ...tookOf('querycast', travel), ...tookOf('handWritten', travel) } };
    const isNews = !last.travel || Object.keys(next.tookMs).length > Object.keys(last.tookMs).length;
    if (!isNews) return;
    last = next;
    onNews(next);
  }

  function tookOf(pane: PaneName, travel: ArrivedTravel): Partial<Record<PaneName, number>> {
    const known = last.tookMs[pane];
    if (known !== undefined) return { [pane]: known };
    if (after === undefined) return {};
    const shownAt = screens[pane].shownAt((state) => state === after || state === truth.current(), begunAtMs);
    if (shownAt === undefined) return {};
    // Shown all the while: whoever undoes what a pane has not shown yet leaves it right as it is.
    if (shownAt < begunAtMs) return { [pane]: 0 };
    // What is told of the capture comes late on a busy page, and then seems to be of a moment after it was shown.
    return { [pane]: Math.max(1, shownAt - capturedAtMs(travel)) };
  }

  const stops = [trail, truth, screens.querycast, screens.handWritten].map((each) => each.subscribe(look));
  truth.refresh().then(
    (state) => {
      after = state;
      look();
    },
    // Then the next answer is taken for it, which is of a later moment.
    () => {
      stops.push(
        truth.subscribe(() => {
          after ??= truth.current();
          look();
        }),
      );
    },
  );
  look();
  return () => {
    for (const stop of stops) stop();
  };
}
