import { Button } from '@mantine/core';
import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type MouseEvent, useRef } from 'react';
import { useApi } from '../api/api-context.js';
import { formatDate } from '../app/dates.js';
import { useActions } from '../notices/use-actions.js';
import { ReportCard } from '../reports/ReportCard.js';
import { markReadMutation } from './mark-read.js';
import classes from './weekly-report.module.css';

/** A tutor's weekly report to the parent, who can say that it is read. */
export function WeeklyReport({ report }: { report: TutorWeeklyReport }) {
  const { id, student, tutor, summary, sentAt } = report;
  const place = useRef<HTMLElement>(null);
  const actions = useActions();
  const marking = useMutation(markReadMutation(useApi(), useQueryClient()));
  // Shown at once: nothing of it is lost when it is refused, and then it is unread again.
  const status = marking.isPending || marking.isSuccess ? 'read' : report.status;
  const title = `${student.name}, week of ${formatDate(report.weekStartDate)}`;

  function markRead({ currentTarget }: MouseEvent<HTMLButtonElement>): void {
    // The button goes: whoever pressed it by keyboard stays at its report.
    if (document.activeElement === currentTarget) place.current?.focus();
    actions.run('mark-read', () => marking.mutateAsync(id), { failed: `${title} is still unread` });
  }

  return (
    <section ref={place} className={classes.place} aria-label={title} tabIndex={-1} data-unread={status === 'sent'}>
      <ReportCard report={{ title, text: summary, who: `From ${tutor.name}`, status, sentAt }}>
        {status === 'sent' && (
          <Button
            variant="light"
            size="xs"
            leftSection={<IconCheck size={15} stroke={2} aria-hidden="true" />}
            aria-label={`Mark as read: ${title}`}
            onClick={markRead}
          >
            Mark as read
          </Button>
        )}
      </ReportCard>
    </section>
  );
}
