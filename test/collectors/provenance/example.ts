import type { Files } from '../../fixtures/model-directory.ts';

const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'model.safetensors', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'https://example.org/train/v1',
      externalParameters: { epochs: 3, api_key: 'not for you' },
      resolvedDependencies: [
        {
          uri: 'git+https://user:secret@example.org/train@refs/heads/main',
          digest: { gitCommit: 'cd'.repeat(20) },
        },
        { uri: 'https://huggingface.co/datasets/example-org/support-tickets' },
        { uri: 'https://huggingface.co/example-org/base' },
      ],
    },
    runDetails: {
      builder: { id: 'https://example.org/builder' },
      metadata: { invocationId: 'run-42', startedOn: '2026-01-01T00:00:00Z', finishedOn: 'yesterday' },
    },
  },
};
const envelope = {
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
  signatures: [{ sig: 'AAAA' }],
};

export const files: Files = {
  'model.intoto.jsonl': `${JSON.stringify(envelope)}\n${JSON.stringify({ dsseEnvelope: envelope })}\n`,
  'provenance.json': JSON.stringify(statement),
};
