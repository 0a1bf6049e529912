#!/usr/bin/env node
/** `npm run licences`: writes the list of the licences of everything that runs in production. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { licencesOf, licencesPage, notAllowed } from './audit/licences.mjs';
import { productionPackages, readLockfile } from './audit/production-packages.mjs';
import { main } from './process/main.mjs';
import { ROOT } from './setup/root.mjs';

await main(async () => {
  const licences = licencesOf(ROOT, productionPackages(readLockfile(ROOT)));
  writeFileSync(join(ROOT, 'docs', 'licences.md'), licencesPage(licences));
  const refused = notAllowed(licences);
  for (const { name, licence } of refused) console.error(`${name}: ${licence} is not among the allowed licences`);
  return refused.length === 0 ? 0 : 1;
});
