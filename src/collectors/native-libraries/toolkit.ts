import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { readJsonFile } from '../json-file.ts';
import { productFact } from './component.ts';

type Reader = (entry: Entry) => Promise<Collected>;

/** Files in which toolkits write down their version. */
const files: readonly (readonly [RegExp, Reader])[] = [
  [/(?:^|\/)cuda(?:-[\d.]+)?\/version\.json$/, collectVersions],
  [/(?:^|\/)cuda(?:-[\d.]+)?\/version\.txt$/, lineReader('cuda', /^CUDA Version (\d+(?:\.\d+){1,3})\s*$/m)],
  [/(?:^|\/)rocm[\w.-]*\/\.info\/version$/, lineReader('rocm', /^(\d+(?:\.\d+){1,3}(?:-\d+)?)\s*$/m)],
  [
    /(?:^|\/)cudnn_version(?:_v\d+)?\.h$/,
    headerReader('cudnn', ['CUDNN_MAJOR', 'CUDNN_MINOR', 'CUDNN_PATCHLEVEL']),
  ],
  [/(?:^|\/)nccl\.h$/, headerReader('nccl', ['NCCL_MAJOR', 'NCCL_MINOR', 'NCCL_PATCH'])],
  [
    /(?:^|\/)NvInferVersion\.h$/,
    headerReader('tensorrt', [
      'NV_TENSORRT_MAJOR',
      'NV_TENSORRT_MINOR',
      'NV_TENSORRT_PATCH',
      'NV_TENSORRT_BUILD',
    ]),
  ],
];

const names = /^(?:version(?:\.json|\.txt)?|cudnn_version(?:_v\d+)?\.h|nccl\.h|NvInferVersion\.h)$/;

export function toolkitReader(path: string): Reader | undefined {
  return names.test(nameOf(path)) ? files.find(([pattern]) => pattern.test(path))?.[1] : undefined;
}

/** `{"cuda": {"name": "CUDA SDK", "version": "12.4.20240402"}, "cuda_cudart": {…}, …}` */
async function collectVersions(entry: Entry): Promise<Collected> {
  const versions = Object.entries(await readJsonFile(entry, limits.toolkitFileBytes));
  return {
    ...nothing,
    facts: versions.slice(0, mostParts).flatMap(([name, part]) => {
      const version = isObject(part) ? textAt(part, 'version') : undefined;
      if (version === undefined || !/^[a-z][a-z0-9_-]{0,63}$/.test(name)) return [];
      const attributes = attributesFrom(entry.path, 'native-libraries');
      attributes.add('description', textAt(part, 'name'));
      return [fact(entry.path, name, version, attributes)];
    }),
  };
}

/** CUDA names about 40 parts. */
const mostParts = 500;

function lineReader(name: string, pattern: RegExp): Reader {
  return async (entry) => {
    const text = new TextDecoder().decode(await readAll(entry, limits.toolkitFileBytes, entry.path));
    return stated(entry.path, name, pattern.exec(text)?.[1]);
  };
}

/** The parts of a version as macros; one may stand for another. */
function headerReader(name: string, macros: readonly string[]): Reader {
  return async (entry) => {
    const text = new TextDecoder().decode(await readAll(entry, limits.toolkitFileBytes, entry.path));
    const defined = new Map(
      Array.from(
        text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w{1,64})[ \t]+(\w{1,64})/gm),
        ([, macro = '', value = '']) => [macro, value],
      ),
    );
    const parts = macros.map((macro) => {
      const value = defined.get(macro) ?? '';
      return /^\d+$/.test(value) ? value : defined.get(value);
    });
    const known = parts.every((part) => part !== undefined && /^\d{1,9}$/.test(part));
    return stated(entry.path, name, known ? parts.join('.') : undefined);
  };
}

function stated(path: string, name: string, version: string | undefined): Collected {
  if (version === undefined)
    throw new MlbomError('E_MALFORMED', `${path}: says no version`, {
      subject: path,
      rule: 'native-version',
    });
  return { ...nothing, facts: [fact(path, name, version, attributesFrom(path, 'native-libraries'))] };
}

function fact(path: string, name: string, version: string, attributes: ReturnType<typeof attributesFrom>) {
  const own = directoryOf(path);
  // `.info` is a part of the directory that it speaks of.
  const directory = nameOf(own) === '.info' ? directoryOf(own) : own;
  return productFact(path, { name, category: 'accelerator-runtime' }, version, attributes, directory);
}
