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

// BasicAuth declares username and password for Git hosts. A host is a URL, or
// that of one repository; with any, a ServiceAccount that lists the Secret
// makes Tekton give it to git. Without, it is for a workspace:
//
//	infra.BasicAuth("gitlab-auth", "https://git.example.com")
//	run := p.Run("release-", git.Secret("gitlab-auth")) // git is GitClone's BasicAuth
func BasicAuth(name string, hosts ...string) *Secret {
	s := newSecret(callsite.Here(), name, corev1.SecretTypeBasicAuth,
		secretKey{name: corev1.BasicAuthUsernameKey}, secretKey{name: corev1.BasicAuthPasswordKey})
	s.hosts, s.host = appendNames(nil, s.at, hosts), urlHost
	return s
}

// SSHAuth declares a private key for Git hosts, and the known_hosts that they
// are told apart from impostors by. A host has no scheme: "git.example.com",
// "git.example.com:2222", or that of one repository, "github.com/team/app".
func SSHAuth(name string, hosts ...string) *Secret {
	s := newSecret(callsite.Here(), name, corev1.SecretTypeSSHAuth,
		secretKey{name: corev1.SSHAuthPrivateKey, file: true}, secretKey{name: "known_hosts", file: true})
	s.hosts, s.host = appendNames(nil, s.at, hosts), sshHost
	return s
}

// DockerConfig declares credentials of registries, as docker login writes them
// to config.json. It serves as a workspace of the image tasks, as a Secret of a
// ServiceAccount, and as one to pull images with.
func DockerConfig(name string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeDockerConfigJson,
		secretKey{name: corev1.DockerConfigJsonKey, file: true})
}

// Kubeconfig declares a kubeconfig under the key config, where the tasks that
// deploy look for it in their workspace.
func Kubeconfig(name string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeOpaque, secretKey{name: "config", file: true})
}

// WebhookToken declares the secret that a Git host signs its webhooks with.
func WebhookToken(name, key string) *Secret {
	return newSecret(callsite.Here(), name, corev1.SecretTypeOpaque, secretKey{name: key})
}

// hostKey is the annotation of a Git host.
func hostKey(i int) string { return "tekton.dev/git-" + strconv.Itoa(i) }

// urlHost reports what cannot be the URL of a Git host.
func urlHost(l *lowering, h named, path diag.Path) {
	u, err := url.Parse(h.name)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(h.name, notInHosts) {
		l.report(h.at, path, "host-invalid", h.name, "host "+q(h.name)+" is not the URL of a Git host",
			`write it with its scheme: "https://git.example.com"`)
	}
}

// sshHost reports what cannot be a host for ssh.
func sshHost(l *lowering, h named, path diag.Path) {
	host, repository, _ := strings.Cut(h.name, "/")
	host, port, hasPort := strings.Cut(host, ":")
	n, err := strconv.Atoi(port)
	if len(validation.IsDNS1123Subdomain(strings.ToLower(host))) > 0 || hasPort && (err != nil || n < 1 || n > 65535) ||
		strings.ContainsAny(repository, notInHosts+":") {
		l.report(h.at, path, "host-invalid", h.name, "host "+q(h.name)+" is not a host for ssh",
			`write it without scheme: "git.example.com" or "git.example.com:2222"`)
	}
}

// notInHosts is what Tekton, which passes hosts on as secret=host, cannot tell
// from what parts them.
const notInHosts = "= \t\n"

// gitHosts reports hosts that will not do. One that holds a user may hold a
// password, which no message repeats.
func (s *Secret) gitHosts(l *lowering) {
	hosts := l.once("host")
	for i, h := range s.hosts {
		path := diag.Fields("metadata", "annotations").Key(hostKey(i))
		l.put(path, h.at)
		if !l.plain(h.at, path, "host", h.name) || !hosts.first(h.at, path, h.name) {
			continue
		}
		if at := strings.LastIndexByte(h.name, '@'); at >= 0 {
			host := h.name[at+1:]
			l.report(h.at, path, "host-invalid", host, "host "+q(host)+" is given with a user", "leave the user out: who it is stands in the Secret")
			continue
		}
		s.host(l, h, path)
	}
}
