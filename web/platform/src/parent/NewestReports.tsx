import type { DashboardChild, ReportSummary } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import links from '../app/links.module.css';
import { StatusBadge } from '../app/StatusBadge.js';
import { useGlow } from '../live/use-glow.js';
import { NewestSection } from './NewestSection.js';
import classes from './newest.module.css';

/** The newest reports on a child, of either kind; what is new or changed glows once, the very first report too. */
export function NewestReports({ child, linked }: { child: DashboardChild; linked: boolean }) {
  const { reports } = child;
  const glow = useGlow(reports.map((report) => [idOf(report), fingerprint(report)]));
  return (
    <NewestSection title="Reports" linked={linked}>
      {reports.length === 0 ? (
        <p className={classes.none}>None yet. What the tutor and teachers write to you appears here.</p>
      ) : (
        <dl className={classes.rows}>
          {reports.map((report) => (
            <div key={idOf(report)} className={glow(idOf(report), classes.row)}>
              <dt className={classes.title}>
                {linked ? <ReportLink report={report} childId={child.id} /> : report.author.name}{' '}
                <span className={classes.kind}>{report.kind === 'weekly' ? 'weekly report' : 'report'}</span>
              </dt>
              <dd className={classes.badge}>
                <StatusBadge status={report.status} />
              </dd>
              <dd className={classes.text}>{report.text}</dd>
            </div>
          ))}
        </dl>
      )}
    </NewestSection>
  );
}

/** To where the whole report can be read. */
function ReportLink({ report, childId }: { report: ReportSummary; childId: number }) {
  if (report.kind === 'weekly') {
    return (
      <Link to="/weekly-reports" className={links.quiet}>
        {report.author.name}
      </Link>
    );
  }
  return (
    <Link to="/children/$childId" params={{ childId: String(childId) }} className={links.quiet}>
      {report.author.name}
    </Link>
  );
}

/** Ids are unique within one kind only. */
function idOf({ kind, id }: ReportSummary): string {
  return `${kind}-${id}`;
}

/** All that is shown of a report. */
function fingerprint({ author, text, status }: ReportSummary): string {
  return [author.name, text, status].join('\n');
}
