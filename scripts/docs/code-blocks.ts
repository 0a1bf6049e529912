import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of TypeScript; its name is what follows the language: ```` ```tsx app ```` */
export interface CodeBlock {
  readonly language: string;
  readonly name: string;
  readonly code: string;
}

/** All blocks of TypeScript in a page, in order. Throws when one has no name, or a name occurs twice. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks = [...markdown.matchAll(/^```(tsx?)[ \t]*(\S*)\n([\s\S]*?)^```$/gm)];
  const names = new Set<string>();
  return blocks.map(([, language = '', name = '', code = '']) => {
    if (name === '' || names.has(name)) throw new Error(`a block of code needs a name of its own: "${name}"`);
    names.add(name);
    return { language, name, code };
  });
}

/** The flags of the repository, for code that looks like that of an application. */
export const COMPILER_OPTIONS = {
  composite: false,
  declaration: false,
  declarationMap: false,
  sourceMap: false,
  noEmit: true,
  customConditions: ['querycast-source'],
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  jsx: 'react-jsx',
};

/** Writes blocks as files of a small project, which lies two folders below the root of the repository. */
export function writeProject(folder: string, blocks: readonly CodeBlock[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const settings = { extends: '../../tsconfig.base.json', compilerOptions: COMPILER_OPTIONS, include: ['*'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  for (const { language, name, code } of blocks) writeFileSync(join(folder, `${name}.${language}`), code);
}
