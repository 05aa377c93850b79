/** From open to closed. Whole words of common schemes; a word that is not here counts as the most sensitive. */
const ranks = new Map<string, number>([
  ['public', 0],
  ['open', 0],
  ['unclassified', 0],
  ['internal', 1],
  ['internal use', 1],
  ['internal only', 1],
  ['private', 2],
  ['sensitive', 2],
  ['confidential', 2],
  ['restricted', 3],
  ['highly confidential', 3],
  ['strictly confidential', 3],
  ['pii', 3],
  ['phi', 3],
  ['secret', 4],
  ['top secret', 5],
]);

/** How sensitive data is said to be, and which sensitive classes are in it. */
export interface Sensitivity {
  readonly classifications: readonly string[];
  readonly classes: readonly string[];
}

/** Whether data became more sensitive, less, or both in different ways. An unclassified side counts as public. */
export function compareSensitivity(
  old: Sensitivity,
  next: Sensitivity,
): { raised: boolean; lowered: boolean } {
  const was = words(old.classifications);
  const now = words(next.classifications);
  const differ = was.join('\n') !== now.join('\n');
  const unknown = differ && now.some((word) => !ranks.has(word) && !was.includes(word));
  const step = rank(now) - rank(was);
  const wasClasses = words(old.classes);
  const nowClasses = words(next.classes);
  return {
    raised: step > 0 || unknown || nowClasses.some((word) => !wasClasses.includes(word)),
    lowered: (step < 0 && !unknown) || wasClasses.some((word) => !nowClasses.includes(word)),
  };
}

function words(texts: readonly string[]): string[] {
  return [
    ...new Set(
      texts.map((text) =>
        text
          .trim()
          .toLowerCase()
          .replaceAll(/[-_\s]+/g, ' '),
      ),
    ),
  ].sort();
}

function rank(classifications: readonly string[]): number {
  return Math.max(0, ...classifications.slice(0, 1000).map((word) => ranks.get(word) ?? 6));
}
