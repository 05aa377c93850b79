import { fileCollectors } from '../collectors/registry.ts';
import type { Examination } from '../core/inventory.ts';
import type { CollectedArtifact } from '../inventory/collected-artifact.ts';
import { fileListRules } from '../inventory/file-lists.ts';

/** Who looked for dangerous content in these artifacts, with which rules, and in how many files. */
export function examinations(artifacts: readonly CollectedArtifact[]): Examination[] {
  const files = new Map<string, number>();
  for (const { examined } of artifacts) {
    for (const collectors of examined.values())
      for (const by of collectors) files.set(by, (files.get(by) ?? 0) + 1);
  }
  const lists = artifacts.reduce((sum, artifact) => sum + artifact.lists.length, 0);
  return [
    ...fileCollectors.flatMap(({ id, version, rules = [] }): Examination[] =>
      rules.length === 0
        ? []
        : [
            {
              collector: id,
              version,
              files: files.get(`${id} ${version}`) ?? 0,
              rules: rules.map((rule) => rule.id).sort(),
            },
          ],
    ),
    { collector: 'file-lists', version: 1, files: lists, rules: fileListRules.map((rule) => rule.id) },
  ];
}
