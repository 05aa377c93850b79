import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { FileList } from '../../core/file-list.ts';
import type { Fact } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { contradiction } from '../../core/problem.ts';
import { readAll } from '../../formats/read-all.ts';
import { placeOf, rootOf } from '../installed-path.ts';
import { filesOf } from './files.ts';
import { packageFact, providersOf, vendorOf } from './packages.ts';
import { parseInstalled } from './records.ts';

const places = ['usr/lib/apk/db/installed', 'lib/apk/db/installed'];

/** Alpine packages that are installed, and the files of each: apk's `installed` (apk-package(5), apk-tools' database). */
export const apk: FileCollector = {
  id: 'apk',
  version: 1,
  wants: ({ path }, head) =>
    path.endsWith('apk/db/installed') && head.length > 0 && placeOf(path, places) !== undefined,
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.packageDatabaseBytes, entry.path);
    const { records, others } = parseInstalled(new TextDecoder().decode(bytes), entry.path);
    const root = rootOf(entry.path, placeOf(entry.path, places) ?? '');
    const vendor = vendorOf(records);
    const providers = providersOf(records);
    const facts: Fact[] = [];
    const lists: FileList[] = [];
    for (const record of records) {
      const component = `apk:${root}:${record.name}`;
      facts.push(packageFact(record, component, entry.path, vendor, providers));
      const files = filesOf(record, root);
      if (files.length > 0) lists.push({ component, path: entry.path, files, owns: [] });
    }
    const reason = `${others} packages without a name or a version`;
    const problems = others === 0 ? [] : [contradiction('apk-record', entry.path, reason)];
    return { ...nothing, facts, lists, problems };
  },
};
