/** Longest word that is compared; names of the schema are far shorter. */
const longest = 64;

/** The candidates that are a slip of the pen away from `word`, nearest first, three at most. */
export function nearest(word: string, candidates: readonly string[]): string[] {
  if (word.length > longest) return [];
  const wanted = word.toLowerCase();
  return candidates
    .filter((candidate) => candidate.length <= longest)
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .filter((scored) => scored.distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((scored) => scored.candidate);
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
