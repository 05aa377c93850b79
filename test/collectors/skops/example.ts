import type { Files } from '../../fixtures/model-directory.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

function skopsFile(content: object): Uint8Array {
  return writeZip([
    { name: 'schema.json', content: JSON.stringify({ protocol: 1, _skops_version: '0.13.0', ...content }) },
  ]);
}

const usual = {
  __class__: 'LogisticRegression',
  __module__: 'sklearn.linear_model._logistic',
  __loader__: 'ObjectNode',
  content: { __class__: 'ndarray', __module__: 'numpy', __loader__: 'NdArrayNode' },
};

export const files: Files = {
  'trees/usual.skops': skopsFile(usual),
  'trees/odd.skops': skopsFile({
    __class__: 'eval',
    __module__: 'builtins',
    __loader__: 'OperatorFuncNode',
  }),
};

export const findings = {
  'trees/usual.skops': [],
  'trees/odd.skops': ['MLB-SKO-001', 'MLB-SKO-002'],
};

/** Of a zip that is cut the collector of zips speaks. */
export const readsCuts = Object.keys(files);
