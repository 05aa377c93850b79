import { attribute, type Fact } from '../../core/fact.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { claimedFact, isSoftware, type SoftwareClaim } from './software-claims.ts';

interface Installed {
  readonly fact: Fact;
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/**
 * Claims of an image's configuration against what its files show. A claim that agrees with an installed thing makes
 * that thing's version verified; one that nothing agrees with is a problem; one that nothing speaks of stays a claim.
 * @param installed facts from the files of the image
 */
export function againstFiles(
  claims: readonly SoftwareClaim[],
  installed: readonly Fact[],
  source: string,
): { readonly facts: readonly Fact[]; readonly problems: readonly Problem[] } {
  const there = installedThings(installed);
  const facts: Fact[] = [];
  const problems: Problem[] = [];
  for (const claim of claims) {
    const same = there.filter(({ name }) => isSoftware(claim, name));
    const agreeing = same.filter(({ version }) => sayTheSame(claim, version));
    facts.push(...agreeing.map((each) => verifiedFact(each, claim, source)));
    const [first, ...others] = same;
    if (!first) facts.push(claimedFact(claim, source));
    else if (agreeing.length === 0) {
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      const reason = `${claim.at} says ${claim.name} ${claim.version}, and ${first.name} ${first.version} is installed at ${first.path}${more}`;
      problems.push(contradiction('image-claim-differs', first.path, reason));
    }
  }
  return { facts, problems };
}

/** Things that lie in the image, with a name and a version, each thing and version once. */
function installedThings(facts: readonly Fact[]): readonly Installed[] {
  const things = new Map<string, Installed>();
  for (const fact of facts) {
    const { about } = fact;
    if (about.kind !== 'component' || about.path === undefined || fact.type === 'data') continue;
    const [name, version] = [textOf(fact, 'name'), textOf(fact, 'version')];
    if (name === undefined || version === undefined) continue;
    things.set(`${about.key}\0${version}`, { fact, name, version, path: about.path });
  }
  return [...things.values()];
}

function textOf(fact: Fact, name: 'name' | 'version'): string | undefined {
  const found = fact.attributes.find((each) => each.name === name);
  return typeof found?.value === 'string' ? found.value : undefined;
}

/** The version is the installed one; that the image says it too is the evidence. */
function verifiedFact({ fact, version }: Installed, claim: SoftwareClaim, source: string): Fact {
  const evidence = { basis: 'verified', source, at: claim.at, by: 'image' } as const;
  return {
    about: fact.about,
    type: fact.type,
    attributes: [attribute('version', version, evidence)],
    relations: [],
  };
}

/**
 * As many numbers as both have, three at most. Of CUDA two: its libraries count the third by themselves, so that
 * `12.4.1` has a runtime `12.4.127`.
 */
function sayTheSame(claim: SoftwareClaim, installed: string): boolean {
  const [a, b] = [numbersOf(claim.version), numbersOf(installed)];
  const compared = claim.name === 'cuda' ? 2 : 3;
  return a.slice(0, compared).every((number, index) => index >= b.length || number === b[index]);
}

/** Of `2.21.5-1+cuda12.4` those of the version itself, without an epoch. */
function numbersOf(version: string): string[] {
  const own = /^(?:\d+:)?v?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '';
  return own.split('.');
}
