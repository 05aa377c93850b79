import type { Evidence } from '../core/evidence.ts';
import type { About, Attribute, Fact, Relation } from '../core/fact.ts';
import type { LayerReading } from '../core/layer.ts';
import { isWithin } from '../core/path.ts';

/**
 * A reading of a file whose layer calls it by a way through a symbolic link of a lower layer, as a reading of the path
 * that the file really has: `lib/x` where `lib` leads to `usr/lib`.
 */
export function movedReading(reading: LayerReading, real: string): LayerReading {
  if (reading.path === real) return reading;
  const move = mover(reading.path, real);
  return {
    path: real,
    facts: reading.facts.map((fact) => movedFact(fact, move)),
    problems: reading.problems.map((problem) => ({ ...problem, path: move(problem.path) })),
    findings: reading.findings.map((found) => ({ ...found, path: move(found.path) })),
    lists: reading.lists.map((list) => ({
      ...list,
      component: movedKey(list.component, move),
      path: move(list.path),
      files: list.files.map((file) => ({ ...file, path: move(file.path) })),
      owns: list.owns.map(move),
      ...(list.site === undefined ? {} : { site: move(list.site) }),
    })),
    runs: reading.runs.map((run) => ({
      ...run,
      key: move(run.key),
      output: move(run.output),
      evidence: movedEvidence(run.evidence, move),
    })),
    examined: reading.examined,
  };
}

type Move = (path: string) => string;

/** Both paths end alike; what differs before that is where the link stands and where it leads. */
function mover(from: string, to: string): Move {
  const [left, right] = [from.split('/'), to.split('/')];
  while (left.length > 1 && right.length > 0 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  const [link, target] = [left.join('/'), right.join('/')];
  return (path) => {
    if (path === from) return to;
    if (!isWithin(path, link)) return path;
    const rest = path.slice(link.length + 1);
    return target === '' || rest === '' ? target + rest || '.' : `${target}/${rest}`;
  };
}

function movedFact(fact: Fact, move: Move): Fact {
  const { about, attributes, relations, tensors } = fact;
  return {
    ...fact,
    about: movedAbout(about, move),
    attributes: attributes.map((each) => movedAttribute(each, move)),
    relations: relations.map((each): Relation => {
      const evidence = movedEvidence(each.evidence, move);
      return each.type === 'part' ? { ...each, evidence, path: move(each.path) } : { ...each, evidence };
    }),
    ...(tensors
      ? {
          tensors: {
            tensors: tensors.tensors.map((tensor) =>
              tensor.path === undefined ? tensor : { ...tensor, path: move(tensor.path) },
            ),
          },
        }
      : {}),
  };
}

function movedAttribute(each: Attribute, move: Move): Attribute {
  const evidence = movedEvidence(each.evidence, move);
  if (each.name === 'mlbom:package:location') return { ...each, value: move(each.value), evidence };
  return { ...each, evidence };
}

function movedAbout(about: About, move: Move): About {
  switch (about.kind) {
    case 'component':
      return {
        ...about,
        key: movedKey(about.key, move),
        ...(about.path === undefined ? {} : { path: move(about.path) }),
      };
    case 'index':
      return {
        ...about,
        path: move(about.path),
        parts: about.parts.map((part) => ({ ...part, path: move(part.path) })),
      };
    case 'weights':
      return {
        ...about,
        path: move(about.path),
        ...(about.part ? { part: { ...about.part, set: move(about.part.set) } } : {}),
      };
    default:
      return { ...about, path: move(about.path) };
  }
}

/** Keys of things that lie somewhere are a word and a path: `python:usr/lib/…`. */
function movedKey(key: string, move: Move): string {
  const colon = key.indexOf(':') + 1;
  return key.slice(0, colon) + move(key.slice(colon));
}

function movedEvidence(evidence: Evidence, move: Move): Evidence {
  return { ...evidence, source: move(evidence.source) };
}
