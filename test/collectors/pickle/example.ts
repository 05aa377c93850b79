import { limits } from '../../../src/core/limits.ts';
import { assemble } from '../../fixtures/pickle-assembler.ts';
import { attacks } from './attacks.ts';

/** Attacks that together show nearly every rule. */
const shown = [
  'os.system by REDUCE',
  'a module nobody has heard of',
  'a payload before a broken stream (nullifAI)',
  'eval by BUILD on an imported name (modelscan issue 330)',
  '__setstate__ by BUILD',
  'STACK_GLOBAL over a computed name',
  'an extension code of four bytes',
  'a pickle in a constant, in base64',
  'opcodes in an array of joblib',
  'a frame that ends inside an opcode',
  'a memo index of 4 GB',
  'a second PROTO',
  'bytes after the last pickle',
].map((name) => [`attacks/${name}.pkl`, attacks[name]] as const);

/** More names that nobody knows than are listed. */
function unknownNames(): Uint8Array {
  const assembler = assemble(4);
  for (let at = 0; at <= limits.pickleUnknowns; at++) assembler.stackGlobal('package', `C${at}`).ops('POP');
  return assembler.ops('NONE').stop();
}

export const files = {
  /** A small estimator, as scikit-learn's users save it. */
  'classifier.pkl': assemble(4)
    .stackGlobal('sklearn.linear_model._logistic', 'LogisticRegression')
    .ops('EMPTY_TUPLE', 'NEWOBJ', 'EMPTY_DICT', 'MARK')
    .text('C')
    .int(1)
    .text('_sklearn_version')
    .text('1.7.2')
    .ops('SETITEMS', 'BUILD')
    .stop(),
  'unknown-names.pkl': unknownNames(),
  'encrypted.pkl': Buffer.from('encrypted, or something else'),
  ...Object.fromEntries(shown.map(([path, attack]) => [path, attack?.bytes ?? new Uint8Array()])),
};

/** Without what follows it, it is a pickle. */
export const readsCuts = ['attacks/bytes after the last pickle.pkl'];

export const findings: Readonly<Record<string, readonly string[]>> = {
  'unknown-names.pkl': ['MLB-PKL-004', 'MLB-PKL-011'],
  'encrypted.pkl': ['MLB-PKL-012'],
  ...Object.fromEntries(shown.map(([path, attack]) => [path, rulesOf(attack?.expected ?? [])])),
};

function rulesOf(expected: readonly string[]): string[] {
  return [...new Set(expected.map((text) => text.slice(0, 'MLB-PKL-001'.length)))].sort();
}
