import { EMAILS } from '../support/person.js';

const ANNA = 3;
const MISHA = 4;
const ELENA = 6;
const PAVEL = 7;
const MATHEMATICS = 1;
const PHYSICS = 2;
const ENGLISH = 3;

/** Has the demo people work for a while, through the API: pages are looked at with something on them. */
export async function workForATerm(url: string): Promise<void> {
  const [marina, elena, pavel, anna, misha] = await Promise.all(
    (['marina', 'elena', 'pavel', 'anna', 'misha'] as const).map((name) => writer(url, EMAILS[name])),
  );
  if (!marina || !elena || !pavel || !anna || !misha) throw new Error('somebody of the demo is not there');
  for (const [student, subjectId, teacherId] of [
    [ANNA, PHYSICS, ELENA],
    [ANNA, ENGLISH, PAVEL],
    [MISHA, MATHEMATICS, ELENA],
  ] as const) {
    await marina(`POST /api/tutor/students/${student}/subjects`, { subjectId, teacherId });
  }
  const ofElena = [
    { subjectId: MATHEMATICS, title: 'Inequalities on the number line', type: 'lesson', anna: 100, misha: 35 },
    { subjectId: MATHEMATICS, title: 'Word problems about trains', type: 'exercise', anna: 65, misha: 100 },
    { subjectId: PHYSICS, title: 'Why ice floats', type: 'lesson', anna: 100 },
    { subjectId: PHYSICS, title: 'Measuring with a pendulum', type: 'exercise', anna: 55 },
    { subjectId: PHYSICS, title: 'Motion and rest', type: 'test', anna: 0 },
  ] as const;
  const ofPavel = [
    { subjectId: ENGLISH, title: 'Letters to a pen friend', type: 'lesson', anna: 90, misha: 80 },
    { subjectId: ENGLISH, title: 'Irregular verbs, first thirty', type: 'test', anna: 25 },
  ] as const;
  const learners = [
    { id: ANNA, send: anna, of: 'anna' },
    { id: MISHA, send: misha, of: 'misha' },
  ] as const;
  for (const [teacher, materials] of [
    [elena, ofElena],
    [pavel, ofPavel],
  ] as const) {
    for (const { subjectId, title, type, ...progress } of materials) {
      const work = learners.map(({ of, ...learner }) => ({ ...learner, progress: (progress as Progress)[of] }));
      const having = work.filter((each) => each.progress !== undefined);
      const { id } = await teacher('POST /api/teacher/materials', { subjectId, title, type });
      await teacher(`PUT /api/teacher/materials/${id}/assignments`, { studentIds: having.map((each) => each.id) });
      await teacher(`PATCH /api/teacher/materials/${id}`, { status: 'active' });
      for (const { send, progress: percent = 0 } of having) {
        if (percent === 0) continue;
        const body = { progressPercentage: percent, timeSpentMinutes: 10 + Math.round(percent / 2) };
        await send(`POST /api/student/materials/${id}/progress`, body);
      }
    }
  }
  const week = monday();
  for (const plan of [
    { studentId: ANNA, subjectId: PHYSICS, title: 'From rest to motion', content: PHYSICS_PLAN, status: 'sent' },
    { studentId: MISHA, subjectId: MATHEMATICS, title: 'Times tables at breakfast', content: TABLES, status: 'sent' },
    { studentId: ANNA, subjectId: MATHEMATICS, title: 'Before the olympiad', content: OLYMPIAD, status: 'draft' },
  ]) {
    await elena('POST /api/teacher/study-plans', { ...plan, weekStartDate: week });
  }
  const english = { studentId: ANNA, subjectId: ENGLISH, title: 'A letter a day', content: LETTERS, status: 'sent' };
  await pavel('POST /api/teacher/study-plans', { ...english, weekStartDate: week });
  const { id: report } = await pavel(`POST /api/teacher/students/${ANNA}/reports`, {
    title: 'Anna writes freely now',
    content: 'Her letters are two pages long and funny. The verbs need another week.',
  });
  await pavel(`POST /api/teacher/student-reports/${report}/send`);
  const { id: weekly } = await marina('POST /api/tutor-weekly-reports', {
    studentId: ANNA,
    weekStartDate: week,
    summary: 'Anna began Physics and likes the experiments. She plans her own week now.',
  });
  await marina(`POST /api/tutor-weekly-reports/${weekly}/send`);
}

type Progress = Readonly<Partial<Record<'anna' | 'misha', number>>>;

const PHYSICS_PLAN =
  'Monday: read chapter two.\nWednesday: the pendulum, ten swings, three lengths.\nFriday: write up.';
const TABLES = 'Seven and eight, five minutes a day.\nOn Saturday the whole table against the clock.';
const OLYMPIAD = 'Problems 3 and 5 of last year.\nWrite down where you got stuck.';
const LETTERS = 'One letter to Tom a day, five sentences at least.\nUse three verbs of the list in each.';

/** Monday of this week. */
function monday(): string {
  const today = new Date();
  today.setUTCDate(today.getUTCDate() - ((today.getUTCDay() + 6) % 7));
  return today.toISOString().slice(0, 10);
}

/** Sends `POST /path` and the like as somebody, and answers the body. Rejects when it is refused. */
type Send = (request: string, body?: unknown) => Promise<{ readonly id: number }>;

async function writer(url: string, email: string): Promise<Send> {
  const post = async (request: string, body: unknown, token?: string) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body ?? {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${request} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const { token } = await post('POST /api/auth/login', { email, password: 'demo' });
  return (request, body) => post(request, body, token);
}
