import type { Bom, Component } from '../core/bom.ts';
import { componentsOf, labelOf, propertyOf } from '../core/components-of.ts';
import { isObject, parseJson } from '../core/json.ts';
import { textAt } from '../core/json-access.ts';
import { formatBytes, formatCount } from './format-bytes.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';
import type { TableOptions } from './table-options.ts';
import { wrapText } from './wrap-text.ts';

/** Problems that are listed; the rest are counted. */
const mostProblems = 20;

/** What a BOM holds, for a person: the models, what they were made from and with, and what is wrong. */
export function inventoryTable(bom: Bom, { color, width }: TableOptions): string {
  const bold = (text: string): string => (color ? `\x1b[1m${text}\x1b[22m` : text);
  const yellow = (text: string): string => (color ? `\x1b[33m${text}\x1b[39m` : text);
  const subject = bom.metadata?.component;
  const placed = [...componentsOf(bom)].map(({ component }) => component);
  const models = placed.filter((component) => isModelWithWeights(component) || isDescribed(component));
  const files = placed.filter((component) => component.type === 'file');
  const datasets = placed.filter((component) => component.type === 'data');

  const lines: string[] = [bold(plainText(headline(subject)))];
  const [head = '', ...rows] = table(columns, models.map(modelRow), width);
  if (models.length > 0) lines.push('', bold(head), ...rows);
  lines.push('');
  for (const model of placed) {
    const whose = model === subject ? '' : ` of ${model.name}`;
    for (const ancestor of model.pedigree?.ancestors ?? []) {
      const how = propertyOf(ancestor, 'mlbom:ancestor:relation') ?? 'unspecified';
      lines.push(`base      ${plainText(`${labelOf(ancestor)} (${how})${whose}`)}`);
    }
  }
  for (const dataset of datasets) lines.push(`dataset   ${plainText(labelOf(dataset))}`);
  lines.push(`files     ${files.length}, ${formatBytes(sum(files, 'mlbom:file:size'))}`);
  for (const artifact of placed.filter(
    (component) => propertyOf(component, 'mlbom:hash:scope') === 'manifest',
  )) {
    const digest = artifact.hashes?.[0]?.content ?? '';
    const name = artifact === subject ? '' : ` ${plainText(artifact.name)}`;
    lines.push(`artifact  sha256:${digest}${name}`);
  }
  const problems = placed.flatMap(problemsOf);
  lines.push(`problems  ${problems.length === 0 ? 'none' : yellow(String(problems.length))}`);
  for (const problem of problems.slice(0, mostProblems)) {
    lines.push(
      ...wrapText(plainText(problem), width - 4).map(
        (line, index) => `${index === 0 ? '  ! ' : '    '}${line}`,
      ),
    );
  }
  if (problems.length > mostProblems)
    lines.push(`  … and ${problems.length - mostProblems} more, all of them in the BOM`);
  return `${lines.join('\n')}\n`;
}

const columns = [
  { title: 'MODEL', shrink: 1 },
  { title: 'FORMAT' },
  { title: 'ARCHITECTURE', shrink: 3 },
  { title: 'PARAMETERS', align: 'right' },
  { title: 'DTYPE' },
  { title: 'LICENCE', shrink: 2 },
  { title: 'FILES', align: 'right' },
  { title: 'BYTES', align: 'right' },
] as const;

function modelRow(model: Component): string[] {
  const files = (model.components ?? []).filter((nested) => nested.type === 'file');
  const parameters = Number(propertyOf(model, 'mlbom:model:parameters'));
  const card = model.modelCard?.modelParameters;
  return [
    model.name,
    propertyOf(model, 'mlbom:model:format') ?? '-',
    card?.modelArchitecture ?? card?.architectureFamily ?? '-',
    Number.isFinite(parameters) ? formatCount(parameters) : '-',
    propertyOf(model, 'mlbom:model:quantization') ?? propertyOf(model, 'mlbom:model:dtype') ?? '-',
    licenseOf(model),
    String(files.length),
    formatBytes(sum(files, 'mlbom:file:size')),
  ];
}

function isModelWithWeights(component: Component): boolean {
  return (
    component.type === 'machine-learning-model' && propertyOf(component, 'mlbom:model:format') !== undefined
  );
}

/** A repository of several models: what its card and configuration say of the whole. */
function isDescribed(component: Component): boolean {
  return component.type === 'machine-learning-model' && component.modelCard !== undefined;
}

function licenseOf(component: Component): string {
  const [choice] = component.licenses ?? [];
  if (!choice) return '-';
  return 'expression' in choice ? choice.expression : (choice.license.id ?? choice.license.name ?? '-');
}

function headline(subject: Component | undefined): string {
  return subject ? `${labelOf(subject)} · ${subject.type}` : 'no subject';
}

function sum(components: readonly Component[], property: string): number {
  return components.reduce((total, component) => total + (Number(propertyOf(component, property)) || 0), 0);
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
