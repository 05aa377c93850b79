/** The base classes of scripts that load a dataset (datasets, builder.py). */
const builders = ['GeneratorBasedBuilder', 'ArrowBasedBuilder', 'BeamBasedBuilder', 'DatasetBuilder'];
const builder = new RegExp(
  `^class[ \\t]+(\\w{1,200})[ \\t]*\\([ \\t]*(?:[\\w.]{1,200}[ \\t]*,[ \\t]*)?(?:datasets\\.|nlp\\.)?(?:${builders.join('|')})\\b`,
  'm',
);

/** True for the beginning of a Python file that may be such a script. */
export function mayBeLoadingScript(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  return /^[ \t]*(?:import|from)[ \t]+(?:datasets|nlp)\b/m.test(text);
}

/** Name and place of the class that loads the dataset, or undefined. The script is read as text and never run. */
export function loadingClassOf(script: Uint8Array): { name: string; offset: number } | undefined {
  const found = builder.exec(Buffer.from(script).toString('latin1'));
  return found?.[1] === undefined ? undefined : { name: found[1], offset: found.index };
}
