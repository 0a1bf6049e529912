import type { TeacherWeeklyReport } from '@querycast/platform-protocol';
import { IconReport } from '@tabler/icons-react';
import { EmptyState } from '../../app/EmptyState.js';
import { GlowList } from '../../live/GlowList.js';
import { ReportCard } from '../../reports/ReportCard.js';
import { CardButton } from '../CardButton.js';
import type { WeeklyDialog } from './WeeklyDialogs.js';
import { weeklyTitle } from './weekly-title.js';

/** The weekly reports of a teacher. */
export function WeeklyList(props: { reports: readonly TeacherWeeklyReport[]; open: (dialog: WeeklyDialog) => void }) {
  const { reports, open } = props;
  return (
    <GlowList items={reports} label="Weekly reports" empty={<NoReports />}>
      {(report) => {
        const title = weeklyTitle(report);
        return (
          <ReportCard report={{ ...report, title, text: report.summary, who: whoOf(report) }}>
            {report.status === 'draft' && (
              <>
                <CardButton label="Send" of={title} isMain onClick={() => open({ kind: 'send', report })} />
                <CardButton label="Edit" of={title} onClick={() => open({ kind: 'edit', report })} />
              </>
            )}
          </ReportCard>
        );
      }}
    </GlowList>
  );
}

function whoOf({ teacher, tutor }: TeacherWeeklyReport): string {
  return tutor ? `${teacher.name} to ${tutor.name}` : `${teacher.name}, to a tutor that is still missing`;
}

function NoReports() {
  return (
    <EmptyState title="No weekly reports yet" icon={<IconReport size={30} stroke={1.5} />}>
      Write the first one with “New report”. The tutor sees it once you send it.
    </EmptyState>
  );
}
