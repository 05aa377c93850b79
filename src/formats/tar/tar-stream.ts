import {
  hasChecksum,
  parseTarHeader,
  tarError,
  tarText,
  type TarHeader,
  type TarText,
} from './tar-header.ts';
import {
  blockBytes,
  hasMoreMap,
  isMeta,
  isZero,
  memberBuilder,
  padded,
  type ReportTarAnomaly,
  type TarMember,
} from './tar-member.ts';

/** Who takes what a tar consists of, in its order. */
export interface TarSink {
  member(member: TarMember): void;
  /** The next bytes of the member's data: a part of what was written, not a copy. */
  data(bytes: Uint8Array): void;
  /** All data of the member came. */
  end(): void;
  anomaly: ReportTarAnomaly;
}

export interface TarStream {
  /** @throws MlbomError `E_MALFORMED` (`tar-checksum`, `tar-number`, `tar-pax`), `E_LIMIT` (`tar-meta`, `tar-members`) */
  write(chunk: Uint8Array): void;
  /** @throws MlbomError `E_MALFORMED` (`tar-truncated`) */
  finish(): void;
}

export interface TarStreamOptions {
  /** Makes text of names; UTF-8 or Latin-1 when absent. */
  readonly text?: TarText;
  /** Headers that are read. */
  readonly headers?: number;
}

type State =
  /** A header, or a block of zeros in its place. */
  | { readonly kind: 'block' }
  | { readonly kind: 'map'; readonly header: TarHeader; readonly at: number }
  | { readonly kind: 'meta'; readonly header: TarHeader; readonly at: number; left: number }
  | { readonly kind: 'data'; left: number; readonly padding: number }
  | { readonly kind: 'skip'; left: number }
  /** After two blocks of zeros nothing counts; what is there is told once. */
  | { readonly kind: 'end'; told: boolean };

const zeros = new Uint8Array(64 * 1024);

/**
 * Reads a tar that comes in pieces: the members of `readTar`, with their data. It stops where Go's reader stops, which
 * is what unpacks images: at two blocks of zeros, or at the last byte.
 */
export function createTarStream(sink: TarSink, options: TarStreamOptions = {}): TarStream {
  const { text = tarText, headers: mostHeaders = Infinity } = options;
  const builder = memberBuilder((anomaly) => {
    sink.anomaly(anomaly);
  }, text);
  let state: State = { kind: 'block' };
  let headers = 0;
  /** Bytes before the ones that are looked at. */
  let position = 0;
  /** A piece may end inside a block or an extended header. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let zeroBlocks = 0;

  return {
    write(chunk) {
      for (let at = 0; at < chunk.length;) {
        const taken = take(at === 0 ? chunk : chunk.subarray(at));
        at += taken;
        position += taken;
      }
    },
    finish() {
      if (state.kind === 'end') return;
      if (state.kind === 'data' || state.kind === 'meta' || state.kind === 'map' || heldBytes > 0) {
        throw tarError('E_MALFORMED', 'truncated', 'it ends inside a member', position);
      }
      // The last member's filling may be missing.
      if (zeroBlocks === 0) {
        sink.anomaly({ kind: 'no-end', offset: position, detail: 'no block of zeros ends it' });
      }
    },
  };

  /** Returns how many of the bytes were used. */
  function take(bytes: Uint8Array): number {
    switch (state.kind) {
      case 'data':
        return takeData(state, bytes);
      case 'skip':
        return takeSkipped(state, bytes);
      case 'end':
        return takeRest(state, bytes);
      case 'meta':
        return gather(bytes, state.left, endMeta);
      case 'map':
        return gather(bytes, blockBytes, endMap);
      case 'block':
        return gather(bytes, blockBytes, endBlock);
    }
  }

  function takeData(data: State & { kind: 'data' }, bytes: Uint8Array): number {
    const length = Math.min(data.left, bytes.length);
    sink.data(length === bytes.length ? bytes : bytes.subarray(0, length));
    data.left -= length;
    if (data.left === 0) {
      sink.end();
      skip(data.padding);
    }
    return length;
  }

  function takeSkipped(skipped: State & { kind: 'skip' }, bytes: Uint8Array): number {
    const length = Math.min(skipped.left, bytes.length);
    skipped.left -= length;
    if (skipped.left === 0) state = { kind: 'block' };
    return length;
  }

  function skip(left: number): void {
    state = left === 0 ? { kind: 'block' } : { kind: 'skip', left };
  }

  /** Calls `use` with `length` bytes that follow one another, once they are all there. */
  function gather(bytes: Uint8Array, length: number, use: (whole: Uint8Array, at: number) => void): number {
    const at = position - heldBytes;
    const taken = Math.min(length - heldBytes, bytes.length);
    const part = bytes.subarray(0, taken);
    if (heldBytes + taken < length) {
      held.push(new Uint8Array(part));
      heldBytes += taken;
      return taken;
    }
    const whole = heldBytes === 0 ? part : Buffer.concat([...held, part]);
    held = [];
    heldBytes = 0;
    use(whole, at);
    return taken;
  }

  function endBlock(block: Uint8Array, at: number): void {
    if (isZero(block)) {
      if (++zeroBlocks === 2) state = { kind: 'end', told: false };
      return;
    }
    if (zeroBlocks === 1) {
      if (!hasChecksum(block)) {
        sink.anomaly({ kind: 'trailing-data', offset: at, detail: 'bytes after its end' });
        state = { kind: 'end', told: true };
        return;
      }
      sink.anomaly({ kind: 'zero-block', offset: at, detail: 'a block of zeros between members' });
      zeroBlocks = 0;
    }
    if (++headers > mostHeaders) {
      throw tarError('E_LIMIT', 'members', `more than ${mostHeaders} members`, at);
    }
    const header = parseTarHeader(block, at, text);
    if (header.sparse?.extended) state = { kind: 'map', header, at };
    else begin(header, at, at + blockBytes);
  }

  function endMap(block: Uint8Array, at: number): void {
    if (state.kind === 'map' && !hasMoreMap(block)) begin(state.header, state.at, at + blockBytes);
  }

  function begin(header: TarHeader, at: number, dataStart: number): void {
    if (isMeta(header, at)) {
      state = { kind: 'meta', header, at, left: header.size };
      if (header.size === 0) endMeta(new Uint8Array());
      return;
    }
    const member = builder.member(header, at, dataStart);
    sink.member(member);
    const padding = padded(member.size) - member.size;
    if (member.size > 0) state = { kind: 'data', left: member.size, padding };
    else {
      sink.end();
      state = { kind: 'block' };
    }
  }

  function endMeta(bytes: Uint8Array): void {
    if (state.kind !== 'meta') return;
    const { header, at } = state;
    builder.extend(header, bytes, at);
    skip(padded(header.size) - header.size);
  }

  function takeRest(end: State & { kind: 'end' }, bytes: Uint8Array): number {
    const length = Math.min(bytes.length, zeros.length);
    if (end.told || Buffer.compare(bytes.subarray(0, length), zeros.subarray(0, length)) === 0) return length;
    end.told = true;
    const offset = position + bytes.findIndex((byte) => byte !== 0);
    sink.anomaly({ kind: 'trailing-data', offset, detail: 'bytes after its end' });
    return length;
  }
}
