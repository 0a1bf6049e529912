import type { ParentChild } from '@querycast/platform-protocol';
import { Monogram } from '../app/Monogram.js';
import { PageTitle } from '../app/PageTitle.js';
import { Glow } from '../live/Glow.js';
import { Fact } from '../people/Fact.js';
import { ChildNews } from './ChildNews.js';
import { ChildPlans } from './ChildPlans.js';
import { ChildProgress } from './ChildProgress.js';
import { ChildReports } from './ChildReports.js';
import { ChildSubjects } from './ChildSubjects.js';
import classes from './child-details.module.css';
import type { ChildQueries } from './use-child-queries.js';

/** All that a parent can see of one child. */
export function ChildDetails({ child, queries }: { child: ParentChild; queries: ChildQueries }) {
  return (
    <article aria-label={child.name}>
      <ChildNews child={child} queries={queries} />
      <header className={classes.head}>
        <Monogram name={child.name} size="large" />
        <PageTitle title={child.name} className={classes.name} />
      </header>
      <div className={classes.sections}>
        <div className={classes.columns}>
          <ChildSubjects child={child} query={queries.subjects} />
          <dl className={classes.facts}>
            <Fact term="Grade">
              <Glow value={child.grade} />
            </Fact>
            <Fact term="Tutor">
              <Glow value={child.tutor?.name ?? 'None yet'} />
            </Fact>
            <Fact term="Goal">
              <Glow value={child.goal || 'None yet'} />
            </Fact>
          </dl>
        </div>
        <ChildProgress child={child} query={queries.progress} />
        <div className={classes.letters}>
          <ChildPlans child={child} query={queries.plans} />
          <ChildReports child={child} query={queries.reports} />
        </div>
      </div>
    </article>
  );
}
