/** Makes the refs of one source: `ref('file', path)`. */
export type RefMaker = (kind: string, ...names: string[]) => string;

/**
 * Refs that are unique by construction: a kind that no other maker of refs uses, and names whose separator is escaped
 * in them. In a BOM of several sources each ref begins with the label of its source, which is unique among them.
 */
export function refMaker(label?: string): RefMaker {
  const first = label === undefined ? [] : [label];
  return (kind, ...names) => {
    const all = [...first, ...names].map((name) => name.replaceAll('%', '%25').replaceAll('#', '%23'));
    return all.length === 0 ? kind : `${kind}:${all.join('#')}`;
  };
}

/** A label for each of these names: the name itself, with a number where an earlier one has it. */
export function uniqueLabels(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let label = name;
    for (let number = 2; taken.has(label); number++) label = `${name}~${number}`;
    taken.add(label);
    return label;
  });
}
