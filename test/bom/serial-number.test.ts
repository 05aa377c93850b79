import { expect, test } from 'vitest';
import { serialNumberOf } from '../../src/bom/serial-number.ts';
import type { Bom } from '../../src/core/bom.ts';
import { sha256 } from '../../src/core/digest.ts';

const bom: Bom = { bomFormat: 'CycloneDX', specVersion: '1.7', components: [{ type: 'file', name: 'a' }] };

test('is a version 8 UUID with the bits of the digest of the content', () => {
  const hex = sha256(
    '{"bomFormat":"CycloneDX","components":[{"name":"a","type":"file"}],"specVersion":"1.7"}',
  );
  const serial = serialNumberOf(bom);
  expect(serial).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(serial.slice('urn:uuid:'.length).replaceAll('-', '').slice(0, 12)).toBe(hex.slice(0, 12));
  expect(serial.slice(-12)).toBe(hex.slice(20, 32));
});

test('does not depend on the order of members, nor on the serial number that is there', () => {
  const turned = {
    ...Object.fromEntries(Object.entries(bom).reverse()),
    serialNumber: 'urn:uuid:x',
  } as unknown as Bom;
  expect(serialNumberOf(turned)).toBe(serialNumberOf(bom));
  expect(turned.serialNumber).toBe('urn:uuid:x');
});

test('differs for another content', () => {
  expect(serialNumberOf({ ...bom, components: [{ type: 'file', name: 'b' }] })).not.toBe(serialNumberOf(bom));
});
