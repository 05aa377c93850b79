import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { configuredCode, configuredCodeRules } from '../configured-code.ts';
import { isPackaged } from '../is-packaged.ts';
import { readJsonFile } from '../json-file.ts';
import { nativeFormat } from './native-format.ts';
import { runnerOf } from './python-file.ts';
import { modelCode, nativeCode, servingCode, travellingCodeRules } from './rules.ts';

/** Configurations that libraries read before weights, and that no other collector looks for code in. */
const configurations = new Set([
  'image_processor_config.json',
  'preprocessor_config.json',
  'video_preprocessor_config.json',
]);

/** Directories in which programs and libraries are at home. */
const systemDirectory =
  /(?:^|\/)(?:bin|sbin|lib|lib32|lib64|libexec|libs)\/|\.(?:whl|egg|llamafile)(?:!?\/|$)/;

/** Code that travels along with a model: what configurations name, Python for loaders and servers, native code. */
export const travellingCode: FileCollector = {
  id: 'travelling-code',
  version: 1,
  rules: [...configuredCodeRules, ...travellingCodeRules],
  wants: (entry, head) => {
    if (configurations.has(nameOf(entry.path))) return !isPackaged(entry.path);
    if (head.length === 0) return false;
    if (entry.path.endsWith('.py')) return runnerOf(entry.path) !== undefined && !isPackaged(entry.path);
    return nativeFormat(head) !== undefined && !isPackaged(entry.path) && !systemDirectory.test(entry.path);
  },
  async collect(entry): Promise<Collected> {
    return { ...nothing, findings: await findingsIn(entry) };
  },
};

async function findingsIn(entry: Entry): Promise<Finding[]> {
  const { path } = entry;
  if (configurations.has(nameOf(path))) {
    return configuredCode(await readJsonFile(entry), path);
  }
  const runner = path.endsWith('.py') ? runnerOf(path) : undefined;
  if (runner === 'load') return [finding(modelCode, path, 'a loader that trusts remote code imports it')];
  if (runner === 'serve') return [finding(servingCode, path, 'a server that finds it there runs it')];
  const format = nativeFormat(await entry.head(limits.headBytes));
  return format === undefined ? [] : [finding(nativeCode, path, `native code (${format})`)];
}
