import type { ByteRange, ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import {
  coremlError,
  coremlMessage,
  coremlNumber,
  coremlText,
  countEntry,
  openCoreml,
  readCoremlMessage,
  type CoremlReader,
} from './coreml-reader.ts';
import { readFeature } from './feature.ts';
import { readMilProgram, type MilConstant, type MilProgram } from './mil-program.ts';

export type { MilConstant } from './mil-program.ts';

export interface CoremlModel {
  readonly specificationVersion: number;
  /** `neuralNetwork`, `mlProgram`, `pipeline`, …; of an unknown one its field number. */
  readonly kinds: readonly string[];
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly license: string;
  /** What tools and people wrote beside it: `com.github.apple.coremltools.version`. */
  readonly userDefined: ReadonlyMap<string, string>;
  /** `image: image[3,224,224]` */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Classes of the application that run layers or the whole model. */
  readonly customClasses: readonly string[];
  readonly updatable: boolean;
  readonly opsets: readonly string[];
  readonly operators: readonly string[];
  readonly constants: readonly MilConstant[];
}

interface Draft {
  specificationVersion: number;
  updatable: boolean;
  described: boolean;
  readonly texts: { description: string; version: string; author: string; license: string };
  readonly kinds: Set<string>;
  readonly userDefined: Map<string, string>;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly customClasses: Set<string>;
  readonly program: MilProgram;
}

/** The `oneof Type` of Model.proto. */
const kinds: Readonly<Record<number, string>> = {
  200: 'pipelineClassifier',
  201: 'pipelineRegressor',
  202: 'pipeline',
  300: 'glmRegressor',
  301: 'supportVectorRegressor',
  302: 'treeEnsembleRegressor',
  303: 'neuralNetworkRegressor',
  304: 'bayesianProbitRegressor',
  400: 'glmClassifier',
  401: 'supportVectorClassifier',
  402: 'treeEnsembleClassifier',
  403: 'neuralNetworkClassifier',
  404: 'kNearestNeighborsClassifier',
  500: 'neuralNetwork',
  501: 'itemSimilarityRecommender',
  502: 'mlProgram',
  555: 'customModel',
  556: 'linkedModel',
  560: 'classConfidenceThresholding',
  600: 'oneHotEncoder',
  601: 'imputer',
  602: 'featureVectorizer',
  603: 'dictVectorizer',
  604: 'scaler',
  606: 'categoricalMapping',
  607: 'normalizer',
  609: 'arrayFeatureExtractor',
  610: 'nonMaximumSuppression',
  900: 'identity',
  2000: 'textClassifier',
  2001: 'wordTagger',
  2002: 'visionFeaturePrint',
  2003: 'soundAnalysisPreprocessing',
  2004: 'gazetteer',
  2005: 'wordEmbedding',
  2006: 'audioFeaturePrint',
  3000: 'serializedModel',
};

const firstKind = 200;

/**
 * Describes a Core ML model (Model.proto), the models of its pipelines with it. Weights are never loaded.
 * Core ML has no magic number: what is read as such has a specification version and a description.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readCoreml(source: ByteSource): Promise<CoremlModel> {
  const reader = openCoreml(source);
  const draft: Draft = {
    specificationVersion: 0,
    updatable: false,
    described: false,
    texts: { description: '', version: '', author: '', license: '' },
    kinds: new Set(),
    userDefined: new Map(),
    inputs: [],
    outputs: [],
    customClasses: new Set(),
    program: { opsets: new Set(), operators: new Set(), constants: [] },
  };
  await readModel(reader, { offset: 0, length: source.size }, draft, 0);
  if (draft.specificationVersion < 1 || !draft.described || draft.kinds.size === 0)
    throw coremlError('E_MALFORMED', 'model', 'not a Core ML model');
  const { texts, program, customClasses, ...rest } = draft;
  return {
    ...rest,
    ...texts,
    kinds: [...draft.kinds],
    customClasses: [...customClasses].sort(),
    opsets: [...program.opsets].sort(),
    operators: [...program.operators].sort(),
    constants: program.constants,
  };
}

async function readModel(reader: CoremlReader, range: ByteRange, draft: Draft, depth: number): Promise<void> {
  if (depth > limits.nestedModels) throw coremlError('E_LIMIT', 'depth', 'pipelines nested too deeply');
  countEntry(reader);
  await reader.protobuf.message(range, (field) => {
    if (field.number >= firstKind && field.wire === 'bytes')
      return readKind(reader, field.number, field.range, draft, depth);
    // Of the models in a pipeline nobody sees the description.
    if (depth > 0) return undefined;
    if (field.number === 1) return coremlNumber((version) => (draft.specificationVersion = version))(field);
    if (field.number === 2) return coremlMessage((inner) => readDescription(reader, inner, draft))(field);
    if (field.number === 10) return coremlNumber((value) => (draft.updatable = value !== 0))(field);
    return undefined;
  });
}

async function readKind(
  reader: CoremlReader,
  number: number,
  range: ByteRange,
  draft: Draft,
  depth: number,
): Promise<void> {
  const kind = kinds[number] ?? `type ${number}`;
  draft.kinds.add(kind);
  if (draft.kinds.size > Object.keys(kinds).length + 64)
    throw coremlError('E_LIMIT', 'kinds', 'too many kinds of models');
  if (kind === 'pipeline') await readPipeline(reader, range, draft, depth);
  else if (kind === 'pipelineClassifier' || kind === 'pipelineRegressor') {
    await readCoremlMessage(reader, range, {
      1: coremlMessage((inner) => readPipeline(reader, inner, draft, depth)),
    });
  } else if (kind === 'customModel') await readClassName(reader, range, draft);
  else if (kind === 'mlProgram') await readMilProgram(reader, range, draft.program);
  else if (kind.startsWith('neuralNetwork')) {
    await readCoremlMessage(reader, range, { 1: coremlMessage((layer) => readLayer(reader, layer, draft)) });
  }
}

async function readPipeline(
  reader: CoremlReader,
  range: ByteRange,
  draft: Draft,
  depth: number,
): Promise<void> {
  await readCoremlMessage(reader, range, {
    1: coremlMessage((model) => readModel(reader, model, draft, depth + 1)),
  });
}

/** A layer of NeuralNetwork.proto; 500 is `custom`. */
async function readLayer(reader: CoremlReader, range: ByteRange, draft: Draft): Promise<void> {
  countEntry(reader);
  await readCoremlMessage(reader, range, {
    500: coremlMessage((custom) => readClassName(reader, custom, draft)),
  });
}

async function readClassName(reader: CoremlReader, range: ByteRange, draft: Draft): Promise<void> {
  let name = '';
  await readCoremlMessage(reader, range, { 10: coremlText(reader, (text) => (name = text)) });
  draft.customClasses.add(name);
}

async function readDescription(reader: CoremlReader, range: ByteRange, draft: Draft): Promise<void> {
  draft.described = true;
  const feature = (list: string[]): ((field: ByteRange) => Promise<void>) => {
    return async (inner) => {
      countEntry(reader);
      list.push(await readFeature(reader, inner));
    };
  };
  await readCoremlMessage(reader, range, {
    1: coremlMessage(feature(draft.inputs)),
    10: coremlMessage(feature(draft.outputs)),
    100: coremlMessage((metadata) => readMetadata(reader, metadata, draft)),
  });
}

async function readMetadata(
  reader: CoremlReader,
  range: ByteRange,
  { texts, userDefined }: Draft,
): Promise<void> {
  await readCoremlMessage(reader, range, {
    1: coremlText(reader, (text) => (texts.description = text)),
    2: coremlText(reader, (text) => (texts.version = text)),
    3: coremlText(reader, (text) => (texts.author = text)),
    4: coremlText(reader, (text) => (texts.license = text)),
    100: coremlMessage(async (entry) => {
      countEntry(reader);
      let key = '';
      let value = '';
      await readCoremlMessage(reader, entry, {
        1: coremlText(reader, (text) => (key = text)),
        2: coremlText(reader, (text) => (value = text)),
      });
      userDefined.set(key, value);
    }),
  });
}
