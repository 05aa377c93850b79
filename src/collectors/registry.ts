import type { FileCollector } from '../core/collector.ts';
import { apk } from './apk/index.ts';
import { arrow } from './arrow/index.ts';
import { avro } from './avro/index.ts';
import { catboost } from './catboost/index.ts';
import { chroma } from './chroma/index.ts';
import { compiledModels } from './compiled-models/index.ts';
import { compressed } from './compressed/index.ts';
import { conda } from './conda/index.ts';
import { contentType } from './content-type/index.ts';
import { coreml } from './coreml/index.ts';
import { croissant } from './croissant/index.ts';
import { diffusers } from './diffusers/index.ts';
import { dpkg } from './dpkg/index.ts';
import { faiss } from './faiss/index.ts';
import { fasttext } from './fasttext/index.ts';
import { fineTuning } from './fine-tuning/index.ts';
import { flatbufferModels } from './flatbuffer-models/index.ts';
import { flax } from './flax/index.ts';
import { ggml } from './ggml/index.ts';
import { gguf } from './gguf/index.ts';
import { huggingfaceDataset } from './huggingface-dataset/index.ts';
import { hydra } from './hydra/index.ts';
import { keras } from './keras/index.ts';
import { lancedb } from './lancedb/index.ts';
import { lightgbm } from './lightgbm/index.ts';
import { llamafile } from './llamafile/index.ts';
import { mds } from './mds/index.ts';
import { mergekit } from './mergekit/index.ts';
import { mlflow } from './mlflow/index.ts';
import { modelCard } from './model-card/index.ts';
import { nativeLibraries } from './native-libraries/index.ts';
import { npm } from './npm/index.ts';
import { numpy } from './numpy/index.ts';
import { ollama } from './ollama/index.ts';
import { onnx } from './onnx/index.ts';
import { openvino } from './openvino/index.ts';
import { orbax } from './orbax/index.ts';
import { orc } from './orc/index.ts';
import { osRelease } from './os-release/index.ts';
import { parquet } from './parquet/index.ts';
import { peft } from './peft/index.ts';
import { pickle } from './pickle/index.ts';
import { provenance } from './provenance/index.ts';
import { pythonBytecode } from './python-bytecode/index.ts';
import { pythonDist } from './python-dist/index.ts';
import { pythonEnvironment } from './python-environment/index.ts';
import { pythonLock } from './python-lock/index.ts';
import { pytorch } from './pytorch/index.ts';
import { qdrant } from './qdrant/index.ts';
import { rpm } from './rpm/index.ts';
import { safetensors } from './safetensors/index.ts';
import { sentenceTransformers } from './sentence-transformers/index.ts';
import { serving } from './serving/index.ts';
import { skops } from './skops/index.ts';
import { spacy } from './spacy/index.ts';
import { tabular } from './tabular/index.ts';
import { tar } from './tar/index.ts';
import { tensorflow } from './tensorflow/index.ts';
import { tfjs } from './tfjs/index.ts';
import { tfrecord } from './tfrecord/index.ts';
import { trainer } from './trainer/index.ts';
import { transformers } from './transformers/index.ts';
import { travellingCode } from './travelling-code/index.ts';
import { vectorFiles } from './vector-files/index.ts';
import { webdataset } from './webdataset/index.ts';
import { xgboost } from './xgboost/index.ts';
import { zip } from './zip/index.ts';

/** Every collector of files, in the order in which they are offered an entry. */
export const fileCollectors: readonly FileCollector[] = [
  apk,
  arrow,
  avro,
  catboost,
  chroma,
  compiledModels,
  compressed,
  conda,
  contentType,
  coreml,
  croissant,
  diffusers,
  dpkg,
  faiss,
  fasttext,
  fineTuning,
  flatbufferModels,
  flax,
  ggml,
  gguf,
  huggingfaceDataset,
  hydra,
  keras,
  lancedb,
  lightgbm,
  llamafile,
  mds,
  mergekit,
  mlflow,
  modelCard,
  nativeLibraries,
  npm,
  numpy,
  ollama,
  onnx,
  openvino,
  orbax,
  orc,
  osRelease,
  parquet,
  peft,
  pickle,
  provenance,
  pythonBytecode,
  pythonDist,
  pythonEnvironment,
  pythonLock,
  pytorch,
  qdrant,
  rpm,
  safetensors,
  sentenceTransformers,
  serving,
  skops,
  spacy,
  tabular,
  tar,
  tensorflow,
  tfjs,
  tfrecord,
  trainer,
  transformers,
  travellingCode,
  vectorFiles,
  webdataset,
  xgboost,
  zip,
];
