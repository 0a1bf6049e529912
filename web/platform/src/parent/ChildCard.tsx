import type { DashboardChild } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Monogram } from '../app/Monogram.js';
import { Glow } from '../live/Glow.js';
import { ProgressRing } from '../progress/ProgressRing.js';
import classes from './child-card.module.css';
import { NewestPlans } from './NewestPlans.js';
import { NewestReports } from './NewestReports.js';
import { SubjectList } from './SubjectList.js';

/** One child on the parent's dashboard. */
export function ChildCard({ child, linked }: { child: DashboardChild; linked: boolean }) {
  return (
    <article className={classes.card} aria-label={child.name}>
      <ChildHead child={child} linked={linked} />
      {child.goal && (
        <p className={classes.goal}>
          <Glow value={child.goal} />
        </p>
      )}
      <div className={classes.subjects}>
        <SubjectList
          subjects={child.subjects}
          childName={child.name}
          empty={
            <p className={classes.none}>
              No subjects yet. The first one appears here when {child.tutor?.name ?? 'a tutor'} assigns it.
            </p>
          }
        />
      </div>
      <NewestPlans child={child} linked={linked} />
      <NewestReports child={child} linked={linked} />
    </article>
  );
}

function ChildHead({ child, linked }: { child: DashboardChild; linked: boolean }) {
  // On a page of its own the card stands below the page's heading, in a pane below the pane's.
  const Heading = linked ? 'h2' : 'h3';
  return (
    <header className={classes.head}>
      <Monogram name={child.name} />
      <div className={classes.who}>
        <Heading className={classes.name}>
          {linked ? (
            <Link to="/children/$childId" params={{ childId: String(child.id) }} className={classes.link}>
              {child.name}
            </Link>
          ) : (
            child.name
          )}
        </Heading>
        <p className={classes.facts}>
          Grade <Glow value={child.grade} /> ·{' '}
          <Glow value={child.tutor ? `Tutor ${child.tutor.name}` : 'No tutor yet'} />
        </p>
      </div>
      <ProgressRing value={child.progress} label={`Progress of ${child.name}`} size={56} />
    </header>
  );
}
