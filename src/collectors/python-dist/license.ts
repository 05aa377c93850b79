import type { LicenseClaim } from '../../core/fact.ts';
import { isSpdxExpression, spdxId } from '../../core/spdx.ts';
import type { PythonMetadata } from '../../formats/python-metadata.ts';

/**
 * `License-Expression`, else the classifiers, else `License` (PyPA "Core metadata" orders them so).
 * A classifier that names a family and no licence (`BSD License`) gives way to a `License` that SPDX knows.
 */
export function pythonLicense(metadata: PythonMetadata): LicenseClaim | undefined {
  const [expression] = metadata.get('license-expression') ?? [];
  if (expression) return { license: expression };
  const written = licenseField(metadata);
  const isSpdx = written !== undefined && (spdxId(written) !== undefined || isSpdxExpression(written));
  const classified = classifiers(metadata);
  const ids = classified.flatMap((name) => spdxNames[name] ?? []);
  if (ids.length > 0 && ids.length === classified.length) return { license: [...new Set(ids)].join(', ') };
  const name = isSpdx ? written : classified.join(', ') || written;
  return name === undefined || name === '' ? undefined : { license: name };
}

/** A name, or the first line of a licence that is written out. */
function licenseField(metadata: PythonMetadata): string | undefined {
  const text = metadata.get('license')?.find((value) => value !== '' && value !== 'UNKNOWN');
  const [first = ''] = text?.split('\n') ?? [];
  return first === '' || first.length > longestName ? undefined : first;
}

const longestName = 120;

/** The last parts: `License :: OSI Approved :: MIT License`. */
function classifiers(metadata: PythonMetadata): string[] {
  return (metadata.get('classifier') ?? [])
    .filter((classifier) => classifier.startsWith('License :: '))
    .map((classifier) => classifier.slice(classifier.lastIndexOf(' :: ') + 4))
    .filter((name) => name !== 'OSI Approved' && name !== 'License');
}

/** The classifiers of PyPI that mean one licence (trove-classifiers); families and versions left open are absent. */
const spdxNames: Readonly<Record<string, string>> = {
  'Academic Free License (AFL)': 'AFL-3.0',
  'Apache Software License': 'Apache-2.0',
  'Boost Software License 1.0 (BSL-1.0)': 'BSL-1.0',
  'CC0 1.0 Universal (CC0 1.0) Public Domain Dedication': 'CC0-1.0',
  'Eclipse Public License 2.0 (EPL-2.0)': 'EPL-2.0',
  'European Union Public Licence 1.2 (EUPL 1.2)': 'EUPL-1.2',
  'GNU Affero General Public License v3': 'AGPL-3.0-only',
  'GNU Affero General Public License v3 or later (AGPLv3+)': 'AGPL-3.0-or-later',
  'GNU General Public License v2 (GPLv2)': 'GPL-2.0-only',
  'GNU General Public License v2 or later (GPLv2+)': 'GPL-2.0-or-later',
  'GNU General Public License v3 (GPLv3)': 'GPL-3.0-only',
  'GNU General Public License v3 or later (GPLv3+)': 'GPL-3.0-or-later',
  'GNU Lesser General Public License v2 (LGPLv2)': 'LGPL-2.0-only',
  'GNU Lesser General Public License v2 or later (LGPLv2+)': 'LGPL-2.0-or-later',
  'GNU Lesser General Public License v3 (LGPLv3)': 'LGPL-3.0-only',
  'GNU Lesser General Public License v3 or later (LGPLv3+)': 'LGPL-3.0-or-later',
  'Historical Permission Notice and Disclaimer (HPND)': 'HPND',
  'ISC License (ISCL)': 'ISC',
  'MIT License': 'MIT',
  'MIT No Attribution License (MIT-0)': 'MIT-0',
  'Mozilla Public License 1.1 (MPL 1.1)': 'MPL-1.1',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'The Unlicense (Unlicense)': 'Unlicense',
  'Universal Permissive License (UPL)': 'UPL-1.0',
  'zlib/libpng License': 'Zlib',
};
