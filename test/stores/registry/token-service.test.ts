import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import { tokenServiceOf } from '../../../src/stores/registry/token-service.ts';

/** `known`: it may see our credentials. */
function judge(registry: string, realm: string): string {
  try {
    return tokenServiceOf(realm, new URL(registry)).withheld === undefined ? 'known' : 'stranger';
  } catch (error) {
    if (isMlbomError(error)) return `${error.code} ${error.rule}`;
    throw error;
  }
}

describe('a token service', () => {
  it.each([
    ['https://registry.example.org', 'https://registry.example.org/token'],
    ['https://registry.example.org:5000', 'https://registry.example.org:5001/token'],
    ['https://registry.example.org', 'https://auth.example.org/token'],
    ['https://registry.example.org', 'https://example.org/jwt/auth'],
    ['https://registry.company.co.uk', 'https://auth.company.co.uk/token'],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/token'],
  ])('of %s at %s may know credentials', (registry, realm) => {
    expect(judge(registry, realm)).toBe('known');
  });

  it.each([
    ['https://registry.example.org', 'https://example.com/token'],
    ['https://registry.example.org', 'https://registry.example.org.evil.example/token'],
    ['https://registry.first.co.uk', 'https://auth.second.co.uk/token'],
    ['https://first.azurecr.io', 'https://second.azurecr.io/token'],
    ['https://a.s3.amazonaws.com', 'https://b.s3.amazonaws.com/token'],
    ['https://198.51.100.7', 'https://203.0.100.7/token'],
    ['https://quay.io', 'https://auth.docker.io/token'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5001/token'],
  ])('of %s at %s is a stranger', (registry, realm) => {
    expect(judge(registry, realm)).toBe('stranger');
  });

  it.each([
    ['https://registry.example.org', 'http://registry.example.org/token'],
    ['https://registry.example.org', 'https://user:password@registry.example.org/token'],
    ['https://registry.example.org', 'ftp://registry.example.org/token'],
    ['https://registry.example.org', 'file:///etc/passwd'],
    ['https://registry.example.org', '/token'],
    ['https://registry.example.org', ''],
  ])('of %s at %s is not asked', (registry, realm) => {
    expect(judge(registry, realm)).toBe('E_UNREACHABLE auth-realm');
  });
});
