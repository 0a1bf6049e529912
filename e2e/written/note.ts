import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Request, Response, TestInfo } from 'playwright/test';
import type { SecretKind } from './judge.js';
import { noteSecret, noteTest } from './record.js';

/** What is said in the fields of requests and answers, by the names of the fields. */
const KINDS: Readonly<Record<string, SecretKind>> = {
  password: 'password',
  currentPassword: 'password',
  newPassword: 'password',
  token: 'token',
  email: 'e-mail',
  firstName: 'name',
  lastName: 'name',
  goal: 'text',
  title: 'text',
  content: 'text',
  summary: 'text',
  customSubjectName: 'text',
};

/** Notes what a body, at any depth, says that no log may say. */
export function noteBody(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  for (const [field, value] of Object.entries(body)) {
    const kind = KINDS[field];
    if (typeof value !== 'string') noteBody(value);
    else if (kind) noteSecret(kind, value);
  }
}

/** Notes that a test ran, when it has ended. */
export function noteRun(test: TestInfo): void {
  const spec = relative(FOLDER, test.file).replaceAll('\\', '/');
  noteTest({ project: test.project.name, spec, passed: test.status === 'passed' });
}

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Notes what every page of a browser sends and gets of that kind, from now on. */
export function noteOfBrowser(browser: Browser): void {
  for (const context of browser.contexts()) noteOfContext(context);
  browser.on('context', noteOfContext);
}

function noteOfContext(context: BrowserContext): void {
  context.on('request', noteRequest);
  context.on('response', (response) => void noteAnswer(response));
}

function noteRequest(request: Request): void {
  noteSecret('token', /^Bearer (.+)$/.exec(request.headers()['authorization'] ?? '')?.[1]);
  const body = isApi(request.url()) ? request.postData() : null;
  if (body === null) return;
  try {
    noteBody(JSON.parse(body));
  } catch {
    // Not JSON: nothing that the API would read.
  }
}

/** Log-ins are answered with tokens; the rest of what answers say was said in requests, or is of the demo. */
async function noteAnswer(response: Response): Promise<void> {
  if (!isApi(response.url()) || !new URL(response.url()).pathname.startsWith('/api/auth/')) return;
  try {
    noteCookies(await response.headersArray());
    noteBody(await response.json());
  } catch {
    // Its page is closed, or there is no body: whoever got nothing of it could not have passed it on.
  }
}

/** Notes every cookie that an answer sets. */
export function noteCookies(headers: readonly { readonly name: string; readonly value: string }[]): void {
  for (const { name, value } of headers) {
    if (name.toLowerCase() === 'set-cookie') noteCookie(value);
  }
}

/** Notes the value of a cookie, as `Set-Cookie` has it. */
export function noteCookie(header: string): void {
  noteSecret('cookie', /^[^=]+=([^;]*)/.exec(header)?.[1]);
}

function isApi(url: string): boolean {
  return new URL(url).pathname.startsWith('/api/');
}
