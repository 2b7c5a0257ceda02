package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// remote is the inputs that all tasks that connect to a Git server have.
type remote struct {
	url, httpProxy, httpsProxy, noProxy builder.String
	ssh, basicAuth, ca                  builder.Workspace
}

// step adds a step with these inputs in its environment.
func (r remote) step(t *builder.Task, name string, image builder.TaskString) *builder.Step {
	ssh := t.Workspace("ssh", r.ssh, builder.Optional(), builder.ReadOnly(),
		builder.Describe("private keys, known_hosts and optionally config"))
	login := t.Workspace("basic-auth", r.basicAuth, builder.Optional(), builder.ReadOnly(),
		builder.Describe("username and password, or .gitconfig and .git-credentials"))
	ca := t.Workspace("ca", r.ca, builder.Optional(), builder.ReadOnly(),
		builder.Describe("certificate authorities to trust: ca-bundle.crt"))
	s := t.Step(name).Image(image).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("URL", t.Param("url", r.url, builder.Describe("URL of the repository"))).
		Env("HTTP_PROXY_URL", t.Param("http-proxy", r.httpProxy, builder.Default(""),
			builder.Describe("proxy for http URLs"))).
		Env("HTTPS_PROXY_URL", t.Param("https-proxy", r.httpsProxy, builder.Default(""),
			builder.Describe("proxy for https URLs"))).
		Env("NO_PROXY_HOSTS", t.Param("no-proxy", r.noProxy, builder.Default(""),
			builder.Describe("hosts to reach without a proxy, separated by commas")))
	bind(s, "SSH", ssh)
	bind(s, "BASIC_AUTH", login)
	bind(s, "CA", ca)
	return s
}
