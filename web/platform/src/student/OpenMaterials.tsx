import type { StudentDashboard } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Card } from '../app/Card.js';
import links from '../app/links.module.css';
import { SubjectTag } from '../app/SubjectTag.js';
import { useGlow } from '../live/use-glow.js';
import { TYPE_WORDS } from '../materials/material-words.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import classes from './rows.module.css';

/** What the student has to do next; what is new glows once, the very first material too. */
export function OpenMaterials({ dashboard }: { dashboard: StudentDashboard }) {
  const { openMaterials, materials } = dashboard;
  const glow = useGlow(
    openMaterials.map(({ id, title, type, subject }) => [
      String(id),
      [title, type, subject.name, subject.color].join('\n'),
    ]),
  );
  return (
    <Card title="Next to do" tools={<AllMaterials />}>
      {openMaterials.length === 0 ? (
        <p className={classes.none}>
          {materials > 0 ? 'All done, well done. ' : 'Nothing yet. '}What your teachers give you next appears here.
        </p>
      ) : (
        <ul className={classes.rows} aria-label="Next to do">
          {openMaterials.map(({ id, title, type, subject, progressPercentage }) => (
            <li key={id} className={glow(String(id), classes.row)}>
              <div className={classes.words}>
                <h3 className={classes.title}>
                  <Link to="/materials" className={links.quiet}>
                    {title}
                  </Link>
                </h3>
                <p className={classes.facts}>
                  <SubjectTag subject={subject} />
                  <span>{TYPE_WORDS[type]}</span>
                </p>
              </div>
              <ProgressBar value={progressPercentage} label={`Progress in ${title}`} color={subject.color} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function AllMaterials() {
  return (
    <Link to="/materials" className={links.more}>
      All materials
    </Link>
  );
}
