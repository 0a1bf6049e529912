import type { EditStudent, Enrollment, LoginResponse, Subject, TutorStudent } from '@querycast/platform-protocol';
import { noteBody, noteCookie } from '../written/note.js';
import { PUBLISH_TOKEN } from './platform-process.js';
import type { Stack } from './stack.js';

/** The demo people the tests name. */
export const PEOPLE = {
  olga: 'parent@demo.test',
  ivan: 'parent2@demo.test',
  marina: 'tutor@demo.test',
} as const;

/** The API as one person, straight to the server and not through any browser. */
export interface Api {
  readonly login: LoginResponse;
  get<T>(path: string): Promise<T>;
  write<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown): Promise<T>;
}

/** The API as a tutor. */
export interface TutorApi extends Api {
  student(name: string): Promise<TutorStudent>;
  /** Assigns by names, e.g. `('Anna Petrova', 'Physics')`; the teacher is the subject's first. */
  assign(student: string, subject: string): Promise<Enrollment>;
  /** Ends an enrollment by names. Rejects when there is none. */
  unassign(student: string, subject: string): Promise<void>;
  edit(student: string, profile: EditStudent): Promise<void>;
}

/** Logs in, by default with the password all demo people share. */
export async function logIn(url: string, email: string, password = 'demo'): Promise<Api> {
  const login = await send<LoginResponse>(`${url}/api/auth/login`, 'POST', { body: { email, password } });
  const { token } = login;
  return {
    login,
    get: (path) => send(`${url}${path}`, 'GET', { token }),
    write: (method, path, body) => send(`${url}${path}`, method, { token, body }),
  };
}

/** Logs in as Marina, the tutor of all three students. */
export async function logInAsTutor(url: string): Promise<TutorApi> {
  const api = await logIn(url, PEOPLE.marina);
  const { token } = api.login;
  const student = async (name: string) => {
    const students = await api.get<TutorStudent[]>('/api/tutor/students');
    return required(
      students.find((candidate) => candidate.name === name),
      `student ${name}`,
    );
  };
  return {
    ...api,
    student,
    async assign(studentName, subjectName) {
      const subjects = await api.get<Subject[]>('/api/subjects');
      const subject = required(
        subjects.find(({ name }) => name === subjectName),
        `subject ${subjectName}`,
      );
      const teacher = required(subject.teachers[0], `teacher of ${subjectName}`);
      const { id } = await student(studentName);
      const body = { subjectId: subject.id, teacherId: teacher.id };
      return send(`${url}/api/tutor/students/${id}/subjects`, 'POST', { token, body });
    },
    async unassign(studentName, subjectName) {
      const { id, subjects } = await student(studentName);
      const { enrollmentId } = required(
        subjects.find(({ name }) => name === subjectName),
        `${subjectName}`,
      );
      await send(`${url}/api/tutor/students/${id}/subjects/${enrollmentId}`, 'DELETE', { token });
    },
    async edit(studentName, body) {
      const { id } = await student(studentName);
      await send(`${url}/api/tutor/students/${id}`, 'PATCH', { token, body });
    },
  };
}

/** Publishes at the HTTP door and answers status and body, whatever they are. */
export async function publish(url: string, body: unknown, token = PUBLISH_TOKEN) {
  const response = await fetch(`${url}/v1/invalidations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/**
 * The value of a counter at `/metrics`, summed over all nodes and over all label sets that hold `labels`; 0 when it is
 * not there.
 */
export async function counter(
  { nodes }: Pick<Stack, 'nodes'>,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const texts = await Promise.all(nodes.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => new RegExp(`^querycast_${name}[ {]`).test(line))
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function send<T>(url: string, method: string, options: { token?: string; body?: unknown }): Promise<T> {
  const path = new URL(url).pathname;
  const response = await fetch(url, {
    method,
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  noteBody(options.body);
  for (const cookie of response.headers.getSetCookie()) noteCookie(cookie);
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (path.startsWith('/api/auth/')) noteBody(answer);
  return answer as T;
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
