import type { DashboardChild, ReportSummary, StudyPlanSummary } from '@querycast/platform-protocol';

const MATHEMATICS = { id: 1, name: 'Mathematics', color: '#4c6ef5' };

/** A child of a dashboard with nothing yet but for what `parts` says. */
export function dashboardChild(parts: Partial<DashboardChild> = {}): DashboardChild {
  return {
    id: 3,
    name: 'Anna Petrova',
    grade: 7,
    goal: '',
    tutor: { id: 8, name: 'Marina Belova' },
    progress: 0,
    materials: 0,
    completed: 0,
    subjects: [],
    studyPlans: [],
    reports: [],
    ...parts,
  };
}

/** A plan in mathematics that was sent. */
export function planSummary(id: number, title: string, status: StudyPlanSummary['status'] = 'sent'): StudyPlanSummary {
  const week = { weekStartDate: '2026-11-23', weekEndDate: '2026-11-29' };
  return { id, title, subject: MATHEMATICS, ...week, status, sentAt: '2026-11-22T10:00:00.000Z' };
}

/** A report of the tutor, or of a teacher. */
export function reportSummary(kind: ReportSummary['kind'], id: number, text: string): ReportSummary {
  const author = kind === 'weekly' ? { id: 8, name: 'Marina Belova' } : { id: 6, name: 'Elena Orlova' };
  return { kind, id, author, text, status: 'sent', sentAt: '2026-11-22T10:00:00.000Z' };
}
