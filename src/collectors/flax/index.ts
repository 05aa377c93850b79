import type { Collected, FileCollector } from '../../core/collector.ts';
import { dtypeName } from '../../core/dtype.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { DeclaredTensor } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { contradiction, type Problem } from '../../core/problem.ts';
import { readMsgpack, type MsgpackValue } from '../../formats/msgpack.ts';
import { subrange } from '../../formats/subrange.ts';
import { attributesFrom } from '../attributes.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';

/** flax.serialization: an array is extension type 1, a MessagePack list of shape, element type and bytes. */
const arrayType = 1;

/** Parameters that Flax wrote (`flax_model.msgpack`): MessagePack maps with arrays as extensions. */
export const flax: FileCollector = {
  id: 'flax',
  version: 1,
  wants: ({ path }, head) => path.endsWith('.msgpack') && head.length > 0,
  unread: (entry) => unreadWeights(entry, 'flax'),
  async collect(entry): Promise<Collected> {
    const tensors: DeclaredTensor[] = [];
    let others = 0;
    for await (const { path, value } of readMsgpack(entry)) {
      if (value.kind !== 'bytes' || value.type !== arrayType) {
        others++;
        continue;
      }
      if (tensors.length >= limits.tensorsPerFile) {
        throw new MlbomError('E_LIMIT', 'flax: more arrays than are read', { rule: 'flax-arrays' });
      }
      tensors.push({ name: path.join('/'), ...(await arrayAt(entry, value)) });
    }
    if (tensors.length === 0) {
      throw new MlbomError('E_MALFORMED', 'flax: no array in it', { rule: 'flax-arrays' });
    }
    const attributes = attributesFrom(entry.path, 'flax', 'observed');
    attributes.add('mlbom:model:format', 'flax');
    attributes.add('mlbom:model:library', 'flax');
    const collected = weightsFact(entry, [attributes], { tensors: { tensors } });
    return { ...collected, problems: chunkedProblem(entry, others, tensors) };
  },
};

/** Arrays above a gigabyte are maps of chunks; each chunk counts as an array of its own. */
function chunkedProblem(entry: Entry, others: number, tensors: readonly DeclaredTensor[]): Problem[] {
  const chunked = tensors.filter(({ name }) => name.includes('__msgpack_chunked_array__')).length;
  return chunked === 0 || others === 0
    ? []
    : [
        contradiction(
          'flax-chunked',
          entry.path,
          `${chunked} arrays are split into chunks and counted as their parts`,
        ),
      ];
}

type Bytes = Extract<MsgpackValue['value'], { kind: 'bytes' }>;

async function arrayAt(entry: Entry, { offset, length }: Bytes): Promise<Omit<DeclaredTensor, 'name'>> {
  const shape: number[] = [];
  let dtype: string | undefined;
  let data: Bytes | undefined;
  for await (const { path, value } of readMsgpack(subrange(entry, { offset, length }))) {
    if (path[0] === '0' && path.length === 2 && value.kind === 'scalar') shape.push(Number(value.text));
    if (path[0] === '1' && value.kind === 'scalar') dtype = value.text;
    if (path[0] === '2' && value.kind === 'bytes') data = value;
  }
  const isShape =
    shape.length <= limits.tensorDimensions && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!isShape || dtype === undefined || !data) {
    throw new MlbomError('E_MALFORMED', `flax: an array without shape, type and data (at ${offset})`, {
      rule: 'flax-array',
      offset,
    });
  }
  return { dtype: dtypeName(dtype), shape, offset: offset + data.offset, length: data.length };
}
