import type { MaterialType, TeacherMaterial } from '@querycast/platform-protocol';
import { IconBook2, IconClipboardCheck, IconPencil, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import reading from '../../app/reading-card.module.css';
import { StatusBadge } from '../../app/StatusBadge.js';
import { SubjectTag } from '../../app/SubjectTag.js';
import { useGlow } from '../../live/use-glow.js';
import { TYPE_WORDS } from '../../materials/material-words.js';
import { MaterialStudents } from './MaterialStudents.js';
import classes from './material-card.module.css';

const ICONS: Readonly<Record<MaterialType, typeof IconBook2>> = {
  lesson: IconBook2,
  video: IconPlayerPlay,
  exercise: IconPencil,
  test: IconClipboardCheck,
};

/** A material with whoever has it. */
export function MaterialCard({ material, children }: { material: TeacherMaterial; children: ReactNode }) {
  const { title, type, status, subject } = material;
  const glow = useGlow([['material', [title, type, status, subject.name, subject.color].join('\n')]]);
  const Icon = ICONS[type];
  return (
    <article className={glow('material', reading.card)} aria-label={`Material ${title}`}>
      <header className={reading.head}>
        <h2 className={reading.title}>{title}</h2>
        <StatusBadge status={status} />
      </header>
      <p className={reading.facts}>
        <span className={classes.type}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          {TYPE_WORDS[type]}
        </span>
        <SubjectTag subject={subject} />
      </p>
      <MaterialStudents material={material} />
      <div className={reading.actions}>{children}</div>
    </article>
  );
}
