import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import type { Pickle } from '../../formats/pickle/pickle.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { judgeGlobal } from './judge-global.ts';
import type { Observations } from './observations.ts';

/** What a pickle is: a model where its classes are those of a framework, otherwise a file. */
export function pickleFacts(entry: Entry, pickle: Pickle, seen: Observations): Fact[] {
  const packages = new Set(pickle.globals.map(({ module }) => module.split('.')[0] ?? ''));
  const isModel = [...packages].some((name) => frameworks.has(name));
  const isMember = entry.container !== undefined;
  // A member without a model says nothing of the archive that holds it.
  if (isMember && !isModel) return [];
  const attributes = attributesFrom(entry.path, 'pickle', isMember ? 'derived' : 'observed');
  const format = formatOf(pickle, packages);
  const protocol = Math.max(0, ...pickle.streams.map((stream) => stream.protocol));
  const pickles = pickle.streams.length > 1 ? `pickles=${pickle.streams.length}` : undefined;
  if (!isModel) {
    attributes.add('mlbom:file:format', format);
    attributes.add('mlbom:file:format-version', `protocol ${protocol}`);
    attributes.add('mlbom:file:header', pickles);
    return [fileFact(entry.path, [attributes])];
  }
  // A PyTorch file is described by its own collector, of which this is the table of tensors.
  if (pickle.persistentIds === 0) {
    attributes.add('mlbom:model:format', format);
    attributes.add('mlbom:model:format-version', `protocol ${protocol}`);
    attributes.add('mlbom:model:header', pickles);
  }
  const declared = attributesFrom(entry.path, 'pickle', isMember ? 'derived' : 'declared');
  for (const [program, version] of seen.versions)
    declared.add('mlbom:model:producer', `${program} ${version}`, 'BUILD');
  declared.add('modelArchitecture', topClass(pickle));
  for (const name of classesOf(pickle)) attributes.add('mlbom:model:classes', name);
  const list = [...attributes.list, ...declared.list];
  if (list.length === 0) return [];
  return [
    {
      about: { kind: 'weights', path: entry.path },
      type: 'machine-learning-model',
      attributes: list,
      relations: [],
    },
  ];
}

function formatOf({ arrays, globals }: Pickle, packages: ReadonlySet<string>): string {
  if (arrays.length > 0 || globals.some(({ module }) => /(?:^|\.)joblib\.numpy_pickle$/.test(module)))
    return 'joblib';
  return packages.has('dill') ? 'dill' : 'pickle';
}

/** The class of the whole, where the framework gives it one: `Pipeline`. */
function topClass({ values }: Pickle): string | undefined {
  const [value] = values;
  if (value?.kind !== 'call' || value.callee.kind !== 'global') return undefined;
  const { module, name } = value.callee;
  return frameworks.has(module.split('.')[0] ?? '') && isClass.test(name) ? name : undefined;
}

/** Classes that loading needs beside plain values and arrays. */
function classesOf({ globals }: Pickle): string[] {
  const classes = globals.filter(
    ({ module, name }) =>
      isClass.test(name) &&
      !plainPackages.has(module.split('.')[0] ?? '') &&
      judgeGlobal(module, name).verdict !== 'dangerous' &&
      !isStorage.test(name),
  );
  return classes.slice(0, mostClasses).map(({ module, name }) => `${module}.${name}`);
}

const mostClasses = 64;
const isClass = /^_?[A-Z]\w{0,99}$/;
const isStorage = /(?:Storage|Wrapper)$/;
const plainPackages = new Set(
  'builtins __builtin__ collections _codecs copyreg copy_reg datetime decimal fractions pathlib numpy io re types uuid pytz argparse'.split(
    ' ',
  ),
);

/** Packages whose objects are models, or parts of them, by the name that is imported. */
const frameworks: ReadonlySet<string> = new Set(
  'sklearn torch torchvision xgboost lightgbm catboost statsmodels prophet fbprophet keras tensorflow transformers sentence_transformers pytorch_lightning lightning fastai spacy gensim surprise imblearn hdbscan umap implicit pgmpy stable_baselines3 ultralytics detectron2 mmcv mmengine hmmlearn skorch sktime pycaret flaml autogluon mlxtend tpot lifelines cuml flax jax interpret ngboost pomegranate econml causalml pyod sklearn_crfsuite category_encoders nltk'.split(
    ' ',
  ),
);
