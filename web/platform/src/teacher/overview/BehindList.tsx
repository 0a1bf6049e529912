import type { StudentBehind } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import links from '../../app/links.module.css';
import { Monogram } from '../../app/Monogram.js';
import { useGlow } from '../../live/use-glow.js';
import { ProgressBar } from '../../progress/ProgressBar.js';
import classes from './behind-list.module.css';
import { keepOrder } from './keep-order.js';

/** The students with the least progress, those who have not completed everything. */
export function BehindList({ behind, materials }: { behind: readonly StudentBehind[]; materials: number }) {
  const [shownIds, setShownIds] = useState<readonly number[]>([]);
  const rows = keepOrder(
    behind.filter(({ progress }) => progress < 100),
    shownIds,
  );
  const ids = rows.map(({ id }) => id);
  // Derived while rendering, so that no row moves even for a frame.
  if (ids.join() !== shownIds.join()) setShownIds(ids);
  const glow = useGlow(rows.map(({ id, name }) => [String(id), name]));
  if (rows.length === 0) return <p className={classes.none}>{noneText(behind.length, materials)}</p>;
  return (
    <ul className={classes.list}>
      {rows.map(({ id, name, progress }) => (
        <li key={id} className={glow(String(id), classes.row)}>
          <Monogram name={name} size="small" />
          <Link
            to="/students/$studentId"
            params={{ studentId: String(id) }}
            className={`${links.quiet} ${classes.name}`}
          >
            {name}
          </Link>
          <ProgressBar value={progress} label={`Progress of ${name}`} />
        </li>
      ))}
    </ul>
  );
}

function noneText(withMaterials: number, materials: number): string {
  if (withMaterials > 0) return 'Everybody has completed what you assigned. Time for something new?';
  return materials > 0
    ? 'None of your students has a material of yours yet. Assign one, and progress shows here.'
    : 'Progress shows here once a student works with a material of yours.';
}
