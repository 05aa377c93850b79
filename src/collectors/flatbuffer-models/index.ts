import type { Collected, FileCollector } from '../../core/collector.ts';
import { flatbufferIdentifier } from '../../formats/flatbuffers/flatbuffer.ts';
import { unreadWeights } from '../unread-weights.ts';
import { collectExecutorch } from './executorch.ts';
import { collectOrt } from './ort.ts';
import { flatbufferRules } from './rules.ts';
import { collectTflite } from './tflite.ts';

/** Formats by the identifier of their schema. */
const formats = { TFL3: 'tflite', CIR0: 'circle', ORTM: 'ort', ET12: 'executorch' } as const;

/** What a name claims, for a file that could not be read. */
const nameClaims: ReadonlyMap<string, string> = new Map([
  ['tflite', 'tflite'],
  ['circle', 'circle'],
  ['ort', 'ort'],
  ['pte', 'executorch'],
]);

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function formatOf(head: Uint8Array): (typeof formats)[keyof typeof formats] | undefined {
  const identifier = flatbufferIdentifier(head);
  return Object.hasOwn(formats, identifier) ? formats[identifier as keyof typeof formats] : undefined;
}

/** Models as FlatBuffers: TensorFlow Lite, Circle, ONNX Runtime's own format, ExecuTorch. */
export const flatbufferModels: FileCollector = {
  id: 'flatbuffer-models',
  version: 1,
  rules: flatbufferRules,
  wants: (entry, head) => formatOf(head) !== undefined || (head.length > 0 && entry.path.endsWith('.tflite')),
  unread: (entry) => unreadWeights(entry, nameClaims.get(extensionOf(entry.path)) ?? 'flatbuffer'),
  async collect(entry): Promise<Collected> {
    const format = formatOf(await entry.head(8));
    if (format === 'ort') return collectOrt(entry);
    if (format === 'executorch') return collectExecutorch(entry);
    return collectTflite(entry, format ?? 'tflite');
  },
};
