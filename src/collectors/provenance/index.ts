import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { decodeBase64 } from '../../core/decode-base64.ts';
import { isMlbomError } from '../../core/errors.ts';
import { isObject, parseJson, type JsonObject } from '../../core/json.ts';
import { textAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import type { Run } from '../../core/run.ts';
import { readAll } from '../../formats/read-all.ts';
import { runOf } from './slsa.ts';

const named =
  /\.(?:intoto\.jsonl?|att(?:estation)?\.json|sigstore(?:\.json)?|slsa\.json)$|^(?:provenance|attestation)[\w.-]*\.jsonl?$/i;
/** Statements in one file of lines. */
const mostLines = 1000;

/**
 * SLSA provenance that lies beside what it is about: an in-toto statement, alone, in a DSSE envelope, or in a Sigstore
 * bundle; several of them a line each. It is taken in as a claim: who signed it is not looked at here.
 */
export const provenance: FileCollector = {
  id: 'provenance',
  version: 1,
  wants: ({ path }, head) => named.test(nameOf(path)) && head[0] === 0x7b,
  async collect(entry): Promise<Collected> {
    const bytes = await readAll(entry, limits.repositoryFileBytes, entry.path);
    const { documents, problems } = documentsIn(bytes, entry.path);
    const runs: Run[] = [];
    for (const [index, document] of documents.entries()) {
      const statement = statementIn(document, entry.path);
      const run = statement && runOf(statement, entry.path, index);
      if (run) runs.push(run);
    }
    return { ...nothing, problems, runs };
  },
};

/** One document, or one a line. */
function documentsIn(bytes: Uint8Array, path: string): { documents: JsonObject[]; problems: Problem[] } {
  if (!/\.jsonl$/i.test(path)) {
    const document = parseJson(bytes, { subject: path });
    return { documents: isObject(document) ? [document] : [], problems: [] };
  }
  const documents: JsonObject[] = [];
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines.slice(0, mostLines)) {
    const document = parseJson(line, { subject: path });
    if (isObject(document)) documents.push(document);
  }
  const problems =
    lines.length > mostLines
      ? [incomplete('limit', path, `${lines.length} statements, of which ${mostLines} were read`)]
      : [];
  return { documents, problems };
}

/** The statement itself, or the payload of the envelope that holds it. */
function statementIn(document: JsonObject, path: string): JsonObject | undefined {
  if (textAt(document, '_type') !== undefined) return document;
  const envelope = valueAt(document, 'dsseEnvelope') ?? document;
  const payload = textAt(envelope, 'payload');
  if (payload === undefined) return undefined;
  try {
    const statement = parseJson(decodeBase64(payload, path), { subject: path });
    return isObject(statement) ? statement : undefined;
  } catch (error) {
    // An envelope around something else is none of ours.
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}
