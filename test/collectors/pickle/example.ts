import { assemble } from '../../fixtures/pickle-assembler.ts';

/** A small estimator, as scikit-learn's users save it. */
export const files = {
  'classifier.pkl': assemble(4)
    .stackGlobal('sklearn.linear_model._logistic', 'LogisticRegression')
    .ops('EMPTY_TUPLE', 'NEWOBJ', 'EMPTY_DICT', 'MARK')
    .text('C')
    .int(1)
    .text('_sklearn_version')
    .text('1.7.2')
    .ops('SETITEMS', 'BUILD')
    .stop(),
};
