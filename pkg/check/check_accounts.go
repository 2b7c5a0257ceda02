package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// account looks up the service account that something names: row 57.
func (c *checker) account(s spot, name string) {
	c.wants(s, want{kind: "ServiceAccount", name: name})
}

// noAccount checks the account that a run gets which names none.
func (c *checker) noAccount(s spot, name string) {
	if name == "" {
		c.account(s, c.profile.DefaultServiceAccount)
	}
}

// serviceAccount checks the Secrets that an account lists.
func (c *checker) serviceAccount(e *entry, o *corev1.ServiceAccount) {
	s := in(e, "")
	for i := range o.Secrets {
		name := o.Secrets[i].Name
		at := s.index("secrets", i).field("name")
		if strings.HasPrefix(name, e.ref.Name+"-token-") || strings.HasPrefix(name, e.ref.Name+"-dockercfg-") {
			continue // made by Kubernetes
		}
		found := c.wants(at, want{kind: "Secret", name: name, mild: true})
		if found == nil {
			continue
		}
		if secret, ok := found.kube.(*corev1.Secret); ok && len(hosts(secret)) == 0 && (secret.Type == corev1.SecretTypeBasicAuth || secret.Type == corev1.SecretTypeSSHAuth) {
			c.warn(at, "secret-ignored", name, e.ref.String()+" lists "+found.ref.String()+" of type "+string(secret.Type)+", which says no host, so Tekton gives it to nobody",
				"annotate the Secret with its host: tekton.dev/git-0", in(found, "metadata").related(found.ref.String()+" has no such annotation"))
		}
	}
	for i := range o.ImagePullSecrets {
		c.pullSecret(s.index("imagePullSecrets", i).field("name"), o.ImagePullSecrets[i].Name)
	}
}

// pullSecret checks a Secret that images are pulled with.
func (c *checker) pullSecret(s spot, name string) {
	found := c.wants(s, want{kind: "Secret", name: name, mild: true})
	if found == nil {
		return
	}
	secret, ok := found.kube.(*corev1.Secret)
	if !ok || secret.Type == corev1.SecretTypeDockerConfigJson || secret.Type == corev1.SecretTypeDockercfg {
		return
	}
	kind := string(secret.Type)
	if kind == "" {
		kind = string(corev1.SecretTypeOpaque)
	}
	c.warn(s, "secret-ignored", name, found.ref.String()+" is of type "+kind+", so no image is pulled with it", "make it of type "+string(corev1.SecretTypeDockerConfigJson),
		in(found, "type").related(found.ref.String()+" is declared"))
}
