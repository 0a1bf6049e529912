import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform } from '../testing/test-platform.js';

const PLANS = '/api/teacher/study-plans';
const PLAN = {
  studentId: 3,
  subjectId: 1,
  title: 'Triangles',
  content: 'Draw ten triangles and measure their angles.',
  weekStartDate: '2026-12-07',
};
const WEEK = { studentId: 3, weekStartDate: '2037-12-07', summary: 'A week of Anna.' };

test(
  'the hand-written comparison tells a parent of what parents see, and of nothing else',
  async () => {
    const platform = await startTestPlatform();
    onTestFinished(() => platform.remove());
    const { token } = await platform.logIn('parent@demo.test');
    const [elena, marina] = [await platform.logIn('teacher@demo.test'), await platform.logIn('tutor@demo.test')];
    let timesTold = 0;
    const options = { path: '/demo/hand-written', transports: ['websocket'], reconnection: false, forceNew: true };
    const socket = io(platform.url, { ...options, auth: { token } });
    await new Promise<void>((resolve) => socket.on('connect', resolve));
    const ended = new Promise<void>((resolve) => socket.on('disconnect', () => resolve()));
    const told = new Promise<void>((resolve) => {
      socket.on('subject-changed', () => {
        timesTold += 1;
        resolve();
      });
    });

    const ask = async (asked: { token: string }, endpoint: string, body?: unknown) => {
      const [method = '', path = ''] = endpoint.split(' ');
      const answer = await platform.call(path, { method, token: asked.token, body });
      expect(answer.status).toBeLessThan(300);
      return answer.body;
    };
    const draft = await ask(elena, `POST ${PLANS}`, PLAN);
    await ask(elena, `PATCH ${PLANS}/${draft.id}`, { title: 'Squares' });
    await ask(elena, `DELETE ${PLANS}/${draft.id}`);
    const weekly = await ask(elena, 'POST /api/teacher-weekly-reports', WEEK);
    await ask(elena, `POST /api/teacher-weekly-reports/${weekly.id}/send`);
    await ask(marina, 'POST /api/tutor-weekly-reports', WEEK);
    await ask(elena, 'POST /api/teacher/students/3/reports', { title: 'A draft', content: 'Not sent yet.' });
    await ask(elena, `POST ${PLANS}`, { ...PLAN, status: 'sent' });

    // Whatever was told before the plan that was sent has come by then, and nothing comes after the end.
    await told;
    await platform.close();
    await ended;
    expect(timesTold).toBe(1);
  },
  START_TIMEOUT_MS,
);
