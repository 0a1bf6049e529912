import type { LoginResponse, SubjectMaterials } from '@querycast/platform-protocol';
import { EMAILS } from './person.js';

/** Reports progress of Anna's in her exercise that is not completed, straight to the API. Answers what shows then. */
export interface ProgressWriter {
  report(progressPercentage: number): Promise<void>;
}

/** Logs in as Anna. */
export async function progressWriter(url: string): Promise<ProgressWriter> {
  const call = async <T>(path: string, init: RequestInit = {}, token?: string): Promise<T> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const body = JSON.stringify({ email: EMAILS.anna, password: 'demo' });
  const { token } = await call<LoginResponse>('/api/auth/login', { method: 'POST', body });
  const subjects = await call<SubjectMaterials[]>('/api/student/materials', {}, token);
  const open = subjects.flatMap(({ materials }) => materials).find(({ isCompleted }) => !isCompleted);
  if (!open) throw new Error('Anna has completed everything');
  return {
    async report(progressPercentage) {
      const progress = JSON.stringify({ progressPercentage, timeSpentMinutes: 1 });
      await call(`/api/student/materials/${open.id}/progress`, { method: 'POST', body: progress }, token);
    },
  };
}
