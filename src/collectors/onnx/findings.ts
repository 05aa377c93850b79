import type { Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { shortened } from '../../core/shortened.ts';
import { customOperators, escapes, link, memoryAddress } from './rules.ts';
import type { DeclaredTensors } from './tensors.ts';

/** Findings of one rule that are listed. */
const most = 16;

/** What a model that could be read asks of whoever loads it. */
export function onnxFindings(
  { path }: Entry,
  { escaping, inMemory }: Pick<DeclaredTensors, 'escaping' | 'inMemory'>,
  operators: string,
): Finding[] {
  const places = [...escaping].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
  const [first] = inMemory;
  return [
    ...places.map(([location, symbol]) => {
      const more = escaping.size > most ? ` (one of ${escaping.size} places)` : '';
      const message = `external data at ${JSON.stringify(shortened(location, 160))}${more}`;
      return finding(escapes, path, message, { symbol: shortened(symbol, 200) });
    }),
    ...(first === undefined
      ? []
      : [
          finding(memoryAddress, path, `data of ${inMemory.length} tensors at addresses in memory`, {
            symbol: shortened(first, 200),
          }),
        ]),
    ...(operators === ''
      ? []
      : [finding(customOperators, path, `operators outside of ONNX: ${shortened(operators, 200)}`)]),
  ];
}

/** A file with the name that exporters give to external data, behind a link: the model beside it does not show that. */
export function isLinkedData({ path, link: target }: Entry, head?: Uint8Array): boolean {
  return target !== undefined && head?.length !== 0 && /\.onnx[._]data$/.test(path);
}

export function linkedData({ path }: Entry): Finding[] {
  return [finding(link, path, 'the external data of a model is reached through a symbolic link')];
}
