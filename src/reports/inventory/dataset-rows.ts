import type { Component } from '../../core/bom.ts';
import { labelOf, propertyOf } from '../../core/components-of.ts';
import { formatBytes, formatCount } from '../format-bytes.ts';
import { bytesOf, filesOf, licenseOf } from './component-facts.ts';

export const datasetColumns = [
  { title: 'DATASET', shrink: 1 },
  { title: 'FORMAT', shrink: 3 },
  { title: 'ROWS', align: 'right' },
  { title: 'CLASSIFICATION', shrink: 4 },
  { title: 'LICENCE', shrink: 2 },
  { title: 'FILES', align: 'right' },
  { title: 'BYTES', align: 'right' },
] as const;

/** What a person wants to know of a dataset or vector store; what is only named has no files. */
export function datasetRow(dataset: Component): string[] {
  const files = filesOf(dataset);
  const rows = propertyOf(dataset, 'mlbom:dataset:rows') ?? propertyOf(dataset, 'mlbom:vector:count');
  return [
    labelOf(dataset),
    propertyOf(dataset, 'mlbom:vector:engine') ?? propertyOf(dataset, 'mlbom:dataset:format') ?? '-',
    rows === undefined || !Number.isFinite(Number(rows)) ? '-' : formatCount(Number(rows)),
    dataset.data?.find(({ classification }) => classification !== undefined)?.classification ??
      propertyOf(dataset, 'mlbom:classification') ??
      '-',
    licenseOf(dataset),
    files.length === 0 ? '-' : String(files.length),
    files.length === 0 ? '-' : formatBytes(bytesOf(files)),
  ];
}
