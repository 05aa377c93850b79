import type { Collected } from '../core/collector.ts';
import type { Entry } from '../core/entry.ts';
import type { About, Attribute, Fact } from '../core/fact.ts';
import type { Finding } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';

/**
 * What a collector made of a member of an archive, stated of the file that holds it: the artifact has no other.
 * Anything else is as it was.
 */
export function ofContainer({ path, container }: Entry, collected: Collected): Collected {
  if (container === undefined) return collected;
  const member = path.slice(container.length + 2);
  return {
    ...collected,
    // What was packed was not installed here: nothing lies where the list says.
    lists: [],
    facts: collected.facts.flatMap((fact) => factOf(fact, container)),
    problems: collected.problems.map((problem): Problem => ({
      ...problem,
      path: container,
      reason: `${member}: ${problem.reason}`,
    })),
    findings: collected.findings.map((found): Finding => ({ ...found, path: container, member })),
  };
}

/** Places in a member are none in the file, so that tables and parts are left out; a list of parts has no parts here. */
function factOf({ about, type, attributes, relations }: Fact, container: string): Fact[] {
  if (about.kind === 'index') return [];
  const kept = relations.filter((relation) => relation.type !== 'part');
  return [
    { about: aboutContainer(about, container), type, attributes: attributes.map(packed), relations: kept },
  ];
}

/** A package in an archive is not installed; it is what would be, if somebody unpacked it. */
function packed(attribute: Attribute): Attribute {
  const isInstalled = attribute.name === 'mlbom:package:basis' && attribute.value === 'installed';
  return isInstalled ? { ...attribute, value: 'packed' } : attribute;
}

function aboutContainer(about: About, container: string): About {
  if (about.kind === 'component') return about.path === undefined ? about : { ...about, path: container };
  return { kind: about.kind === 'weights' ? 'weights' : 'file', path: container };
}
