import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ScriptError } from '../process/script-error.mjs';
import { ROOT } from '../setup/root.mjs';
import { auditStage } from '../stages/audit-stage.mjs';
import { type Advisory, findingsIn, isAffected, readKnownAdvisories } from './known-advisories.mjs';
import { PRODUCTION_WORKSPACES, productionPackages, readLockfile } from './production-packages.mjs';
import { type RegistryAnswer, startRegistry } from './registry.test.support.js';

const packages = productionPackages(readLockfile(ROOT));
const known = readKnownAdvisories();
const TEN_DAYS_MS = 10 * 24 * 3_600_000;
const NONE = { lookedUp: '2026-11-26', advisories: [] };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

async function registry(answer: RegistryAnswer) {
  const started = await startRegistry(answer);
  closers.push(() => started.close());
  return started;
}

/** Runs the stage, with a cache of npm of its own, which remembers advisories; `said` is all that it says, as one text. */
async function audit(options: Parameters<typeof auditStage>[2], root = ROOT) {
  const lines: string[] = [];
  const cache = mkdtempSync(join(tmpdir(), 'querycast-npm-'));
  closers.push(async () => rmSync(cache, { recursive: true }));
  const outcome = await auditStage(root, (line) => void lines.push(line), { cache, ...options });
  return { outcome, said: lines.join('\n') };
}

/** What a registry says of a package that every version of it has. */
function advisoryOf(name: string, severity: string) {
  const url = 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc';
  return {
    [name]: [{ id: 1, url, title: 'Made up', severity, vulnerable_versions: '>=0', cwe: [], cvss: { score: 0 } }],
  };
}

const everyZod: Advisory = { id: 'GHSA-dddd-eeee-ffff', package: 'zod', severity: 'high', affected: [['0', null]] };

describe('a registry that answers', () => {
  test('is asked about everything that runs in production, and about nothing else', async () => {
    const { url, asked } = await registry({ json: {} });
    const { outcome, said } = await audit({ registry: url });
    expect(outcome).toEqual({ passed: 1, failed: 0 });
    expect(said).toContain(`The registry was asked about ${packages.length} packages`);
    // npm 10 asks about the workspaces as well, of which no registry has heard.
    const others = Object.keys(asked).filter((name) => !name.startsWith('@querycast/'));
    expect(others.sort()).toEqual([...new Set(packages.map(({ name }) => name))].sort());
    for (const { name, version } of packages) expect(asked[name]).toContain(version);
  });

  test('is asked even where npm is set to ask nobody', async () => {
    vi.stubEnv('npm_config_offline', 'true');
    const { url } = await registry({ json: advisoryOf('zod', 'high') });
    const { outcome } = await audit({ registry: url, known: NONE });
    expect(outcome).toMatchObject({ failed: 1, problem: expect.stringContaining('GHSA-aaaa-bbbb-cccc') });
  });

  test.each(['high', 'critical'])('fails the run with what it knows of %s severity', async (severity) => {
    const { url } = await registry({ json: advisoryOf('zod', severity) });
    const { outcome, said } = await audit({ registry: url, known: NONE });
    expect(outcome).toMatchObject({ passed: 0, failed: 1 });
    expect(said).toContain(`zod >=0: ${severity}, https://github.com/advisories/GHSA-aaaa-bbbb-cccc`);
    expect(outcome.problem).toContain('GHSA-aaaa-bbbb-cccc');
  });

  test('does not fail it for less, nor for what only tests use', async () => {
    const { url } = await registry({ json: { ...advisoryOf('zod', 'moderate'), ...advisoryOf('vitest', 'critical') } });
    expect((await audit({ registry: url })).outcome).toEqual({ passed: 1, failed: 0 });
  });

  test('and knows nothing does not hide what the repository knows', async () => {
    const { url } = await registry({ json: {} });
    const { outcome } = await audit({ registry: url, known: { ...NONE, advisories: [everyZod] } });
    expect(outcome).toMatchObject({ failed: 1, problem: expect.stringContaining('GHSA-dddd-eeee-ffff') });
  });
});

describe('a registry that does not answer', () => {
  const silences: [string, RegistryAnswer, RegExp][] = [
    ['forbids the question', { status: 405 }, /405/],
    ['does not know it', { status: 404 }, /404/],
    ['is broken', { status: 500 }, /500/],
    ['sends a page instead', { page: '<html>Sign in</html>' }, /json/i],
    ['says nothing', 'nothing', /no answer within 2 s/],
  ];

  test.each(silences)('because it %s is named, and the list alone decides', async (_, answer, why) => {
    const { url } = await registry(answer);
    // Any other answer comes in time, however slow the machine is.
    const timeoutMs = answer === 'nothing' ? 2_000 : 60_000;
    const nowMs = Date.parse(known.lookedUp) + TEN_DAYS_MS;
    const { outcome, said } = await audit({ registry: url, timeoutMs, nowMs });
    expect(outcome).toEqual({ passed: 1, failed: 0 });
    expect(said).toMatch(/^The registry could not be asked/);
    expect(said).toMatch(why);
    expect(said).toContain(`${known.lookedUp} (10 days old) alone`);
  });

  test('because nobody is there: what the list says of the lockfile fails the run', async () => {
    const { url, close } = await startRegistry('nothing');
    await close();
    const { outcome, said } = await audit({ registry: url, known: { ...NONE, advisories: [everyZod] } });
    expect(said).toContain('The registry could not be asked');
    expect(outcome).toMatchObject({ failed: 1, problem: expect.stringMatching(/^zod \d.*high.*GHSA-dddd-eeee-ffff$/) });
  });
});

test('without a lockfile nothing is taken for well', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'querycast-audit-'));
  await expect(audit({}, empty)).rejects.toThrow(ScriptError);
  rmSync(empty, { recursive: true });
});

describe('the list in the repository', () => {
  test('is about packages that run in production, each advisory once', () => {
    const names = new Set(packages.map(({ name }) => name));
    expect(known.advisories.filter((advisory) => !names.has(advisory.package))).toEqual([]);
    const ids = known.advisories.map((advisory) => `${advisory.id} ${advisory.package}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of known.advisories) expect(id).toMatch(/^GHSA(-[0-9a-z]{4}){3}$/);
    expect(Date.parse(known.lookedUp)).toBeLessThan(Date.now() + 24 * 3_600_000);
  });

  test('would have found what was wrong with older versions', () => {
    const older = [
      { name: 'engine.io', version: '6.6.9' },
      { name: 'socket.io-parser', version: '4.2.6' },
      { name: 'ws', version: '8.20.1' },
      { name: 'drizzle-orm', version: '0.45.1' },
      { name: '@tanstack/react-router', version: '1.169.5' },
    ];
    expect(findingsIn(older, known.advisories).map(({ package: name }) => name)).toEqual(older.map(({ name }) => name));
  });
});

test.each([
  ['1.20.2', true],
  ['1.20.3', false],
  ['1.20.3-beta.1', true],
  ['2.0.0', true],
  ['2.9.9', true],
  ['2.10.0', false],
  ['3.0.0+build', true],
  ['99.0.0', true],
])('version %s of a package with three affected ranges: %s', (version, expected) => {
  const affected = [
    ['0', '1.20.3'],
    ['2.0.0', '2.10.0'],
    ['3.0.0', null],
  ] as const;
  expect(isAffected(version, affected)).toBe(expected);
});

describe('packages that run in production', () => {
  const manifests = {
    app: { dependencies: { a: '1', linked: '1' }, devDependencies: { dev: '1' }, peerDependencies: { absent: '1' } },
    linked: { peerDependencies: { peer: '1' }, optionalDependencies: { other: '1' } },
    'node_modules/linked': { link: true, resolved: 'linked' },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1' } },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { a: '1' } },
    'linked/node_modules/peer': { version: '3.0.0', dependencies: { '@scope/c': '1' } },
    'node_modules/@scope/c': { version: '4.0.0' },
    'node_modules/dev': { version: '5.0.0' },
  };

  test('are found as Node finds them, in the version that it takes', () => {
    const found = productionPackages(manifests, ['app']).map(({ name, version }) => `${name} ${version}`);
    expect(found.sort()).toEqual(['@scope/c 4.0.0', 'a 1.0.0', 'b 1.0.0', 'peer 3.0.0']);
  });

  test('are those of workspaces that exist', () => {
    expect(() => productionPackages(manifests, ['gone'])).toThrow(/no workspace gone/);
    expect(packages.length).toBeGreaterThan(PRODUCTION_WORKSPACES.length);
  });
});
