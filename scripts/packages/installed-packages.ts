import { runShell } from './shell.js';

interface Listed {
  readonly dependencies?: Readonly<Record<string, Listed>>;
  readonly version?: string;
}

/** Every package that an app has installed, and those that one of its own came with, by `npm ls --all`; sorted. */
export interface InstalledPackages {
  readonly all: readonly string[];
  direct(name: string): readonly string[];
}

/** Asks npm what an app has installed. Throws when something that is needed is missing or does not fit. */
export async function installedPackages(app: string): Promise<InstalledPackages> {
  const tree: Listed = JSON.parse(await runShell('npm ls --all --json', app));
  return {
    all: [...new Set(namesBelow(tree))].sort(),
    direct: (name) => installed(tree.dependencies?.[name] ?? {}).map(([direct]) => direct),
  };
}

function namesBelow(listed: Listed): string[] {
  return installed(listed).flatMap(([name, entry]) => [name, ...namesBelow(entry)]);
}

/** Optional ones that are not installed have no version. */
function installed({ dependencies = {} }: Listed): [name: string, Listed][] {
  return Object.entries(dependencies)
    .filter(([, { version }]) => version !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
