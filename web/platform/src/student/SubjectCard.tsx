import type { StudentMaterial, SubjectMaterials } from '@querycast/platform-protocol';
import { Card } from '../app/Card.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { Glow } from '../live/Glow.js';
import { useGlow } from '../live/use-glow.js';
import { completedText } from '../progress/progress-words.js';
import { type MaterialActions, MaterialRow } from './MaterialRow.js';
import classes from './materials.module.css';

/** The materials of one subject; what is new or was renamed glows once, the very first one too. */
export function SubjectCard({ subject, actions }: { subject: SubjectMaterials; actions: MaterialActions }) {
  const { name, color, materials, teachers } = subject;
  const glow = useGlow(materials.map((material) => [String(material.id), fingerprint(material)]));
  const completed = materials.filter(({ isCompleted }) => isCompleted).length;
  return (
    <Card
      label={name}
      title={<SubjectTag subject={{ name, color }} />}
      tools={
        materials.length > 0 && (
          <p className={classes.count}>
            <Glow value={completedText({ completed, materials: materials.length, progress: 0 })} />
          </p>
        )
      }
    >
      {materials.length === 0 ? (
        <p className={classes.none}>No materials yet. What {named(teachers)} gives you appears here.</p>
      ) : (
        <ul className={classes.list} aria-label={`Materials of ${name}`}>
          {materials.map((material) => (
            <li key={material.id} className={glow(String(material.id), classes.material)}>
              <MaterialRow material={material} color={color} actions={actions} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function named(teachers: SubjectMaterials['teachers']): string {
  return teachers.map(({ name }) => name).join(' or ') || 'a teacher';
}

/** What is shown of a material, but for the figures, which glow by themselves. */
function fingerprint({ title, type, author }: StudentMaterial): string {
  return [title, type, author.name].join('\n');
}
