import type { Formula, Property, Workflow } from '../core/bom.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Declaration } from '../core/declaration.ts';
import type { PlacedRun } from '../core/inventory.ts';
import type { PropertyName } from '../core/vocabulary.ts';

const evidence: PropertyName = 'mlbom:evidence';
const digest: PropertyName = 'mlbom:run:input-digest';
const tool: PropertyName = 'mlbom:run:tool';
/** Parameters of one run that are written; a configuration can have thousands. */
const mostParameters = 500;

/**
 * How things were made: the declared training run, whose output is the subject, and the runs that files tell of.
 * CycloneDX has no task type `train`.
 */
export function formulationOf(
  declaration: Declaration | undefined,
  subject: string,
  runs: readonly PlacedRun[],
): Formula[] {
  const declared = declaredTraining(declaration, subject);
  const found = runs.map((placed) => workflowOf(placed));
  return [
    ...(declared ? [{ 'bom-ref': 'formula:training', workflows: [declared] }] : []),
    ...(found.length > 0 ? [{ 'bom-ref': 'formula:found', workflows: found }] : []),
  ];
}

function declaredTraining(declaration: Declaration | undefined, subject: string): Workflow | undefined {
  const training = declaration?.training;
  if (!training) return undefined;
  const parameters = Object.entries(training.parameters ?? {}).map(([name, value]) => ({
    name,
    value: String(value),
  }));
  const inputs = [
    ...(parameters.length > 0 ? [{ parameters }] : []),
    ...(training.inputs ?? []).map((url) => ({ resource: { externalReference: { type: 'other', url } } })),
  ];
  return {
    'bom-ref': 'workflow:training',
    uid: training.run,
    name: 'training',
    ...(training.description === undefined ? {} : { description: training.description }),
    taskTypes: ['build'],
    ...(inputs.length > 0 ? { inputs } : {}),
    outputs: [{ type: 'artifact', resource: { ref: subject } }],
    ...(training.startedAt === undefined ? {} : { timeStart: training.startedAt }),
    ...(training.finishedAt === undefined ? {} : { timeEnd: training.finishedAt }),
  };
}

function workflowOf({ run, output, inputs }: PlacedRun): Workflow {
  const parameters = run.parameters.slice(0, mostParameters).map(({ name, value }) => ({ name, value }));
  const all = [
    ...(parameters.length > 0 ? [{ parameters }] : []),
    ...run.inputs.map((input, index) => inputOf(input, inputs[index])),
  ];
  return {
    'bom-ref': `workflow:${run.key}`,
    uid: run.id ?? run.key,
    name: run.name,
    ...(run.description === undefined ? {} : { description: run.description }),
    taskTypes: ['build'],
    ...(all.length > 0 ? { inputs: all } : {}),
    outputs: [{ type: 'artifact', resource: { ref: output } }],
    ...(run.startedAt === undefined ? {} : { timeStart: run.startedAt }),
    ...(run.finishedAt === undefined ? {} : { timeEnd: run.finishedAt }),
    properties: [
      ...run.tools.map(({ name, version }): Property => ({
        name: tool,
        value: version === undefined ? name : `${name} ${version}`,
      })),
      ...run.inputs.flatMap(({ to, digests = {} }) =>
        Object.entries(digests).map(([algorithm, value]): Property => ({
          name: digest,
          value: canonicalJson({ input: to.name, algorithm, digest: value }),
        })),
      ),
      { name: evidence, value: canonicalJson({ attribute: 'run', ...run.evidence }) },
    ],
  };
}

/** An input that is in the BOM, or one that is somewhere; of a name alone CycloneDX only takes a parameter. */
function inputOf(
  { type, to }: PlacedRun['run']['inputs'][number],
  ref: string | undefined,
): Record<string, unknown> {
  if (ref !== undefined) return { resource: { ref } };
  const url = to.url ?? to.purl;
  if (url === undefined) return { parameters: [{ name: type, value: to.name }] };
  return {
    resource: { externalReference: { type: type === 'source' ? 'vcs' : 'other', url, comment: to.name } },
  };
}
