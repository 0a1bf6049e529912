/** The code of the block that is fenced as ```` ```<language> <tag> ````. Throws when there is not exactly one. */
export function fencedBlock(markdown: string, language: string, tag: string): string {
  const blocks = [...markdown.matchAll(/^```(\S+) (\S+)\n([\s\S]*?)^```$/gm)].filter(
    ([, itsLanguage, itsTag]) => itsLanguage === language && itsTag === tag,
  );
  const [block] = blocks;
  if (blocks.length !== 1 || block?.[3] === undefined) {
    throw new Error(`expected one block "${language} ${tag}", found ${blocks.length}`);
  }
  return block[3];
}
