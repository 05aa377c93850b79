import type { Entry } from '../../core/entry.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { Hdf5, Hdf5Dataset } from '../../formats/hdf5/read-hdf5.ts';
import { declaredSize, externalData } from './rules.ts';

/** Findings of one kind that are listed for one file. */
const most = 64;
/** What Keras itself refuses since 3.12.1: this much declared, and a thousand times what is stored. */
const largeBytes = 4 * 1024 ** 3;
const largeRatio = 1000;

/** Everything in the file that leads out of it, or that declares more than it has. */
export function structureFindings({ path, size }: Entry, file: Hdf5): Finding[] {
  const links = file.externalLinks.map((link) =>
    finding(externalData, path, `${link.path} is a link into another file`, { symbol: link.path }),
  );
  const stored = file.datasets
    .filter(({ files }) => files.length > 0)
    .map((dataset) => {
      const how =
        dataset.storage === 'external' ? 'has its data in another file' : 'is put together from other files';
      return finding(externalData, path, `${dataset.path} ${how}`, { symbol: dataset.path });
    });
  const large = file.datasets
    .filter(({ bytes, range }) => range === undefined && bytes > largeBytes && bytes > largeRatio * size)
    .map((dataset) =>
      finding(declaredSize, path, `${dataset.path} declares ${dataset.bytes} bytes in a file of ${size}`, {
        symbol: dataset.path,
      }),
    );
  return [...links.slice(0, most), ...stored.slice(0, most), ...large.slice(0, most)];
}

export function structureProblems({ path }: Entry, { unread }: Hdf5): Problem[] {
  return unread
    .slice(0, most)
    .map(({ path: where, reason }) =>
      incomplete('hdf5-unread', path, `keras: ${where || 'the file'}: ${reason}`),
    );
}

/** Where Keras 2 and 3 keep the state of the optimizer. */
const optimizerState = /^(?:optimizer|optimizer_weights)\//;

/**
 * The numeric datasets that are weights; those of the optimizer are none. `shift` is where the file begins in the one
 * that holds it; without it the tensors have names and shapes alone.
 */
export function tensorsOf(datasets: readonly Hdf5Dataset[], shift: number | undefined): DeclaredTensor[] {
  return datasets.filter(isWeight).map(({ path, dtype, shape = [], range }) => {
    const place =
      range && shift !== undefined
        ? { offset: shift + range.offset, length: range.length }
        : { offset: 0, length: 0 };
    return { name: path, dtype, shape, ...place };
  });
}

export function optimizerTensors(datasets: readonly Hdf5Dataset[]): number {
  return datasets.filter(({ path }) => optimizerState.test(path)).length;
}

function isWeight({ numeric, shape, path }: Hdf5Dataset): boolean {
  return numeric && shape !== undefined && !optimizerState.test(path);
}
