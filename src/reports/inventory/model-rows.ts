import type { Component } from '../../core/bom.ts';
import { propertyOf } from '../../core/components-of.ts';
import { formatBytes, formatCount } from '../format-bytes.ts';
import { bytesOf, filesOf, licenseOf } from './component-facts.ts';

export const modelColumns = [
  { title: 'MODEL', shrink: 1 },
  { title: 'FORMAT', shrink: 2 },
  { title: 'ARCHITECTURE', shrink: 5 },
  { title: 'PARAMETERS', align: 'right' },
  { title: 'DTYPE', shrink: 4 },
  { title: 'LICENCE', shrink: 3 },
  { title: 'FILES', align: 'right' },
  { title: 'BYTES', align: 'right' },
] as const;

/** What a person wants to know of a model at first sight. */
export function modelRow(model: Component): string[] {
  const parameters = Number(propertyOf(model, 'mlbom:model:parameters'));
  const card = model.modelCard?.modelParameters;
  return [
    model.name,
    propertyOf(model, 'mlbom:model:format') ?? '-',
    card?.modelArchitecture ?? card?.architectureFamily ?? '-',
    Number.isFinite(parameters) ? formatCount(parameters) : '-',
    propertyOf(model, 'mlbom:model:quantization') ?? propertyOf(model, 'mlbom:model:dtype') ?? '-',
    licenseOf(model),
    String(filesOf(model).length),
    formatBytes(bytesOf(filesOf(model))),
  ];
}

/** A model with weights, or a repository of several: what its card and configuration say of the whole. */
export function isShownModel(component: Component): boolean {
  const hasWeights = propertyOf(component, 'mlbom:model:format') !== undefined;
  return component.type === 'machine-learning-model' && (hasWeights || component.modelCard !== undefined);
}
