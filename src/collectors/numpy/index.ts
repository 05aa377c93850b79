import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { memberEntry } from '../../core/member-entry.ts';
import { contradiction, incomplete, type Problem } from '../../core/problem.ts';
import { isNpy, npyDataOffset, readNpyHeader, type NpyHeader } from '../../formats/npy.ts';
import { subrange } from '../../formats/subrange.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { firstMemberName } from '../first-member-name.ts';
import { problemOf } from '../problem-of.ts';
import { numpyRules, oddHeader } from './rules.ts';

/**
 * NumPy arrays: .npy, and .npz, which is a zip of them. An array is data, and no model by itself.
 * What lies in an array of objects is a pickle, and goes to whoever reads those.
 */
export const numpy: FileCollector = {
  id: 'numpy',
  version: 1,
  rules: numpyRules,
  wants: (_, head) => isNpy(head) || firstMemberName(head)?.endsWith('.npy') === true,
  async collect(entry): Promise<Collected> {
    return isNpy(await entry.head(8)) ? collectArray(entry) : collectArchive(entry);
  },
};

async function collectArray(entry: Entry): Promise<Collected> {
  try {
    return described(entry, await readNpyHeader(entry));
  } catch (error) {
    return undescribed(entry, error);
  }
}

/**
 * NumPy takes more headers than are read here: strings in parts, other names of types, keys that stand twice. What
 * follows such a header may be a pickle, and is offered as one.
 * @throws the error itself where elements are missing, or the header
 */
async function undescribed(entry: Entry, error: unknown): Promise<Collected> {
  const isHeader =
    isMlbomError(error) &&
    (error.code === 'E_MALFORMED' || error.code === 'E_LIMIT') &&
    error.rule !== 'npy-truncated';
  if (!isHeader) throw error;
  const dataOffset = await npyDataOffset(entry);
  return {
    facts: [],
    problems: [problemOf(error, entry, numpy)],
    findings: [finding(oddHeader, entry.path, error.message.replace(/^npy: /, ''), { offset: 0 })],
    ...(dataOffset < entry.size ? { children: objects(entry, dataOffset) } : {}),
  };
}

function described(entry: Entry, header: NpyHeader): Collected {
  const attributes = attributesFrom(entry.path, numpy.id, 'observed');
  attributes.add('mlbom:file:format', 'npy');
  attributes.add('mlbom:file:format-version', header.version);
  attributes.add('mlbom:file:header', `dtype=${header.dtype.text}`, 'descr');
  attributes.add('mlbom:file:header', `shape=${header.shape.join(',')}`, 'shape');
  attributes.add('mlbom:file:header', `order=${header.fortranOrder ? 'Fortran' : 'C'}`, 'fortran_order');
  return {
    // The archive says what arrays it holds.
    facts: entry.container === undefined ? [fileFact(entry.path, [attributes])] : [],
    problems: trailing(entry, header),
    findings: [],
    ...(header.dtype.hasObjects ? { children: objects(entry, header.dataOffset) } : {}),
  };
}

async function collectArchive(entry: Entry): Promise<Collected> {
  const { members } = await readZip(entry);
  const arrays = members.filter(({ name }) => name.endsWith('.npy'));
  const attributes = attributesFrom(entry.path, numpy.id, 'observed');
  const problems: Problem[] = [];
  attributes.add('mlbom:file:format', 'npz');
  attributes.add('mlbom:file:header', `arrays=${arrays.length}`);
  for (const member of arrays.slice(0, limits.npzArrays)) {
    try {
      const { dtype, shape } = await readNpyHeader(memberSource(entry, member));
      const name = member.name.slice(0, -'.npy'.length);
      attributes.add('mlbom:file:header', `${name}=${dtype.text}[${shape.join(',')}]`, member.name);
    } catch {
      // The member itself is read as an array of its own, and what is wrong with it is said there.
    }
  }
  if (arrays.length > limits.npzArrays) {
    problems.push(
      incomplete('npz-arrays', entry.path, `${arrays.length} arrays; ${limits.npzArrays} are listed`),
    );
  }
  return { facts: [fileFact(entry.path, [attributes])], problems, findings: [] };
}

/** The elements of an array of objects. */
// eslint-disable-next-line @typescript-eslint/require-await -- the walk reads children as a stream
async function* objects(entry: Entry, dataOffset: number): AsyncGenerator<Entry> {
  const range = { offset: dataOffset, length: entry.size - dataOffset };
  yield memberEntry(entry, 'objects.pkl', subrange(entry, range));
}

/** Several arrays may stand in one file, one after the other, as `numpy.save` into an open file leaves them. */
function trailing(entry: Entry, { dataOffset, dataBytes }: NpyHeader): Problem[] {
  const rest = dataBytes === undefined ? 0 : entry.size - dataOffset - dataBytes;
  if (rest === 0) return [];
  return [
    contradiction(
      'npy-trailing',
      entry.path,
      `${rest} bytes after the array are not described by its header`,
    ),
  ];
}
