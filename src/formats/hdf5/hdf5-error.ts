import { MlbomError } from '../../core/errors.ts';

/** An error of the HDF5 reader, with the rule `hdf5-<rule>`. */
export function hdf5Error(
  code: 'E_MALFORMED' | 'E_LIMIT' | 'E_UNSUPPORTED',
  rule: string,
  message: string,
  offset?: number,
): MlbomError {
  return new MlbomError(code, `hdf5: ${message}`, {
    rule: `hdf5-${rule}`,
    ...(offset === undefined ? {} : { offset }),
  });
}
