import type { ParentDashboard } from '@querycast/platform-protocol';
import { IconUsers } from '@tabler/icons-react';
import { EmptyState } from '../app/EmptyState.js';
import { ChildCard } from './ChildCard.js';
import classes from './children.module.css';

/** The cards of a parent's children. */
export function Children({ dashboard, linked }: { dashboard: ParentDashboard; linked: boolean }) {
  if (dashboard.children.length === 0) {
    return (
      <EmptyState title="No children yet" icon={<IconUsers size={30} stroke={1.5} />}>
        Your child’s tutor adds them. They appear here by themselves.
      </EmptyState>
    );
  }
  return (
    <div className={classes.container}>
      <div className={classes.grid}>
        {dashboard.children.map((child) => (
          <ChildCard key={child.id} child={child} linked={linked} />
        ))}
      </div>
    </div>
  );
}
