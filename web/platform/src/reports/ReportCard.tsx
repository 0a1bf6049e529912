import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { formatDay } from '../app/dates.js';
import classes from '../app/reading-card.module.css';
import { StatusBadge } from '../app/StatusBadge.js';
import { useGlow } from '../live/use-glow.js';
import './print.css';
import { printOnly } from './print-only.js';

/** What is shown of a report, whichever kind it is. */
export interface ShownReport {
  /** Its own title, or the week that it is about. */
  title: string;
  text: string;
  /** From whom to whom about whom, in words. */
  who: string;
  status: 'draft' | 'sent' | 'read';
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/** A report, to read and to print. */
export function ReportCard({ report, children }: { report: ShownReport; children?: ReactNode }) {
  const { title, text, who, status, sentAt } = report;
  const card = useRef<HTMLElement>(null);
  const glow = useGlow([['report', [title, text, status].join('\n')]]);
  return (
    <article ref={card} className={glow('report', classes.card)} aria-label={`Report ${title}`}>
      <header className={classes.head}>
        <h3 className={classes.title}>{title}</h3>
        <StatusBadge status={status} />
      </header>
      <p className={classes.facts}>
        <span>{who}</span>
        {sentAt && <span>Sent {formatDay(sentAt)}</span>}
      </p>
      <p className={classes.text}>{text}</p>
      <div className={classes.actions}>
        {children}
        {status !== 'draft' && (
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconPrinter size={15} stroke={1.8} aria-hidden="true" />}
            aria-label={`Print ${title}`}
            onClick={() => card.current && printOnly(card.current)}
          >
            Print
          </Button>
        )}
      </div>
    </article>
  );
}
