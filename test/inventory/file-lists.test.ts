import { expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import type { FileList } from '../../src/core/file-list.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { artifactOf } from '../fixtures/artifact-of.ts';
import { packageFact } from '../fixtures/facts.ts';

const info = 'lib/pkg-1.0.dist-info';
const fact = packageFact('pkg', '1.0', { path: info });

function inventoryWith(files: readonly string[], list: Partial<FileList>) {
  const component = fact.about.kind === 'component' ? fact.about.key : '';
  const lists = [{ component, path: `${info}/RECORD`, files: [], owns: ['lib/pkg'], ...list }];
  return buildInventory([artifactOf([...files, `${info}/RECORD`], [fact], { lists })]);
}

function listed(path: string, content = path) {
  return { path, size: path.length, digest: { algorithm: 'sha256', hex: sha256(content) } } as const;
}

it('finds nothing in a package that is as it was installed, and says what was compared', () => {
  const { items, findings, problems } = inventoryWith(
    ['lib/pkg/a.py', 'lib/pkg/__pycache__/a.cpython-311.pyc'],
    {
      files: [listed('lib/pkg/a.py'), { path: `${info}/RECORD` }],
    },
  );
  expect([findings, problems]).toEqual([[], []]);
  expect(items[0]?.attributes.find(({ name }) => name === 'mlbom:package:files')?.value).toBe(
    '{"listed":2,"matched":1,"missing":0,"modified":0,"unlisted":0,"unverified":1}',
  );
});

it('names a file that was changed, one that no list names, and those that are missing', () => {
  const { findings, problems, subject } = inventoryWith(['lib/pkg/a.py', 'lib/pkg/evil.py'], {
    files: [listed('lib/pkg/a.py', 'other'), listed('lib/pkg/gone.py')],
  });
  expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
    ['MLB-PKG-001', 'lib/pkg/a.py'],
    ['MLB-PKG-002', 'lib/pkg/evil.py'],
  ]);
  expect(problems).toMatchObject([
    { code: 'installed-files-missing', reason: 'names files that are not there: lib/pkg/gone.py' },
  ]);
  expect(subject.items.flatMap((item) => item.findings)).toEqual(findings);
});

it('tells a file of another size without a digest', () => {
  const { findings } = inventoryWith(['lib/pkg/a.py'], { files: [{ path: 'lib/pkg/a.py', size: 1 }] });
  expect(findings).toMatchObject([
    { rule: 'MLB-PKG-001', message: `${info}/RECORD says 1 bytes, and it has 12 bytes` },
  ]);
});

it('tells code that lies among installed packages and belongs to none of them', () => {
  const { findings } = inventoryWith(
    [
      'lib/pkg/a.py',
      'lib/start.pth',
      'lib/sitecustomize.py',
      'lib/stray.py',
      'lib/other/__init__.py',
      'run.py',
    ],
    { files: [listed('lib/pkg/a.py')], site: 'lib' },
  );
  expect(findings.map(({ rule, path }) => [rule, path]).sort()).toEqual([
    ['MLB-PKG-002', 'lib/other/__init__.py'],
    ['MLB-PKG-002', 'lib/stray.py'],
    ['MLB-PKG-003', 'lib/sitecustomize.py'],
    ['MLB-PKG-003', 'lib/start.pth'],
  ]);
});

it('leaves files to the list of the distribution that installed the RECORD itself and rebuilt them', () => {
  const component = fact.about.kind === 'component' ? fact.about.key : '';
  const lists: FileList[] = [
    {
      component,
      path: `${info}/RECORD`,
      files: [listed('lib/pkg/a.so', 'before it was stripped')],
      owns: ['lib/pkg'],
    },
    {
      component: 'deb:.:python3-pkg',
      path: 'var/lib/dpkg/info/python3-pkg.md5sums',
      files: [{ path: 'lib/pkg/a.so' }, { path: `${info}/RECORD` }],
      owns: [],
    },
  ];
  const paths = ['lib/pkg/a.so', `${info}/RECORD`, 'var/lib/dpkg/info/python3-pkg.md5sums'];
  expect(buildInventory([artifactOf(paths, [fact], { lists })]).findings).toEqual([]);
  const another = lists.map((list, index) => (index === 0 ? list : { ...list, component: 'python:other' }));
  expect(buildInventory([artifactOf(paths, [fact], { lists: another })]).findings).toHaveLength(1);
});
