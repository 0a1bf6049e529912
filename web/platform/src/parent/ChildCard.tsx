import type { DashboardChild } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Monogram } from '../app/Monogram.js';
import { Glow } from '../live/Glow.js';
import classes from './child-card.module.css';
import { SubjectList } from './SubjectList.js';

/** One child on the parent's dashboard. */
export function ChildCard({ child, linked }: { child: DashboardChild; linked: boolean }) {
  // On a page of its own the card stands below the page's heading, in a pane below the pane's.
  const Heading = linked ? 'h2' : 'h3';
  return (
    <article className={classes.card} aria-label={child.name}>
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
            Grade <Glow value={child.grade} /> · {child.tutor ? `Tutor ${child.tutor.name}` : 'No tutor yet'}
          </p>
        </div>
        <p className={classes.count}>
          <Glow value={child.subjects.length} />
          <span className={classes.unit}>{child.subjects.length === 1 ? 'subject' : 'subjects'}</span>
        </p>
      </header>
      {child.goal && <p className={classes.goal}>{child.goal}</p>}
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
    </article>
  );
}
