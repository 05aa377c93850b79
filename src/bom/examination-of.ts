import type { Annotation, Bom, Property } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import type { PropertyName } from '../core/vocabulary.ts';

const name: PropertyName = 'mlbom:examination';

/** That somebody looked, with which rules, and what came of it: without it, no finding would be no evidence. */
export function examinationOf(
  { subject, examinations, findings }: Inventory,
  { toolVersion, timestamp }: { toolVersion: string; timestamp: string },
): Pick<Bom, 'annotations' | 'properties'> {
  if (examinations.length === 0) return {};
  const rules = new Set(examinations.flatMap((each) => each.rules)).size;
  const result = findings.length === 0 ? 'nothing was found' : `${findings.length} findings`;
  const annotation: Annotation = {
    'bom-ref': 'annotation:examination',
    subjects: [subject.ref],
    annotator: { component: { type: 'application', name: 'mlbom', version: toolVersion } },
    timestamp,
    text: `The content was looked through with ${rules} rules for what it can do when it is loaded: ${result}. Which collector read how many files with which rules stands in the properties ${name}; what was not read stands in mlbom:problem.`,
  };
  const properties = examinations.map(({ collector, version, files, rules: ids }): Property => ({
    name,
    value: canonicalJson({ collector, version, files, rules: [...ids] }),
  }));
  return { annotations: [annotation], properties };
}

/** That nothing tells how a model was made is said too: an empty field could mean that nobody looked. */
export function unmadeOf(
  { subject, runs }: Inventory,
  declared: boolean,
  { toolVersion, timestamp }: { toolVersion: string; timestamp: string },
): Annotation[] {
  const models = modelsIn(subject).filter(({ ref }) => !runs.some(({ output }) => output === ref));
  if (declared || models.length === 0 || runs.some(({ output }) => output === subject.ref)) return [];
  return [
    {
      'bom-ref': 'annotation:provenance',
      subjects: models.map(({ ref }) => ref),
      annotator: { component: { type: 'application', name: 'mlbom', version: toolVersion } },
      timestamp,
      text: 'Nothing here tells how this was made: no run, no configuration of a training or merge, no provenance statement, and no training was declared.',
    },
  ];
}

function modelsIn(item: Item): Item[] {
  const own = item.type === 'machine-learning-model' ? [item] : [];
  return [...own, ...item.items.flatMap((nested) => (nested.file ? [] : modelsIn(nested)))];
}
