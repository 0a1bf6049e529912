import { expect, test } from 'vitest';
import { type ShownChild, subjectNews } from './subject-news.js';

const physics = { enrollmentId: 2, name: 'Physics', teacher: { name: 'Elena Orlova' } };
const english = { enrollmentId: 3, name: 'English', teacher: { name: 'Pavel Gromov' } };

const anna = (...subjects: ShownChild['subjects'][number][]): ShownChild => ({ id: 1, name: 'Anna Petrova', subjects });
const misha = (...subjects: ShownChild['subjects'][number][]): ShownChild => ({
  id: 2,
  name: 'Misha Petrov',
  subjects,
});

test('a subject that comes is said with its teacher and its child', () => {
  expect(subjectNews([anna(), misha(english)], [anna(physics), misha(english)])).toBe(
    'Physics with Elena Orlova added for Anna Petrova.',
  );
});

test('a subject that goes is said too', () => {
  expect(subjectNews([anna(physics, english)], [anna(english)])).toBe(
    'Physics with Elena Orlova taken away from Anna Petrova.',
  );
});

test('another teacher of the same subject is said with the former one', () => {
  expect(subjectNews([anna(physics)], [anna({ ...physics, teacher: { name: 'Pavel Gromov' } })])).toBe(
    'Physics with Pavel Gromov instead of Physics with Elena Orlova for Anna Petrova.',
  );
});

test('all that changed at once is said at once', () => {
  expect(subjectNews([anna(physics), misha()], [anna(), misha(english)])).toBe(
    'Physics with Elena Orlova taken away from Anna Petrova. English with Pavel Gromov added for Misha Petrov.',
  );
});

test('the same subjects in another order are no news', () => {
  expect(subjectNews([anna(physics, english)], [anna(english, physics)])).toBe('');
});

test('the subjects of a child who comes or goes are no news', () => {
  expect(subjectNews([anna(physics)], [misha(english)])).toBe('');
});
