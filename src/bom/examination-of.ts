import type { Annotation, Bom, Property } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Inventory } from '../core/inventory.ts';
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
