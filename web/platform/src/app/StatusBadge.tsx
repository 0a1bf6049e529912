import classes from './status-badge.module.css';

/** The states of what people write, in one look. */
export type Status = 'draft' | 'sent' | 'read' | 'active' | 'archived' | 'completed' | 'deactivated';

const WORDS: Readonly<Record<Status, string>> = {
  draft: 'Draft',
  sent: 'Sent',
  read: 'Read',
  active: 'Active',
  archived: 'Archived',
  completed: 'Completed',
  deactivated: 'Deactivated',
};

/** A status as a small label; every word takes the same place, so that a change moves nothing. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <span className={classes.badge} data-status={status}>
      {WORDS[status]}
    </span>
  );
}
