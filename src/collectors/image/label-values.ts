import { isSecretName, plainValue } from './plain-value.ts';

/** OCI image-spec 1.1, annotations.md; label-schema.org before it; what the makers of AI images and base images write. */
const known =
  /^(?:org\.opencontainers\.image\.[a-z.]{1,32}|org\.label-schema\.(?:build-date|description|name|schema-version|url|usage|vcs-ref|vcs-url|vendor|version)|com\.nvidia\.[a-z0-9._-]{1,64}|com\.amazonaws\.(?:ml\.engines\.)?sagemaker\.[a-z0-9._-]{1,128}|io\.buildah\.version|com\.(?:redhat|ibm)\.[a-z0-9._-]{1,64}|io\.(?:k8s|openshift)\.[a-z0-9._-]{1,64}|ml\.kitops\.[a-z0-9._-]{1,64}|org\.cncf\.model\.[a-z0-9._+-]{1,64}|ai\.[a-z0-9._-]{1,64})$/;
/** Names without a prefix, as Red Hat's and older images have them. */
const plain = new Set(
  'maintainer name version release vendor summary description architecture build-date vcs-ref vcs-type url distribution-scope'.split(
    ' ',
  ),
);

/** `name=value`, or the name alone where the value may be a secret or nobody knows what it is. */
export function labelTexts(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .slice(0, most)
    .flatMap(([name, text]): string[] => {
      if (!/^[A-Za-z0-9][\w./-]{0,127}$/.test(name)) return [];
      const isShown = (known.test(name) || plain.has(name)) && !isSecretName(name);
      const value = isShown ? plainValue(text) : undefined;
      return [value === undefined ? name : `${name}=${value}`];
    });
}

/** Labels of one image; those of SageMaker's have about a hundred. */
const most = 1000;
