import type { Formula } from '../core/bom.ts';
import type { Declaration } from '../core/declaration.ts';

/** The declared training run as a workflow whose output is the subject. CycloneDX has no task type `train`. */
export function formulationOf(declaration: Declaration | undefined, subject: string): Formula[] {
  const training = declaration?.training;
  if (!training) return [];
  const parameters = Object.entries(training.parameters ?? {}).map(([name, value]) => ({
    name,
    value: String(value),
  }));
  const inputs = [
    ...(parameters.length > 0 ? [{ parameters }] : []),
    ...(training.inputs ?? []).map((url) => ({ resource: { externalReference: { type: 'other', url } } })),
  ];
  return [
    {
      'bom-ref': 'formula:training',
      workflows: [
        {
          'bom-ref': 'workflow:training',
          uid: training.run,
          name: 'training',
          ...(training.description === undefined ? {} : { description: training.description }),
          taskTypes: ['build'],
          ...(inputs.length > 0 ? { inputs } : {}),
          outputs: [{ type: 'artifact', resource: { ref: subject } }],
          ...(training.startedAt === undefined ? {} : { timeStart: training.startedAt }),
          ...(training.finishedAt === undefined ? {} : { timeEnd: training.finishedAt }),
        },
      ],
    },
  ];
}
