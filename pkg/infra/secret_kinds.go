package infra

import (
	"net/url"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// BasicAuth declares a user name and a password for Git hosts. A host is a URL, of a
// host or of one repository. If there are hosts, Tekton passes the Secret to git in
// all runs whose service account lists it. Without hosts, the Secret is for use in a
// workspace:
//
//	infra.BasicAuth("gitlab-auth", "https://git.example.com")
//	run := p.Run("release-", git.Secret("gitlab-auth")) // git is GitClone's BasicAuth
func BasicAuth(name string, hosts ...string) *Secret {
	s := newSecret(callsite.Here(), name, corev1.SecretTypeBasicAuth,
		secretKey{name: corev1.BasicAuthUsernameKey}, secretKey{name: corev1.BasicAuthPasswordKey})
	s.hosts, s.host = appendNames(nil, s.at, hosts), urlHost
	return s
}

// SSHAuth declares a private key for Git hosts, and the known_hosts file with their
// public keys. A host has no scheme: "git.example.com", "git.example.com:2222", or
// "github.com/team/app" for one repository.
func SSHAuth(name string, hosts ...string) *Secret {
	s := newSecret(callsite.Here(), name, corev1.SecretTypeSSHAuth,
		secretKey{name: corev1.SSHAuthPrivateKey, file: true}, secretKey{name: "known_hosts", file: true})
	s.hosts, s.host = appendNames(nil, s.at, hosts), sshHost
	return s
}

// DockerConfig declares registry credentials in the format of the config.json that
// docker login writes. Use it in a workspace of a task that builds images, as a
// Secret of a service account, or as an image pull Secret.
func DockerConfig(name string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeDockerConfigJson,
		secretKey{name: corev1.DockerConfigJsonKey, file: true})
}

// TLSSecret declares a certificate and its private key, for the TLS of an [Ingress]. If
// cert-manager makes it, as an annotation of the Ingress asks for, say so with OwnedBy:
//
//	infra.TLSSecret("hooks-tls").OwnedBy("cert-manager")
//	infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").
//		Annotate("cert-manager.io/cluster-issuer", "letsencrypt").Path("/", listener)
func TLSSecret(name string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeTLS,
		secretKey{name: corev1.TLSCertKey, file: true}, secretKey{name: corev1.TLSPrivateKeyKey, file: true})
}

// Kubeconfig declares a kubeconfig file with the key config, which the deployment
// tasks expect in their workspace.
func Kubeconfig(name string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeOpaque, secretKey{name: "config", file: true})
}

// WebhookSecret declares the secret with which a Git host signs its webhooks.
func WebhookSecret(name, key string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeOpaque, secretKey{name: key})
}

// hostKey returns the key of the annotation for a Git host.
func hostKey(i int) string { return "tekton.dev/git-" + strconv.Itoa(i) }

// urlHost reports an invalid URL of a Git host.
func urlHost(l *lowering, h named, path diag.Path) {
	u, err := url.Parse(h.name)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(h.name, notInHosts) {
		l.report(h.at, path, "host-invalid", h.name, "the host "+q(h.name)+" is not a valid URL of a Git host",
			`write a URL such as "https://git.example.com"`)
	}
}

// sshHost reports an invalid SSH host.
func sshHost(l *lowering, h named, path diag.Path) {
	host, repository, _ := strings.Cut(h.name, "/")
	host, port, hasPort := strings.Cut(host, ":")
	n, err := strconv.Atoi(port)
	if len(validation.IsDNS1123Subdomain(strings.ToLower(host))) > 0 || hasPort && (err != nil || n < 1 || n > 65535) ||
		strings.ContainsAny(repository, notInHosts+":") {
		l.report(h.at, path, "host-invalid", h.name, "the host "+q(h.name)+" is not a valid SSH host",
			`write a host and an optional port, without a scheme: "git.example.com" or "git.example.com:2222"`)
	}
}

// notInHosts are separators for Tekton, which passes hosts on as secret=host.
const notInHosts = "= \t\n"

// gitHosts reports invalid hosts. A host with a user may contain a password, which
// must not appear in a message.
func (s *Secret) gitHosts(l *lowering) {
	hosts := l.once("host", "host")
	for i, h := range s.hosts {
		path := diag.Fields("metadata", "annotations").Key(hostKey(i))
		l.put(path, h.at)
		if !l.plain(h.at, path, "a host", h.name) || !hosts.first(h.at, path, h.name) {
			continue
		}
		if at := strings.LastIndexByte(h.name, '@'); at >= 0 {
			host := h.name[at+1:]
			l.report(h.at, path, "host-invalid", host, "host "+q(host)+" is written with a user name", "remove the user name: it belongs in the Secret")
			continue
		}
		s.host(l, h, path)
	}
}
