import type { Bom, Component } from '../core/bom.ts';
import { componentsOf, labelOf, propertyOf } from '../core/components-of.ts';
import { isObject, parseJson } from '../core/json.ts';
import { textAt } from '../core/json-access.ts';
import { formatBytes } from './format-bytes.ts';
import { bytesOf } from './inventory/component-facts.ts';
import { datasetColumns, datasetRow } from './inventory/dataset-rows.ts';
import { findingLines } from './inventory/finding-lines.ts';
import { isLayer, layerColumns, layerRow } from './inventory/layer-rows.ts';
import { isShownModel, modelColumns, modelRow } from './inventory/model-rows.ts';
import { packageLines } from './inventory/package-lines.ts';
import { plainText } from './plain-text.ts';
import { table, type Column } from './table.ts';
import type { TableOptions } from './table-options.ts';
import { wrapText } from './wrap-text.ts';

/** Problems that are listed; the rest are counted. */
const mostProblems = 20;
/** Rows of one table; a package index has thousands of models in its tests. */
const mostRows = 40;

/** What a BOM holds, for a person: models, datasets, packages, what they can do and what is wrong. */
export function inventoryTable(bom: Bom, { color, width }: TableOptions): string {
  const bold = (text: string): string => (color ? `\x1b[1m${text}\x1b[22m` : text);
  const yellow = (text: string): string => (color ? `\x1b[33m${text}\x1b[39m` : text);
  const red = (text: string): string => (color ? `\x1b[31m${text}\x1b[39m` : text);
  const subject = bom.metadata?.component;
  const placed = [...componentsOf(bom)].map(({ component }) => component);
  const files = placed.filter((component) => component.type === 'file' && !isLayer(component));

  function rows(
    columns: readonly Column[],
    components: readonly Component[],
    row: (c: Component) => string[],
  ): string[] {
    if (components.length === 0) return [];
    const [head = '', ...lines] = table(columns, components.slice(0, mostRows).map(row), width);
    const more = components.length - mostRows;
    return ['', bold(head), ...lines, ...(more > 0 ? [`… and ${more} more, all of them in the BOM`] : [])];
  }

  const lines: string[] = [
    bold(plainText(headline(subject))),
    ...rows(modelColumns, placed.filter(isShownModel), modelRow),
    ...rows(
      datasetColumns,
      placed.filter(({ type }) => type === 'data'),
      datasetRow,
    ),
    ...rows(layerColumns, placed.filter(isLayer), layerRow(bom)),
    '',
    ...baseLines(placed, subject),
    ...runLines(bom, placed),
    ...packageLines(bom, width),
    ...placed.flatMap(mergedLine),
    `files     ${files.length}${files.length > 0 && subject?.type === 'container' ? ' listed' : ''}, ${formatBytes(bytesOf(files))}`,
    ...artifactLines(placed, subject),
    ...findingLines(bom, width, red),
    ...problemLines(placed.flatMap(problemsOf), width, yellow),
  ];
  return `${lines.join('\n')}\n`;
}

function headline(subject: Component | undefined): string {
  return subject ? `${labelOf(subject)} · ${subject.type}` : 'no subject';
}

function baseLines(placed: readonly Component[], subject: Component | undefined): string[] {
  return placed.flatMap((model) => {
    const whose = model === subject ? '' : ` of ${model.name}`;
    return (model.pedigree?.ancestors ?? []).map((ancestor) => {
      const relation = propertyOf(ancestor, 'mlbom:ancestor:relation') ?? 'unspecified';
      const confidence = propertyOf(ancestor, 'mlbom:oci:base-confidence');
      const evidence = propertyOf(ancestor, 'mlbom:oci:base-evidence') ?? '';
      const how = confidence === undefined ? relation : `by ${evidence}, confidence ${confidence}`;
      return `base      ${plainText(`${labelOf(ancestor)} (${how})${whose}`)}`;
    });
  });
}

/** Of an image only the files that have something to say are listed. */
function mergedLine(component: Component): string[] {
  const files = propertyOf(component, 'mlbom:oci:files');
  if (files === undefined || component.type !== 'container') return [];
  return [`shows     ${files} files, ${formatBytes(Number(propertyOf(component, 'mlbom:oci:bytes')))}`];
}

/** How models came about, or that nothing tells it. */
function runLines(bom: Bom, placed: readonly Component[]): string[] {
  const runs = (bom.formulation ?? []).flatMap(({ workflows = [] }) => workflows);
  if (runs.length === 0)
    return placed.some(isShownModel) ? ['made by   nothing tells how a model was made'] : [];
  return runs.map(({ name, uid }) => `made by   ${plainText(`${name ?? 'a run'} (${uid})`)}`);
}

function artifactLines(placed: readonly Component[], subject: Component | undefined): string[] {
  return placed
    .filter((component) => propertyOf(component, 'mlbom:hash:scope') !== undefined)
    .map((artifact) => {
      const name = artifact === subject ? '' : ` ${plainText(artifact.name)}`;
      const isImage = propertyOf(artifact, 'mlbom:hash:scope') !== 'manifest';
      return `${isImage ? 'image   ' : 'artifact'}  sha256:${artifact.hashes?.[0]?.content ?? ''}${name}`;
    });
}

function problemLines(problems: readonly string[], width: number, paint: (text: string) => string): string[] {
  const listed = problems
    .slice(0, mostProblems)
    .flatMap((problem) =>
      wrapText(plainText(problem), width - 4).map((line, index) => `${index === 0 ? '  ! ' : '    '}${line}`),
    );
  const more = problems.length - mostProblems;
  return [
    `problems  ${problems.length === 0 ? 'none' : paint(String(problems.length))}`,
    ...listed,
    ...(more > 0 ? [`  … and ${more} more, all of them in the BOM`] : []),
  ];
}

function problemsOf(component: Component): string[] {
  return (component.properties ?? [])
    .filter((property) => property.name === 'mlbom:problem')
    .map(({ value = '' }) => {
      try {
        const problem = parseJson(value);
        if (isObject(problem))
          return `${textAt(problem, 'path') ?? '.'}: ${textAt(problem, 'reason') ?? ''} [${textAt(problem, 'code') ?? ''}]`;
      } catch {
        // Somebody else's property of our name is shown as it is.
      }
      return value;
    });
}
