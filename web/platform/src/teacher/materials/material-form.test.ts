import type { Subject, TeacherMaterial } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { editOf, taughtSubjects, valuesOfMaterial } from './material-form.js';

const ELENA = { id: 6, name: 'Elena Orlova' };
const PAVEL = { id: 7, name: 'Pavel Gromov' };
const subject = (id: number, name: string, teachers: Subject['teachers']): Subject => ({
  id,
  name,
  color: '#4c6ef5',
  description: '',
  teachers,
});
const SUBJECTS = [subject(3, 'English', [PAVEL]), subject(1, 'Mathematics', [ELENA])];
const MATERIAL: TeacherMaterial = {
  id: 1,
  title: 'Fractions',
  type: 'lesson',
  status: 'active',
  subject: { id: 1, name: 'Mathematics', color: '#4c6ef5' },
  students: [],
};

test('a material is about what its teacher teaches, or about what it was about already', () => {
  const labels = (kept?: { id: number; name: string }) =>
    taughtSubjects(SUBJECTS, ELENA.id, kept).map(({ label }) => label);
  expect(labels()).toEqual(['Mathematics']);
  expect(labels({ id: 9, name: 'Chess' })).toEqual(['Chess', 'Mathematics']);
});

test('an edit names only what was changed', () => {
  const values = valuesOfMaterial(MATERIAL);
  expect(editOf(MATERIAL, { ...values, title: 'Fractions ' })).toBeUndefined();
  expect(editOf(MATERIAL, { ...values, subjectId: '2', status: 'archived' })).toEqual({
    subjectId: 2,
    status: 'archived',
  });
});
