import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Bom, Component, ModelParameters } from '../src/core/bom.ts';
import { propertyOf } from '../src/core/components-of.ts';
import { readBom } from '../src/bom/read.ts';

const path = new URL('../samples/declare/expected/model.cdx.json', import.meta.url);

/**
 * SBOM for AI, minimum elements (G7, 2026): those that a model and its declaration can answer. The frameworks and the
 * hardware are not among them, nor is the signature, which is made afterwards.
 */
const elements: Readonly<Record<string, (bom: Bom) => unknown>> = {
  'author of the BOM': ({ metadata }) => metadata?.authors?.[0]?.name,
  'generation context': ({ metadata }) => metadata?.lifecycles?.[0]?.phase,
  timestamp: ({ metadata }) => metadata?.timestamp,
  'name and version of the tool': ({ metadata }) => metadata?.tools,
  dependencies: ({ dependencies }) => dependencies?.[0]?.ref,
  completeness: ({ compositions }) => compositions?.[0]?.aggregate,
  name: (bom) => subjectOf(bom)?.name,
  version: (bom) => subjectOf(bom)?.version,
  identifier: (bom) => subjectOf(bom)?.purl,
  producer: (bom) => subjectOf(bom)?.manufacturer?.name,
  supplier: (bom) => subjectOf(bom)?.supplier?.name,
  description: (bom) => subjectOf(bom)?.description,
  licence: (bom) => subjectOf(bom)?.licenses?.[0],
  digest: (bom) => subjectOf(bom)?.hashes?.[0]?.content,
  'release date': (bom) => propertyOf(subjectOf(bom) ?? {}, 'mlbom:release-date'),
  'security contact': (bom) =>
    subjectOf(bom)?.externalReferences?.find(({ type }) => type === 'security-contact')?.url,
  architecture: (bom) => parametersOf(bom)?.architectureFamily,
  'training approach': (bom) => parametersOf(bom)?.approach?.type,
  input: (bom) => parametersOf(bom)?.inputs?.[0]?.format,
  output: (bom) => parametersOf(bom)?.outputs?.[0]?.format,
  'link to the dataset': (bom) => parametersOf(bom)?.datasets?.[0],
  'application area': (bom) => subjectOf(bom)?.modelCard?.considerations?.useCases?.[0],
  limits: (bom) => subjectOf(bom)?.modelCard?.considerations?.technicalLimitations?.[0],
  performance: (bom) => subjectOf(bom)?.modelCard?.quantitativeAnalysis?.performanceMetrics?.[0]?.value,
  energy: (bom) =>
    subjectOf(bom)?.modelCard?.considerations?.environmentalConsiderations?.energyConsumptions?.[0]?.activity,
  'training run': ({ formulation }) => formulation?.[0]?.workflows?.[0]?.uid,
  'dataset classification': (bom) => datasetOf(bom)?.data?.[0]?.classification,
  'dataset sensitivity': (bom) => datasetOf(bom)?.data?.[0]?.sensitiveData?.[0],
  'dataset governance': (bom) => datasetOf(bom)?.data?.[0]?.governance?.owners?.[0]?.organization?.name,
  'dataset provenance': (bom) => datasetOf(bom)?.pedigree?.notes,
  'dataset licence': (bom) => datasetOf(bom)?.licenses?.[0],
  'dataset digest': (bom) => datasetOf(bom)?.hashes?.[0]?.content,
  'dataset statistics': (bom) => propertyOf(datasetOf(bom) ?? {}, 'mlbom:dataset:statistic'),
  'data flow': ({ services }) => services?.[0]?.data?.[0]?.flow,
  'data usage': ({ services }) => services?.[0]?.data?.[0]?.classification,
  'security controls': ({ declarations }) => declarations?.claims?.[0]?.predicate,
  standards: ({ definitions }) => definitions?.standards?.[0]?.name,
};

describe('the minimum elements in the sample of a declaration', () => {
  const bom = readBom(readFileSync(path), 'sample');

  it.each(Object.entries(elements))('%s', (_element, answer) => {
    expect([undefined, '']).not.toContain(answer(bom));
  });
});

function subjectOf({ metadata }: Bom): Component | undefined {
  return metadata?.component;
}

function parametersOf(bom: Bom): ModelParameters | undefined {
  return subjectOf(bom)?.modelCard?.modelParameters;
}

function datasetOf({ components }: Bom): Component | undefined {
  return components?.find(({ type }) => type === 'data');
}
