import { findProgram, PROGRAMS } from './find.mjs';

/**
 * Global setup of vitest and of Playwright: tells the tests, through variables, where the servers are. One that is not
 * there stays unset, and each test that starts it fails; installing is left to `npm test`.
 */
export default async function setServerPaths() {
  for (const program of PROGRAMS) {
    const found = await findProgram(program);
    if ('path' in found) process.env[program.variable] = found.path;
    else {
      delete process.env[program.variable];
      console.warn(`${found.problem} ("npm test" installs what is missing)`);
    }
  }
}
