import type { TeacherDashboard } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Card } from '../../app/Card.js';
import links from '../../app/links.module.css';
import { BehindList } from './BehindList.js';
import { Figures } from './Figures.js';
import { NewestPlans } from './NewestPlans.js';
import classes from './overview.module.css';
import { TaughtSubjects } from './TaughtSubjects.js';

/** All that a teacher's dashboard shows. */
export function Overview({ dashboard }: { dashboard: TeacherDashboard }) {
  const { statistics, subjects, behind, studyPlans } = dashboard;
  return (
    <>
      <Figures statistics={statistics} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Card title="Students who need a hand" tools={<More to="/students">All students</More>}>
            <BehindList behind={behind} materials={statistics.materials} />
          </Card>
          <Card title="Newest plans" tools={<More to="/plans">All plans</More>}>
            <NewestPlans plans={studyPlans} />
          </Card>
        </div>
        <div className={classes.column}>
          <Card title="Subjects you teach">
            <TaughtSubjects subjects={subjects} />
          </Card>
        </div>
      </div>
    </>
  );
}

function More({ to, children }: { to: '/students' | '/plans'; children: string }) {
  return (
    <Link to={to} className={links.more}>
      {children}
    </Link>
  );
}
