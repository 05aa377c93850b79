import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Fact } from '../../core/fact.ts';
import { isPytorchLegacy } from '../../formats/pytorch-legacy.ts';
import { isPytorchTar } from '../../formats/pytorch-tar.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { firstMemberName } from '../first-member-name.ts';
import { weightMapIndex } from '../weight-map-index.ts';
import { collectArchive } from './archive.ts';
import { aboutWeights } from './describe.ts';
import { collectLegacy } from './legacy.ts';
import { pytorchRules } from './rules.ts';
import { collectTar } from './tar.ts';

const indexEnd = '.bin.index.json';
const zipNames = /\.(?:pt|pth|pt2|ptl|ckpt|bin|th)$/;
/** What archives of PyTorch begin with, in the order in which its versions write their members. */
const firstMember =
  /^(?:[^/]+\/)?(?:data\.pkl|constants\.pkl|bytecode\.pkl|(?:data|constants)\/\d+|data\/(?:weights|aotinductor|constants)\/.*|code\/__torch__.*|archive_format|byteorder|version|\.format_version|\.storage_alignment|\.data\/.*|serialized_exported_program\.json)$/;

/**
 * What PyTorch writes: the zip of `torch.save`, TorchScript, exported programs, the formats before 1.6, and the index
 * over numbered parts. Pickles are followed without being run; what they would run, the collector of pickles says.
 */
export const pytorch: FileCollector = {
  id: 'pytorch',
  version: 1,
  rules: pytorchRules,
  wants(entry, head) {
    if (isPytorchLegacy(head) || isPytorchTar(head)) return true;
    if (entry.path.endsWith(indexEnd)) return head.length > 0;
    const first = firstMemberName(head);
    return first !== undefined && (firstMember.test(first) || zipNames.test(entry.path));
  },
  async collect(entry): Promise<Collected> {
    if (entry.path.endsWith(indexEnd)) {
      return { facts: [await weightMapIndex(entry, pytorch.id)], problems: [], findings: [] };
    }
    const head = await entry.head(512);
    if (isPytorchLegacy(head)) return collectLegacy(entry);
    return isPytorchTar(head) ? collectTar(entry) : collectArchive(entry);
  },
  unread(entry): Fact {
    const attributes = attributesFrom(entry.path, pytorch.id);
    if (entry.path.endsWith(indexEnd)) return fileFact(entry.path, []);
    attributes.add('mlbom:model:format', 'pytorch', 'first bytes');
    return {
      about: aboutWeights(entry.path),
      type: 'machine-learning-model',
      attributes: attributes.list,
      relations: [],
    };
  },
};
