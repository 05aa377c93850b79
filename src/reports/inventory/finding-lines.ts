import type { Bom, Vulnerability } from '../../core/bom.ts';
import { componentsOf } from '../../core/components-of.ts';
import { severities } from '../../core/severity.ts';
import { plainText } from '../plain-text.ts';
import { wrapText } from '../wrap-text.ts';

/** Findings that are listed; the rest are counted. */
const most = 20;

/** How many findings there are of each severity, and the worst of them with where they are. */
export function findingLines(bom: Bom, width: number, paint: (text: string) => string): string[] {
  const found = (bom.vulnerabilities ?? []).filter(({ source }) => source?.name === 'mlbom');
  if (found.length === 0)
    return [
      (bom.annotations ?? []).every((each) => each['bom-ref'] !== 'annotation:examination')
        ? 'findings  not looked for'
        : 'findings  none',
    ];
  const names = new Map(
    [...componentsOf(bom)].map(({ component }) => [component['bom-ref'], component.name]),
  );
  const ranked = found.toSorted((a, b) => rankOf(a) - rankOf(b));
  const counts = severities.flatMap((severity) => {
    const count = found.filter((each) => severityOf(each) === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const lines = ranked.slice(0, most).flatMap((each) => {
    const where = (each.affects ?? []).map(({ ref }) => names.get(ref) ?? ref).join(', ');
    const [what = '', ...more] = (each.detail ?? each.description ?? '').split('\n');
    const others = more.length > 0 ? ` (and ${more.length} more)` : '';
    const text = `${severityOf(each)} ${each.id ?? ''} ${where}: ${what}${others}`;
    return wrapText(plainText(text), width - 4).map(
      (line, index) => `${index === 0 ? '  ! ' : '    '}${line}`,
    );
  });
  const rest = found.length > most ? [`  … and ${found.length - most} more, all of them in the BOM`] : [];
  return [`findings  ${paint(`${found.length} (${counts.join(', ')})`)}`, ...lines, ...rest];
}

function severityOf(found: Vulnerability): string {
  return found.ratings?.[0]?.severity ?? 'unknown';
}

function rankOf(found: Vulnerability): number {
  const rank = severities.findIndex((severity) => severity === severityOf(found));
  return rank < 0 ? severities.length : rank;
}
