import type { DashboardChild } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import links from '../app/links.module.css';
import { Glow } from '../live/Glow.js';
import { PersonHead } from '../people/PersonHead.js';
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
    <PersonHead
      name={child.name}
      heading={
        <Heading>
          {linked ? (
            <Link to="/children/$childId" params={{ childId: String(child.id) }} className={links.quiet}>
              {child.name}
            </Link>
          ) : (
            child.name
          )}
        </Heading>
      }
      facts={
        <>
          Grade <Glow value={child.grade} /> ·{' '}
          <Glow value={child.tutor ? `Tutor ${child.tutor.name}` : 'No tutor yet'} />
        </>
      }
    >
      <ProgressRing value={child.progress} label={`Progress of ${child.name}`} size={56} />
    </PersonHead>
  );
}
